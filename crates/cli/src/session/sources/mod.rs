//! The sources that a configuration can name, in one place.

mod fed_by;
mod keyring;
mod process;
mod source;
mod store;
mod time_limit;
mod vault;
mod web_identity;

use std::sync::Arc;

use rolewrap_core::{BaseCredentialSource, EnvSource, FallbackOrder, Prompt, SourceError, VaultSource};

use crate::configuration::{Configuration, Origin, Scalar, SourceSection, WEB_IDENTITY};
use crate::error::Error;
use crate::host::system::System;
use crate::plan::{Chosen, is_ci};
use crate::session::asking::{self, SourceProgram};
use crate::session::explain;
use crate::ui::text::{list, nearest};

pub(crate) use fed_by::{everybody_fed_by, fed_by};
pub(crate) use source::Source;
pub(crate) use store::store;
pub(crate) use time_limit::longest_load;

/// Checks that every source of the order exists.
pub(crate) fn check_names(configuration: &Configuration, order: &Chosen<Vec<String>>) -> Result<(), Error> {
    order
        .value
        .iter()
        .try_for_each(|name| match configuration.source(name) {
            Some(_) => Ok(()),
            None => Err(unknown(configuration, name, order)),
        })
}

/// The source for a fallback order of names, ready to be asked.
pub(crate) fn build(
    configuration: &Configuration,
    order: &Chosen<Vec<String>>,
    system: &System,
    prompt: &Arc<dyn Prompt>,
) -> Result<Source, Error> {
    let source = assemble(configuration, order, system, prompt)?;
    refuse_circle(configuration, order, system, prompt)?;
    Ok(source)
}

/// Refuses to run the program of a source that this run is inside of.
fn refuse_circle(
    configuration: &Configuration,
    order: &Chosen<Vec<String>>,
    system: &System,
    prompt: &Arc<dyn Prompt>,
) -> Result<(), Error> {
    let environment = &*system.environment;
    let is_inside = |name: &str| asking::is_inside(SourceProgram::Command, name, environment);
    let Some(place) = order.value.iter().position(|name| is_inside(name)) else {
        return Ok(());
    };
    let (before, name) = (order.value[..place].to_vec(), &order.value[place]);
    let origin = order.origin.clone();
    let before = Chosen {
        value: before,
        origin,
    };
    // What has a key for certain comes first, so the program is not run.
    match assemble(configuration, &before, system, prompt)? {
        Source::Keys(source) if source.fingerprint().is_some_and(|parts| parts.is_settled()) => Ok(()),
        _ => Err(asking::circle(
            SourceProgram::Command,
            name,
            configuration,
            environment,
        )),
    }
}

/// The source for an order of names, also where it must not be asked.
pub(crate) fn assemble(
    configuration: &Configuration,
    order: &Chosen<Vec<String>>,
    system: &System,
    prompt: &Arc<dyn Prompt>,
) -> Result<Source, Error> {
    let mut sources = Vec::new();
    for name in &order.value {
        if let Some(keys) = web_identity_section(configuration, name) {
            if order.value.len() > 1 {
                return Err(in_an_order(name, order));
            }
            return Ok(Source::WebIdentity(keys.build(name, configuration, system)?));
        }
        let section = configuration
            .source(name)
            .ok_or_else(|| unknown(configuration, name, order))?;
        sources.push(one(configuration, name, section, order, system, prompt)?);
    }
    if sources.len() == 1 {
        return Ok(Source::Keys(sources.remove(0)));
    }
    Ok(Source::Keys(Box::new(FallbackOrder::new(sources))))
}

/// What the configuration says of the source called `name`, where that is one of a web identity.
fn web_identity_section<'a>(
    configuration: &'a Configuration,
    name: &str,
) -> Option<web_identity::Section<'a>> {
    match configuration.source(name)? {
        SourceSection::WebIdentity {
            provider,
            token_file,
            token_variable,
            audience,
        } => Some(web_identity::Section {
            provider: provider.as_deref(),
            token_file: token_file.as_deref(),
            token_variable: token_variable.as_deref(),
            audience: audience.as_deref(),
        }),
        _ => None,
    }
}

/// A web identity is asked for in another way than the keys of other sources, and what may be planned differs.
fn in_an_order(name: &str, order: &Chosen<Vec<String>>) -> Error {
    Error::new(format!("the source `{name}` cannot be part of a fallback order"))
        .cause("it gives a web identity and no key, so the role is asked for in another way")
        .from(&order.origin)
        .hint(format!("name it alone: --source {name}, or source = \"{name}\""))
}

