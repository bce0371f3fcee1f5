//! The configuration: six layers, merged with figment, of which each value knows its own.

mod account_section;
mod file;
mod files_below;
mod inline_policy;
mod keys;
mod known_sources;
mod layers;
mod line_starts;
mod listed;
mod mfa;
mod origin;
mod places;
mod project;
mod project_limits;
mod project_owner;
mod project_programs;
mod record;
mod repository_root;
mod second_name;
mod secret_key;
mod session_shape;
mod settings;
mod snippet;
mod source_section;
mod table;
mod tables;
mod tag_limits;
mod terraform_program;
mod trust;
mod value_text;
mod values;
mod variables;
mod vault;
mod way_limits;

use std::path::Path;

use figment::Figment;
use figment::value::Value;
use rolewrap_core::Environment;

use crate::error::Error;
use file::File;
use layers::Layers;
use value_text::flatten;

pub(crate) use account_section::AccountSection;
pub(crate) use mfa::MfaKeys;
pub(crate) use origin::{Layer, Origin};
pub(crate) use places::{Places, cache_folder, state_folder};
pub(crate) use project::FILE_NAME as PROJECT_FILE_NAME;
pub(crate) use record::Record;
#[cfg(test)]
pub(crate) use repository_root::make_repository;
pub(crate) use session_shape::{ContextSection, PolicySetting};
pub(crate) use settings::Settings;
pub(crate) use source_section::SourceSection;
pub(crate) use table::{FILE, Key, SettingOption, schema, variables_of};
pub(crate) use tables::PathRule;
#[cfg(any(test, fuzzing))]
pub(crate) use trust::TrustStore;
pub(crate) use trust::{Digest, TrustRecord, TrustedContent};
pub(crate) use trust::{is_written_by_others, make_private_folder, new_private_file};
pub(crate) use values::{Flag, Scalar, SourceOrder};
pub(crate) use variables::{MFA_TOKEN, OF_A_RUN, TRUST, WEB_IDENTITY, WEB_IDENTITY_TOKENS};
pub(crate) use vault::{VaultAuthSection, VaultSection};

/// The merged configuration.
#[derive(Debug)]
pub(crate) struct Configuration {
    pub(crate) settings: Settings,
    figment: Figment,
    /// What the layers say together. Figment would put it together again for each question.
    merged: Value,
    records: Vec<Record>,
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
        let mut layers = Layers::below_project(places)?;
        if let Some(path) = &places.project {
            layers.project(File::read_project(path)?, &places.trust)?;
        }
        for (key, name, value) in variables::values(environment)? {
            layers.value(Layer::Variable, &key, name, &value)?;
        }
        for (key, name, value) in options {
            layers.value(Layer::Option, key, name, value)?;
        }
        layers.merge()
    }

    /// The part of the project file that needs trust, whether it is trusted or not; `None` where nothing does.
    pub(crate) fn content_on_trust(places: &Places) -> Result<Option<TrustedContent>, Error> {
        let Some(path) = &places.project else {
            return Ok(None);
        };
        Layers::below_project(places)?.content_on_trust(&mut File::read_project(path)?)
    }

    /// Refuses to go on where a file that a trusted project file names is no longer what was trusted.
    ///
    /// # Errors
    /// Such a file.
    pub(crate) fn refuse_changed_files(&self) -> Result<(), Error> {
        let mut trusted = self.records.iter().filter_map(|record| record.trusted.as_ref());
        trusted.try_for_each(TrustedContent::refuse_changed_files)
    }

    /// The configuration of two files that have these texts: the user's own, and that of a project.
    /// Nothing is trusted.
    #[cfg(any(test, fuzzing))]
    pub(crate) fn of_texts(user: &str, project: Option<&str>) -> Result<Self, Error> {
        let mut layers = Layers::default();
        layers.built_in();
        layers.file(File::parse(Layer::User, Path::new("/home/config.toml"), user)?);
        if let Some(project) = project {
            let project = File::parse(Layer::Project, Path::new("/work/rolewrap.toml"), project)?;
            layers.project(project, &TrustStore::new(None))?;
        }
        layers.merge()
    }

    /// The layers, lowest first.
    #[cfg(unix)]
    pub(crate) fn layers(&self) -> &[Record] {
        &self.records
    }

    /// The configuration of layers that were read earlier, whatever has become of the files since.
    #[cfg(unix)]
    pub(crate) fn of_layers(records: Vec<Record>) -> Result<Self, Error> {
        let mut layers = Layers::default();
        for record in records {
            layers.add(record);
        }
        layers.merge()
    }

    /// Where the value of `key`, a dotted path, came from.
    pub(crate) fn origin(&self, key: &str) -> Origin {
        // The items of a list come from the layer that the whole list does: a later layer replaces all of them.
        let list = key.split_once('[').map_or(key, |(list, _)| list);
        let Some(record) = self.record(list) else {
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

    /// The directory that a program runs in which is named at `origin`: the folder of a project file, because the files there
    /// are what is trusted, and `here` otherwise.
    pub(crate) fn program_directory<'a>(&'a self, origin: &Origin, here: &'a Path) -> &'a Path {
        let mut files = self.records.iter().filter(|record| record.layer == origin.layer);
        match files.next() {
            Some(project) if origin.layer == Layer::Project => {
                let folder = project.path.as_deref().and_then(Path::parent);
                folder.unwrap_or(here)
            }
            _ => here,
        }
    }

    /// The directory of the file that the value of `key` came from.
    pub(crate) fn directory_of(&self, key: &str) -> Option<&Path> {
        self.record(key)?.path.as_deref()?.parent()
    }

    /// Every value with its dotted key, sorted by key.
    pub(crate) fn values(&self) -> Vec<(String, String)> {
        let mut values = Vec::new();
        flatten(&self.merged, String::new(), &mut values);
        values
    }

    /// The keys in the table `key`, each with where its value came from.
    pub(crate) fn entries(&self, key: &str) -> Vec<(String, Origin)> {
        let entries = self.merged.find_ref(key).and_then(Value::as_dict);
        let entry = |(name, value): (&String, &Value)| {
            let record = self.record_of(value)?;
            let place = record.place(&format!("{key}.{name}"));
            let layer = record.layer;
            Some((name.clone(), Origin { layer, place }))
        };
        entries.into_iter().flatten().filter_map(entry).collect()
    }

    fn record(&self, key: &str) -> Option<&Record> {
        self.record_of(self.find(key)?)
    }

    fn record_of(&self, value: &Value) -> Option<&Record> {
        let name = &self.figment.get_metadata(value.tag())?.name;
        self.records.iter().find(|record| record.name == *name)
    }

    fn find(&self, key: &str) -> Option<&Value> {
        self.merged.find_ref(key).or_else(|| {
            let (table, name) = tag(key)?;
            self.merged.find_ref(table)?.as_dict()?.get(name)
        })
    }
}

/// The table and the name of a tag, of which `key` is the dotted path. It may have dots of its own, which figment takes
/// for steps.
fn tag(key: &str) -> Option<(&str, &str)> {
    let within = match key.strip_prefix("accounts.") {
        Some(account) => account.split_once('.')?.1,
        None => key,
    };
    let name = within.strip_prefix("tags.")?;
    let table = key[..key.len() - name.len()].trim_end_matches('.');
    Some((table, name))
}

#[cfg(test)]
mod tests;
