//! The sources that a configuration can name, in one place.

use rolewrap_core::{BaseCredentialSource, EnvSource, FallbackOrder};

use crate::configuration::{Configuration, Origin, SourceSection};
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

/// The type of the source called `name`, if there is one.
pub(crate) fn kind(configuration: &Configuration, name: &str) -> Option<&'static str> {
    Some(match section(configuration, name)? {
        SourceSection::Env {} => "env",
    })
}

/// Where the source called `name` is configured.
pub(crate) fn origin(configuration: &Configuration, name: &str) -> Origin {
    if configuration.settings.sources.contains_key(name) {
        configuration.origin(&format!("sources.{name}.type"))
    } else {
        Origin::built_in()
    }
}

/// Checks that every source of the order exists.
pub(crate) fn check_names(configuration: &Configuration, order: &Chosen<Vec<String>>) -> Result<(), Error> {
    order
        .value
        .iter()
        .try_for_each(|name| match section(configuration, name) {
            Some(_) => Ok(()),
            None => Err(unknown(configuration, name, order)),
        })
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
        });
    }
    if sources.len() == 1 {
        return Ok(sources.remove(0));
    }
    Ok(Box::new(FallbackOrder::new(sources)))
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