fn one(
    configuration: &Configuration,
    name: &str,
    section: &SourceSection,
    order: &Chosen<Vec<String>>,
    system: &System,
    prompt: &Arc<dyn Prompt>,
) -> Result<Box<dyn BaseCredentialSource>, Error> {
    let invalid = |error: SourceError| explain::source(&error, order, configuration);
    let limit = |limit: &Option<Scalar>| match limit {
        Some(text) => time_limit::parse(configuration, name, text).map(Some),
        None => Ok(None),
    };
    Ok(match section {
        SourceSection::Env { .. } => Box::new(EnvSource::new(name, system.environment.clone())),
        SourceSection::Keyring { entry, timeout, .. } => {
            let timeout = limit(timeout)?;
            Box::new(keyring::build(name, entry.as_deref(), timeout, system).map_err(invalid)?)
        }
        SourceSection::Process {
            command,
            variables,
            chooses_by,
            timeout,
            ..
        } => {
            let timeout = limit(timeout)?;
            let origin = configuration.origin(&format!("sources.{name}.command"));
            let directory = configuration.program_directory(&origin, &system.directory);
            let source = process::build(name, command, timeout, system, directory).map_err(invalid)?;
            let source = source.with_variables(variables.clone().unwrap_or_default());
            Box::new(match chooses_by {
                Some(choice) => source.choosing_by(
                    choice.variables.clone().unwrap_or_default(),
                    choice.directory.unwrap_or_default(),
                ),
                None => source,
            })
        }
        SourceSection::Vault(section) => {
            Box::new(vault::build(name, section, configuration, system, prompt)?)
        }
        SourceSection::WebIdentity { .. } => return Err(in_an_order(name, order)),
    })
}

/// The Vault source called `name`, for what its server has besides a key. `origin` is where it was named.
pub(crate) fn vault(
    configuration: &Configuration,
    name: &str,
    origin: &Origin,
    system: &System,
    prompt: &Arc<dyn Prompt>,
) -> Result<VaultSource, Error> {
    let order = Chosen {
        value: vec![name.to_owned()],
        origin: origin.clone(),
    };
    match configuration
        .source(name)
        .ok_or_else(|| unknown(configuration, name, &order))?
    {
        SourceSection::Vault(section) => vault::build(name, section, configuration, system, prompt),
        section => Err(Error::new(format!(
            "the source `{name}` is of type {}, and one of type vault is needed here",
            section.kind()
        ))
        .from(origin)
        .hint("name a source of type vault")),
    }
}

/// What to do about an error of a source, where its kind knows better than the error's.
pub(crate) fn hint(configuration: &Configuration, error: &SourceError) -> Option<String> {
    match configuration.source(error.source_name())? {
        SourceSection::Env { .. } => None,
        SourceSection::Keyring { .. } => keyring::hint(error),
        SourceSection::Process { .. } => process::hint(error).map(str::to_owned),
        SourceSection::Vault(section) => Some(vault::hint(error, section)),
        SourceSection::WebIdentity { .. } => Some(web_identity::hint(error).to_owned()),
    }
}

/// Where else a web identity token was looked for, where there is none.
pub(crate) fn other_places(
    configuration: &Configuration,
    error: &SourceError,
    system: &System,
) -> Option<String> {
    let section = web_identity_section(configuration, error.source_name())?;
    section.other_places(error, configuration, system)
}

/// What to do where there is no key in a pod or a CI job: a web identity, where the environment has what one is made of, is
/// never used by itself.
pub(crate) fn other_way(
    configuration: &Configuration,
    error: &SourceError,
    order: &Chosen<Vec<String>>,
    system: &System,
) -> Option<String> {
    if let Some(section) = web_identity_section(configuration, error.source_name()) {
        return section.hint_here(error, system).map(str::to_owned);
    }
    let has_no_key = matches!(
        error,
        SourceError::NotFound { .. } | SourceError::Unavailable { .. } | SourceError::Denied { .. }
    );
    let section = configuration.source(error.source_name());
    // An order of several, of which none has a key, has no section.
    let is_usual = matches!(
        section,
        None | Some(SourceSection::Env { .. } | SourceSection::Keyring { .. })
    );
    if !has_no_key || !is_usual {
        return None;
    }
    if let Some(variable) = web_identity::variable_of_environment(system) {
        return Some(format!(
            "{variable} is set, so there is a web identity here: --source {WEB_IDENTITY}, or ROLEWRAP_SOURCE={WEB_IDENTITY}, assumes the role with it and without any key"
        ));
    }
    let sections = order.value.iter().filter_map(|name| configuration.source(name));
    let reads_variables = sections
        .into_iter()
        .any(|section| matches!(section, SourceSection::Env { .. }));
    (reads_variables && is_ci(&*system.environment)).then(|| {
        format!(
            "check that the job passes its secrets to this step, as AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY; with OpenID Connect no key is needed: --source {WEB_IDENTITY}"
        )
    })
}

fn unknown(configuration: &Configuration, name: &str, order: &Chosen<Vec<String>>) -> Error {
    if name.is_empty() {
        return Error::new("the source has an empty name, so nothing was started")
            .from(&order.origin)
            .hint("name the source; where it comes from a variable of a script, that variable is not set");
    }
    let names = configuration.source_names();
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
