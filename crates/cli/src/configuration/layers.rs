use std::collections::BTreeMap;

use figment::value::{Dict, Map, Value};
use figment::{Figment, Metadata, Profile, Provider};

use super::file::File;
use super::files_below::FilesBelow;
use super::record::Record;
use super::trust::{TrustNeed, TrustStore, TrustedContent};
use super::{
    Configuration, Layer, Origin, Places, Settings, listed, project, project_limits, project_programs,
    second_name, tag_limits, way_limits,
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
    /// Those below a project file: what is built in, the machine's file and the user's.
    pub(super) fn below_project(places: &Places) -> Result<Self, Error> {
        let mut layers = Self::default();
        layers.built_in();
        if let Some(path) = &places.system {
            layers.files(File::read(Layer::System, path)?);
        }
        if let Some(user) = &places.user {
            layers.files(user.read()?);
        }
        Ok(layers)
    }

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
            trusted: None,
        });
    }

    fn files(&mut self, file: Option<File>) {
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
            trusted: None,
        });
    }

    /// The project file. What in it needs trust has to be trusted.
    pub(super) fn project(&mut self, mut project: File, store: &TrustStore) -> Result<(), Error> {
        let trusted = self.trusted_content(&mut project, store)?;
        if trusted.is_some() {
            project_programs::resolve(&mut project);
        }
        self.file(project);
        if let Some(record) = self.records.last_mut() {
            record.trusted = trusted;
        }
        Ok(())
    }

    /// What of the project file counts because it is trusted; `None` where nothing needs trust.
    fn trusted_content(
        &self,
        project: &mut File,
        store: &TrustStore,
    ) -> Result<Option<TrustedContent>, Error> {
        let mut needs = self.needs_trust(project)?;
        if needs.is_empty() {
            return Ok(None);
        }
        let content = content_of(project, &needs)?;
        if store.trusts(&content.digest())? {
            return Ok(Some(content));
        }
        let refusal = needs.swap_remove(0).refusal;
        let refusal = match store.last_of(&project.path) {
            Some(_) => refusal.cause("what it says was trusted before, and has changed since"),
            None => refusal,
        };
        Err(refusal.hint("or, if you trust it, run `rolewrap trust`, which shows what it may do and asks"))
    }

    /// The part of the project file that needs trust; `None` where nothing does.
    pub(super) fn content_on_trust(&self, project: &mut File) -> Result<Option<TrustedContent>, Error> {
        let needs = self.needs_trust(project)?;
        (!needs.is_empty())
            .then(|| content_of(project, &needs))
            .transpose()
    }

    /// All of the project file that needs trust, beside the layers so far.
    fn needs_trust(&self, project: &mut File) -> Result<Vec<TrustNeed>, Error> {
        let mut needs = std::mem::take(&mut project.needs_trust);
        let merged = self.merged();
        let files = FilesBelow {
            figment: &self.figment,
            merged: &merged,
            records: &self.records,
            project,
        };
        project_limits::refuse_shared_sources(files)?;
        project_limits::changed_accounts(files, &mut needs);
        project_limits::lifted_limits(files, &mut needs);
        tag_limits::changed_tags(files, &mut needs);
        tag_limits::tags_for_all_accounts(files, &mut needs);
        way_limits::own_ways(files, &mut needs);
        way_limits::changed_ways(files, &mut needs);
        way_limits::tags_on_the_way(files, &mut needs);
        second_name::second_names(files, &mut needs);
        Ok(needs)
    }

    pub(super) fn value(&mut self, layer: Layer, key: &str, name: &str, value: &str) -> Result<(), Error> {
        let origin = Origin {
            layer,
            place: name.to_owned(),
        };
        if value.trim().is_empty() {
            return Err(listed::empty(&origin));
        }
        let values = figment::util::nest(key, listed::value(key, value, &origin)?)
            .into_dict()
            .unwrap_or_default();
        self.add(Record {
            name: name.to_owned(),
            layer,
            path: None,
            lines: BTreeMap::new(),
            values,
            trusted: None,
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

fn content_of(project: &File, needs: &[TrustNeed]) -> Result<TrustedContent, Error> {
    let folder = project.path.parent().unwrap_or(&project.path);
    TrustedContent::of(&project.values, needs, folder, &project::repository(folder))
}
