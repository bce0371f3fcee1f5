//! The configuration: six layers, merged with figment, of which each value knows its own.

mod file;
mod mfa;
mod origin;
mod places;
mod project;
mod settings;
mod shape;
mod snippet;
mod variables;
mod vault;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use figment::value::{Dict, Map, Value};
use figment::{Figment, Metadata, Profile, Provider};
use rolewrap_core::Environment;
use serde::{Deserialize, Serialize};

use crate::error::Error;
use file::File;

pub(crate) use mfa::MfaKeys;
pub(crate) use origin::{Layer, Origin};
pub(crate) use places::{Places, cache_folder};
pub(crate) use project::FILE_NAME as PROJECT_FILE_NAME;
pub(crate) use settings::{AccountSection, Flag, PathRule, Scalar, Settings, SourceOrder, SourceSection};
pub(crate) use variables::{MFA_TOKEN, SESSION_MARKER, VARIABLES, text as variable, truth};
pub(crate) use vault::{VaultAuthSection, VaultSection};

const BUILT_IN: &str = include_str!("default.toml");

/// The JSON Schema of a configuration file, for editors.
pub(crate) const SCHEMA: &str = include_str!("schema.json");

/// The merged configuration.
#[derive(Debug)]
pub(crate) struct Configuration {
    pub(crate) settings: Settings,
    figment: Figment,
    records: Vec<Record>,
}

/// One layer, as it was read.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Record {
    /// The name that figment gives back for a value; no two layers have the same.
    name: String,
    layer: Layer,
    path: Option<PathBuf>,
    lines: BTreeMap<String, usize>,
    values: Dict,
}

