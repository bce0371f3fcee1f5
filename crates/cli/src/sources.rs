//! The sources that a configuration can name, in one place.

mod vault;

use rolewrap_core::{BaseCredentialSource, EnvSource, FallbackOrder, SourceError};

use crate::configuration::{Configuration, SourceSection};
use crate::error::Error;
use crate::plan::Chosen;
use crate::system::System;
use crate::text::{list, nearest};

/// Kinds of sources that need no configuration. Their kind is also their name, unless a section has it.
const WITHOUT_CONFIGURATION: [(&str, SourceSection); 1] = [("env", SourceSection::Env {})];

/// The names that `source` may have.
pub(crate) fn names(configuration: &Configuration) -> Vec<&str> {
    let configured = configuration.settings.sources.keys().map(String::as_str);
    let built_in = WITHOUT_CONFIGURATION.iter().map(|(name, _)| *name);
    let mut names: Vec<&str> = configured.chain(built_in).collect();
    names.sort_unstable();
    names.dedup();
    names
}

/// The source for a fallback order of names, ready to be asked.
pub(crate) fn build(
    configuration: &Configuration,
    order: &Chosen<Vec<String>>,
    system: &System,
) -> Result<Box<dyn BaseCredentialSource>, Error> {
    let mut sources = Vec::new();
    for name in &order.value {
        let section = section(configuration, name).ok_or_else(|| unknown(configuration, name, order))?;
        sources.push(match section {
            SourceSection::Env {} => {
                Box::new(EnvSource::new(name, system.environment.clone())) as Box<dyn BaseCredentialSource>
            }
            SourceSection::Vault(section) => Box::new(vault::build(name, section, configuration, system)?),
        });
    }
    if sources.len() == 1 {
        return Ok(sources.remove(0));
    }
    Ok(Box::new(FallbackOrder::new(sources)))
}

/// What to do about an error of a source, where its kind knows better than the error's.
pub(crate) fn hint(configuration: &Configuration, error: &SourceError) -> Option<String> {
    match section(configuration, error.source_name())? {
        SourceSection::Env {} => None,
        SourceSection::Vault(_) => Some(vault::hint(error)),
    }
}

fn section<'a>(configuration: &'a Configuration, name: &str) -> Option<&'a SourceSection> {
    configuration.settings.sources.get(name).or_else(|| {
        WITHOUT_CONFIGURATION
            .iter()
            .find(|(built_in, _)| *built_in == name)
            .map(|(_, section)| section)
    })
}

fn unknown(configuration: &Configuration, name: &str, order: &Chosen<Vec<String>>) -> Error {
    let names = names(configuration);
    let error = Error::new(format!("there is no source `{name}`"))
        .cause(format!("the sources are {}", list(&names)))
        .from(&order.origin);
    match nearest(name, names.iter().copied()) {
        Some(nearest) => error.hint(format!("did you mean `{nearest}`?")),
        None => error.hint(format!(
            "define it in your own file: [sources.{name}] with a type"
        )),
    }
}
