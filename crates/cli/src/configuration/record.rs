use std::collections::BTreeMap;
use std::path::PathBuf;

use figment::value::Dict;
use serde::{Deserialize, Serialize};

use super::Layer;
use super::trust::TrustedContent;

/// One layer, as it was read.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Record {
    /// The name that figment gives back for a value; no two layers have the same.
    pub(super) name: String,
    pub(super) layer: Layer,
    pub(super) path: Option<PathBuf>,
    pub(super) lines: BTreeMap<String, usize>,
    pub(super) values: Dict,
    /// What of a project file counts because its content is trusted.
    pub(super) trusted: Option<TrustedContent>,
}

impl Record {
    /// Where the value of `key` stands: the option, the variable, or the file and line.
    pub(super) fn place(&self, key: &str) -> String {
        let list = || self.lines.get(key.split_once('[')?.0);
        match (&self.path, self.lines.get(key).or_else(list)) {
            (Some(path), Some(line)) => format!("{}:{line}", path.display()),
            (Some(path), None) => path.display().to_string(),
            (None, _) => self.name.clone(),
        }
    }
}