impl Record {
    /// Where the value of `key` stands: the option, the variable, or the file and line.
    fn place(&self, key: &str) -> String {
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

impl Configuration {
    /// Reads and merges all layers. `options` are key, option and value of those given on the command line.
    pub(crate) fn load(
        environment: &dyn Environment,
        places: &Places,
        options: &[(&'static str, &'static str, String)],
    ) -> Result<Self, Error> {
        variables::refuse_unknown(environment)?;
        variables::refuse_empty(environment)?;
        variables::refuse_sdk_partitions(environment)?;
        let mut layers = Layers::default();
        layers.file(File::parse(Layer::BuiltIn, Path::new("default.toml"), BUILT_IN)?);
        if let Some(path) = &places.system {
            layers.files(File::read(Layer::System, path)?);
        }
        if let Some(user) = &places.user {
            layers.files(user.read()?);
        }
        if let Some(path) = &places.project {
            project::refuse_foreign_owner(path)?;
            if let Some(file) = File::read(Layer::Project, path)? {
                layers.refuse_changed_accounts(&file)?;
                layers.file(file);
            }
        }
        for (key, name, value) in variables::values(environment)? {
            layers.value(Layer::Variable, key, name, value);
        }
        for (key, name, value) in options {
            layers.value(Layer::Option, key, name, value.clone());
        }
        layers.merge()
    }

    /// The layers, lowest first.
    pub(crate) fn layers(&self) -> &[Record] {
        &self.records
    }

    /// The configuration of layers that were read earlier, whatever has become of the files since.
    pub(crate) fn of_layers(records: Vec<Record>) -> Result<Self, Error> {
        let mut layers = Layers::default();
        for record in records {
            layers.add(record);
        }
        layers.merge()
    }

    /// Where the value of `key`, a dotted path, came from.
    pub(crate) fn origin(&self, key: &str) -> Origin {
        // The items of a list come from where the whole list does: a later layer replaces all of them.
        let key = key.split_once('[').map_or(key, |(list, _)| list);
        let Some(record) = self.record(key) else {
            return Origin::built_in();
        };
        let place = if record.layer == Layer::BuiltIn {
            String::new()
        } else {
            record.place(key)
        };
        Origin {
            layer: record.layer,
            place,
        }
    }

    /// The same where some layer has the key.
    pub(crate) fn known_origin(&self, key: &str) -> Option<Origin> {
        self.record(key).map(|_| self.origin(key))
    }

    /// The directory of the file that the value of `key` came from.
    pub(crate) fn directory_of(&self, key: &str) -> Option<&Path> {
        self.record(key)?.path.as_deref()?.parent()
    }

    /// Every value with its dotted key, sorted by key.
    pub(crate) fn values(&self) -> Vec<(String, String)> {
        let mut values = Vec::new();
        if let Ok(all) = self.figment.find_value("") {
            flatten(&all, String::new(), &mut values);
        }
        values
    }

    fn record(&self, key: &str) -> Option<&Record> {
        let name = &self.figment.find_metadata(key)?.name;
        self.records.iter().find(|record| record.name == *name)
    }
}

/// The layers read so far, lowest first.
#[derive(Default)]
struct Layers {
    figment: Figment,
    records: Vec<Record>,
}

impl Layers {
    fn files(&mut self, file: Option<File>) {
        if let Some(file) = file {
            self.file(file);
        }
    }

    fn file(&mut self, file: File) {
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
    fn refuse_changed_accounts(&self, project: &File) -> Result<(), Error> {
        let accounts = project.values.get("accounts").and_then(Value::as_dict);
        for (name, account) in accounts.into_iter().flatten() {
            let account_key = format!("accounts.{name}");
            for (key, value) in account.as_dict().into_iter().flatten() {
                let is_way = key == "via";
                let key = format!("{account_key}.{key}");
                let own = self.figment.find_value(&key);
                if own.as_ref().is_ok_and(|own| toml_text(own) != toml_text(value)) {
                    let what = format!("says something else about {key} than the file below it");
                    return Err(self.changed_account(&what, &key, &key, project));
                }
                if own.is_err() && is_way && self.figment.contains(&account_key) {
                    let what = format!("may not add {key} to an account of the file below it");
                    return Err(self.changed_account(&what, &key, &account_key, project));
                }
            }
        }
        Ok(())
    }

    /// What the project file does about `key`, with where it stands there, and where `own` stands in the file below.
    fn changed_account(&self, what: &str, key: &str, own: &str, project: &File) -> Error {
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
        error.hint("rename one of the two accounts, or make both say the same")
    }

    fn value(&mut self, layer: Layer, key: &str, name: &str, value: String) {
        let values = figment::util::nest(key, Value::from(value))
            .into_dict()
            .unwrap_or_default();
        self.add(Record {
            name: name.to_owned(),
            layer,
            path: None,
            lines: BTreeMap::new(),
            values,
        });
    }

    fn add(&mut self, record: Record) {
        let values = Values {
            name: record.name.clone(),
            values: record.values.clone(),
        };
        self.figment = std::mem::take(&mut self.figment).merge(values);
        self.records.push(record);
    }

    fn merge(self) -> Result<Configuration, Error> {
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

fn flatten(value: &Value, path: String, values: &mut Vec<(String, String)>) {
    match value {
        Value::Dict(_, dict) => {
            for (key, value) in dict {
                let path = if path.is_empty() {
                    key.clone()
                } else {
                    format!("{path}.{key}")
                };
                flatten(value, path, values);
            }
        }
        Value::Array(_, items) if items.iter().any(|item| item.as_dict().is_some()) => {
            for (index, item) in items.iter().enumerate() {
                flatten(item, format!("{path}[{index}]"), values);
            }
        }
        other => values.push((path, toml_text(other))),
    }
}

/// A value as it would be written in a file.
fn toml_text(value: &Value) -> String {
    match value {
        Value::Array(_, items) => format!("[{}]", items.iter().map(toml_text).collect::<Vec<_>>().join(", ")),
        Value::Bool(_, flag) => flag.to_string(),
        Value::Num(_, number) => number
            .to_i128()
            .map_or_else(String::new, |number| number.to_string()),
        other => format!("{:?}", other.as_str().unwrap_or_default()),
    }
}

#[cfg(test)]
mod tests;
