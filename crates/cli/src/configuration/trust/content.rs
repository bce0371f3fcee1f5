use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use figment::value::{Dict, Value};
use serde::{Deserialize, Serialize};

use super::{Digest, NamedFile, TrustNeed};
use crate::configuration::value_text::flatten;
use crate::error::Error;

/// The part of a project file that needs trust, with the state of each file of the repository that it names.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct TrustedContent {
    /// What the file says, as far as it needs trust.
    says: Dict,
    /// The files, by the text that names each.
    files: BTreeMap<String, NamedFile>,
    /// The root of the repository.
    root: PathBuf,
}

impl TrustedContent {
    /// The part of `values`, of the project file in `folder`, that `needs` name.
    ///
    /// # Errors
    /// A file that it names cannot be read.
    pub(in crate::configuration) fn of(
        values: &Dict,
        needs: &[TrustNeed],
        folder: &Path,
        root: &Path,
    ) -> Result<Self, Error> {
        let mut says = Dict::new();
        for need in needs {
            copy(values, &need.path, &mut says);
        }
        let mut texts = BTreeSet::new();
        for value in says.values() {
            collect_texts(value, &mut texts);
        }
        let mut files = BTreeMap::new();
        for text in texts.into_iter().flat_map(named_within) {
            if let Some(file) = NamedFile::find(text, folder, root)? {
                files.insert(text.to_owned(), file);
            }
        }
        Ok(Self {
            says,
            files,
            root: root.to_owned(),
        })
    }

    /// What trust is in. It does not depend on where the repository lies, so worktrees and clones share it.
    pub(crate) fn digest(&self) -> Digest {
        let files: BTreeMap<&String, &String> = self
            .files
            .iter()
            .map(|(name, file)| (name, &file.state))
            .collect();
        let document = serde_json::json!({
            "version": 1,
            "says": self.says.iter().map(|(key, value)| (key.clone(), json(value))).collect::<BTreeMap<_, _>>(),
            "files": files,
        });
        // Maps are sorted, so one content has one text.
        Digest::of(document.to_string().as_bytes())
    }

    /// The same for a person: a line for each value, and one for each file.
    pub(crate) fn lines(&self) -> Vec<String> {
        let mut values = Vec::new();
        flatten(&Value::from(self.says.clone()), String::new(), &mut values);
        let values = values.into_iter().map(|(key, value)| format!("{key} = {value}"));
        let files = self
            .files
            .iter()
            .map(|(name, file)| format!("file {name}: {}", file.state));
        values.chain(files).collect()
    }

    /// Refuses to go on where one of the files is no longer what trust is in.
    ///
    /// # Errors
    /// Such a file.
    pub(crate) fn refuse_changed_files(&self) -> Result<(), Error> {
        self.files
            .values()
            .try_for_each(|file| file.refuse_change(&self.root))
    }
}

/// Copies what stands at `path` in `from` to the same place in `to`.
fn copy(from: &Dict, path: &[String], to: &mut Dict) {
    let Some((name, rest)) = path.split_first() else {
        return;
    };
    let Some(value) = from.get(name) else { return };
    match value.as_dict().filter(|_| !rest.is_empty()) {
        None => {
            to.insert(name.clone(), value.clone());
        }
        Some(inner) => {
            let there = to.entry(name.clone()).or_insert_with(|| Value::from(Dict::new()));
            if let Value::Dict(_, there) = there {
                copy(inner, rest, there);
            }
        }
    }
}

/// What may be the name of a file in `text`: all of it, and each of its words, such as the script in a line for a shell.
fn named_within(text: &str) -> impl Iterator<Item = &str> {
    let is_between = |character: char| character.is_whitespace() || "=:,;'\"`()<>|&".contains(character);
    let words = text.split(is_between).filter(|word| !word.is_empty());
    std::iter::once(text).chain(words)
}

fn collect_texts<'a>(value: &'a Value, texts: &mut BTreeSet<&'a str>) {
    match value {
        Value::String(_, text) => {
            texts.insert(text);
        }
        Value::Dict(_, dict) => dict.values().for_each(|value| collect_texts(value, texts)),
        Value::Array(_, items) => items.iter().for_each(|value| collect_texts(value, texts)),
        _ => {}
    }
}

fn json(value: &Value) -> serde_json::Value {
    match value {
        Value::Dict(_, dict) => dict
            .iter()
            .map(|(key, value)| (key.clone(), json(value)))
            .collect(),
        Value::Array(_, items) => items.iter().map(json).collect(),
        Value::Bool(_, flag) => (*flag).into(),
        Value::Num(_, number) => number
            .to_i128()
            .and_then(|number| i64::try_from(number).ok())
            .map_or_else(|| number.to_f64().into(), Into::into),
        other => other.as_str().into(),
    }
}
