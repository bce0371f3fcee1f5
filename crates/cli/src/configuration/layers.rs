use std::collections::BTreeMap;

use figment::value::{Dict, Map, Value};
use figment::{Figment, Metadata, Profile, Provider};

use super::file::File;
use super::files_below::FilesBelow;
use super::record::Record;
use super::{
    Configuration, Layer, Origin, Settings, listed, project_limits, second_name, tag_limits, way_limits,
};
use crate::error::Error;

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
    /// The lowest layer: what `config/default.toml` says, without the time that it takes to read it.
    pub(super) fn built_in(&mut self) {
        let mut values = Dict::new();
        values.insert("source".to_owned(), vec!["env", "keyring"].into());
        values.insert("terraform".to_owned(), "terraform".into());
        self.add(Record {
            name: Layer::BuiltIn.name().to_owned(),
            layer: Layer::BuiltIn,
            path: None,
            lines: BTreeMap::new(),
            values,
        });
    }

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

    /// The project file, which is refused where it changes what the layers so far say about who acts and what can be
    /// done.
    pub(super) fn project(&mut self, project: File) -> Result<(), Error> {
        let merged = self.merged();
        let files = FilesBelow {
            figment: &self.figment,
            merged: &merged,
            records: &self.records,
            project: &project,
        };
        project_limits::refuse_changed_accounts(files)?;
        project_limits::refuse_lifted_limits(files)?;
        tag_limits::refuse_changed_tags(files)?;
        tag_limits::refuse_tags_for_all_accounts(files)?;
        way_limits::refuse_changed_ways(files)?;
        way_limits::refuse_tags_on_the_way(files)?;
        second_name::refuse_second_names(files)?;
        self.file(project);
        Ok(())
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

    /// What the layers so far say together. Figment puts all of it together each time that it is asked.
    fn merged(&self) -> Value {
        let merged = self.figment.find_value("");
        merged.unwrap_or_else(|_| Value::from(Dict::new()))
    }

    pub(super) fn merge(self) -> Result<Configuration, Error> {
        // Each file was checked by itself, and variables are text, so this fails only where two layers give
        // one key different shapes.
        let settings = self
            .figment
            .extract::<Settings>()
            .map_err(|error| self.misfit(&error))?;
        Ok(Configuration {
            settings,
            merged: self.merged(),
            figment: self.figment,
            records: self.records,
        })
    }

    /// What is wrong where each layer by itself is right: the key, and all layers that say something of it.
    fn misfit(&self, error: &figment::Error) -> Error {
        let key = error.path.join(".");
        let of_the_key = |record: &&Record| Value::from(record.values.clone()).find_ref(&key).is_some();
        let misfit = Error::new(format!(
            "the layers of the configuration do not fit together at `{key}`"
        ))
        .cause(&error.kind);
        self.records
            .iter()
            .filter(of_the_key)
            .fold(misfit, |error, record| {
                error.from(Origin {
                    layer: record.layer,
                    place: record.place(&key),
                })
            })
            .hint("each layer changes the keys that it names and keeps all others: remove what does not belong, or choose another name")
    }
}
