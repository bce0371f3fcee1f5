use std::collections::BTreeMap;
use std::path::PathBuf;

use figment::value::{Dict, Map, Value};
use figment::{Figment, Metadata, Profile, Provider};
use serde::{Deserialize, Serialize};

use super::file::File;
use super::value_text::toml_text;
use super::{Configuration, Layer, Origin, Settings, listed};
use crate::error::Error;

/// One layer, as it was read.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Record {
    /// The name that figment gives back for a value; no two layers have the same.
    pub(super) name: String,
    pub(super) layer: Layer,
    pub(super) path: Option<PathBuf>,
    lines: BTreeMap<String, usize>,
    values: Dict,
}

impl Record {
    /// Where the value of `key` stands: the option, the variable, or the file and line.
    pub(super) fn place(&self, key: &str) -> String {
        match (&self.path, self.lines.get(key)) {
            (Some(path), Some(line)) => format!("{}:{line}", path.display()),
            (Some(path), None) => path.display().to_string(),
            (None, _) => self.name.clone(),
        }
    }
}

/// One layer's values, for figment.
struct Values {
    name: String,
    values: Dict,
}

impl Provider for Values {
    fn metadata(&self) -> Metadata {
        Metadata::named(self.name.clone())
    }

    fn data(&self) -> Result<Map<Profile, Dict>, figment::Error> {
        Ok(Profile::Default.collect(self.values.clone()))
    }
}

/// The layers read so far, lowest first.
#[derive(Default)]
pub(super) struct Layers {
    figment: Figment,
    records: Vec<Record>,
}

impl Layers {
    pub(super) fn files(&mut self, file: Option<File>) {
        if let Some(file) = file {
            self.file(file);
        }
    }

    pub(super) fn file(&mut self, file: File) {
        // The layer is part of the name because one file can be two layers: a home directory with a project.
        let name = format!("{} {}", file.layer.name(), file.path.display());
        self.add(Record {
            name,
            layer: file.layer,
            path: Some(file.path),
            lines: file.lines,
            values: file.values,
        });
    }

    /// Refuses a project file that says something else about an account than the files below it. What `prod` is, in
    /// a file of your own, is not for a repository to decide; it may add what is not said there, except who assumes its
    /// role: a way through somebody else's role would show them what is asked for.
    pub(super) fn refuse_changed_accounts(&self, project: &File) -> Result<(), Error> {
        let accounts = project.values.get("accounts").and_then(Value::as_dict);
        for (name, account) in accounts.into_iter().flatten() {
            let account_key = format!("accounts.{name}");
            for (key, value) in account.as_dict().into_iter().flatten() {
                let is_way = key == "via";
                let key = format!("{account_key}.{key}");
                let own = self.figment.find_value(&key);
                if own.as_ref().is_ok_and(|own| !says_the_same(&key, own, value)) {
                    let what = format!("says something else about {key} than the file below it");
                    return Err(self.changed_by_project(&what, &key, &key, project));
                }
                if own.is_err() && is_way && self.figment.contains(&account_key) {
                    let what = format!("may not add {key} to an account of the file below it");
                    return Err(self.changed_by_project(&what, &key, &account_key, project));
                }
            }
        }
        Ok(())
    }

    /// Refuses a project file that puts another session policy in the place of one that a file below it sets for all
    /// accounts: that is a limit, and not for a repository to lift.
    pub(super) fn refuse_lifted_limits(&self, project: &File) -> Result<(), Error> {
        for limit in ["policy", "policy_arns"] {
            let Ok(own) = self.figment.find_value(limit) else {
                continue;
            };
            let accounts = project.values.get("accounts").and_then(Value::as_dict);
            let of_accounts = accounts.into_iter().flatten().filter_map(|(name, account)| {
                let value = account.as_dict()?.get(limit)?;
                Some((format!("accounts.{name}.{limit}"), value))
            });
            let at_the_top = project.values.get(limit).map(|value| (limit.to_owned(), value));
            for (key, value) in at_the_top.into_iter().chain(of_accounts) {
                if !says_the_same(&key, &own, value) {
                    let what =
                        format!("may not set {key}, because the file below it sets {limit} for all accounts");
                    return Err(self.changed_by_project(&what, &key, limit, project));
                }
            }
        }
        Ok(())
    }

    /// What the project file does about `key`, with where it stands there, and where `own` stands in the file below.
    fn changed_by_project(&self, what: &str, key: &str, own: &str, project: &File) -> Error {
        let metadata = self.figment.find_metadata(own);
        let record = self
            .records
            .iter()
            .find(|record| metadata.is_some_and(|found| found.name == record.name));
        let line = project.lines.get(key).copied().unwrap_or_default();
        let error =
            Error::new(format!("the project file {what}")).from(format!("{}:{line}", project.path.display()));
        let error = record
            .iter()
            .fold(error, |error, record| error.from(record.place(own)));
        error.hint(if own.starts_with("accounts.") {
            "rename one of the two accounts, or make both say the same"
        } else {
            "remove it from the project file, or make both say the same"
        })
    }

    pub(super) fn value(&mut self, layer: Layer, key: &str, name: &str, value: &str) -> Result<(), Error> {
        let origin = Origin {
            layer,
            place: name.to_owned(),
        };
        let values = figment::util::nest(key, listed::value(key, value, &origin)?)
            .into_dict()
            .unwrap_or_default();
        self.add(Record {
            name: name.to_owned(),
            layer,
            path: None,
            lines: BTreeMap::new(),
            values,
        });
        Ok(())
    }

    pub(super) fn add(&mut self, record: Record) {
        let values = Values {
            name: record.name.clone(),
            values: record.values.clone(),
        };
        self.figment = std::mem::take(&mut self.figment).merge(values);
        self.records.push(record);
    }

    pub(super) fn merge(self) -> Result<Configuration, Error> {
        // Each file was checked by itself, and variables are text, so this fails only where two layers give
        // one key different shapes.
        let settings = self.figment.extract::<Settings>().map_err(|error| {
            Error::new("the layers of the configuration do not fit together").cause(error)
        })?;
        Ok(Configuration {
            settings,
            figment: self.figment,
            records: self.records,
        })
    }
}

/// Whether two files say the same with these values of `key`. A policy's file is named from the folder of the file that
/// names it, so the same relative path in two places is not the same.
fn says_the_same(key: &str, own: &Value, other: &Value) -> bool {
    let is_relative = |text: &str| !text.trim_start().starts_with(['/', '{']);
    let is_policy = key.rsplit('.').next() == Some("policy");
    toml_text(own) == toml_text(other) && !(is_policy && other.as_str().is_some_and(is_relative))
}
