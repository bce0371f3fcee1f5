use std::path::Path;

use figment::Figment;
use figment::value::{Dict, Value};

use super::file::File;
use super::origin::Layer;
use super::record::Record;
use super::value_text::toml_text;
use crate::error::Error;

/// What the files below a project file say, and the project file that is held against them.
#[derive(Clone, Copy)]
pub(super) struct FilesBelow<'a> {
    pub(super) figment: &'a Figment,
    /// All that the files below say, merged.
    pub(super) merged: &'a Value,
    pub(super) records: &'a [Record],
    pub(super) project: &'a File,
}

impl<'a> FilesBelow<'a> {
    /// The value of `key`, where a file says one. What is built in was chosen by nobody.
    pub(super) fn value(&self, key: &str) -> Option<&'a Value> {
        let value = self.merged.find_ref(key)?;
        self.record(value)
            .is_none_or(|record| record.layer > Layer::BuiltIn)
            .then_some(value)
    }

    /// The table of `key`, or an empty one.
    pub(super) fn table(&self, key: &str) -> &'a Dict {
        static EMPTY: Dict = Dict::new();
        self.value(key).and_then(Value::as_dict).unwrap_or(&EMPTY)
    }

    /// The accounts of the files below that are tables, by name.
    pub(super) fn accounts(&self) -> impl Iterator<Item = (&'a str, &'a Dict)> + use<'a> {
        tables(self.table("accounts"))
    }

    /// The account of this name in the files below.
    pub(super) fn account(&self, name: &str) -> Option<&'a Dict> {
        self.table("accounts").get(name)?.as_dict()
    }

    /// The accounts of the project file that are tables, by name.
    pub(super) fn project_accounts(&self) -> impl Iterator<Item = (&'a str, &'a Dict)> + use<'a> {
        let accounts = self.project.values.get("accounts").and_then(Value::as_dict);
        accounts.into_iter().flat_map(tables)
    }

    /// The account of this name in the project file.
    pub(super) fn project_account(&self, name: &str) -> Option<&'a Dict> {
        let accounts = self.project.values.get("accounts")?.as_dict()?;
        accounts.get(name)?.as_dict()
    }

    /// Whether two files say the same with these values of `key`. A policy's file is named from the folder of the file
    /// that names it, so the same relative path in two folders is not the same.
    pub(super) fn says_the_same(&self, key: &str, one: &Value, other: &Value) -> bool {
        let is_relative = |text: &str| !text.trim_start().starts_with(['/', '{']);
        let is_policy = key.rsplit('.').next() == Some("policy");
        toml_text(one) == toml_text(other)
            && (!(is_policy && other.as_str().is_some_and(is_relative))
                || is_same_folder(self.file_of(one), self.file_of(other)))
    }

    fn record(&self, value: &Value) -> Option<&'a Record> {
        let name = &self.figment.get_metadata(value.tag())?.name;
        self.records.iter().find(|record| record.name == *name)
    }

    /// The file that says `value`: one of those below, or else the project's.
    fn file_of(&self, value: &Value) -> &'a Path {
        let below = self.record(value).and_then(|record| record.path.as_deref());
        below.unwrap_or(&self.project.path)
    }

    /// What the project file does about `key`, with where it stands there, and where `own` stands in the file below.
    pub(super) fn refused(&self, what: &str, key: &str, own: &str) -> Error {
        let record = self.merged.find_ref(own).and_then(|value| self.record(value));
        let line = self.project.lines.get(key).copied().unwrap_or_default();
        let error = Error::new(format!("the project file {what}"))
            .from(format!("{}:{line}", self.project.path.display()));
        record
            .iter()
            .fold(error, |error, record| error.from(record.place(own)))
    }
}

fn tables(dict: &Dict) -> impl Iterator<Item = (&str, &Dict)> {
    dict.iter()
        .filter_map(|(name, table)| Some((name.as_str(), table.as_dict()?)))
}

fn is_same_folder(one: &Path, other: &Path) -> bool {
    let real = |file: &Path| file.parent()?.canonicalize().ok();
    real(one).is_some_and(|folder| real(other) == Some(folder))
}
