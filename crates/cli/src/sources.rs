//! The sources that a configuration can name, in one place.

mod keyring;
mod process;
mod source;
mod vault;
mod web_identity;

use std::sync::Arc;
use std::time::Duration;

use rolewrap_core::{
    BaseCredentialSource, BaseCredentialStore, EnvSource, FallbackOrder, NobodyToAsk, Prompt, SourceError,
    VaultSource,
};

use crate::configuration::{Configuration, MfaKeys, Origin, Scalar, SourceSection, WEB_IDENTITY};
use crate::error::Error;
use crate::explain;
use crate::plan::Chosen;
use crate::system::System;
use crate::text::{list, nearest};

pub(crate) use source::Source;

/// Kinds of sources that need no configuration. Their kind is also their name, unless a section has it.
const WITHOUT_CONFIGURATION: [(&str, SourceSection); 3] = [
    ("env", SourceSection::Env { mfa: MfaKeys::NONE }),
    (
        "keyring",
        SourceSection::Keyring {
            entry: None,
            timeout: None,
            mfa: MfaKeys::NONE,
        },
    ),
    (
        WEB_IDENTITY,
        SourceSection::WebIdentity {
            provider: None,
            token_file: None,
            token_variable: None,
            audience: None,
        },
    ),
];

/// What sources without a time limit of their own take at the longest: Vault's minute, and one for a person.
const USUAL_LONGEST: Duration = Duration::from_mins(2);

/// The longest time that a source may be waited for. Nobody waits longer at a prompt, and a job would only hang.
const LONGEST_TIMEOUT: Duration = Duration::from_hours(1);

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
        SourceSection::Env { .. } => "env",
        SourceSection::Keyring { .. } => "keyring",
        SourceSection::Process { .. } => "process",
        SourceSection::Vault(_) => "vault",
        SourceSection::WebIdentity { .. } => "web-identity",
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
        let section = section(configuration, name).ok_or_else(|| unknown(configuration, name, order))?;
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
    match section(configuration, name)? {
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

/// Whether the first role is asked for with a web identity.
pub(crate) fn is_web_identity(configuration: &Configuration, order: &[String]) -> bool {
    order
        .iter()
        .any(|name| web_identity_section(configuration, name).is_some())
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
        Some(text) => parse_timeout(configuration, name, text).map(Some),
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
            timeout,
            ..
        } => {
            let timeout = limit(timeout)?;
            let source = process::build(name, command, timeout, system).map_err(invalid)?;
            Box::new(source.with_variables(variables.clone().unwrap_or_default()))
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
    match section(configuration, name).ok_or_else(|| unknown(configuration, name, &order))? {
        SourceSection::Vault(section) => vault::build(name, section, configuration, system, prompt),
        _ => Err(Error::new(format!(
            "the source `{name}` is of type {}, and one of type vault is needed here",
            kind(configuration, name).unwrap_or_default()
        ))
        .from(origin)
        .hint("name a source of type vault")),
    }
}

/// The store behind the one source of `order`, to put a key into or to remove it from.
pub(crate) fn store(
    configuration: &Configuration,
    order: &Chosen<Vec<String>>,
    system: &System,
    prompt: &Arc<dyn Prompt>,
) -> Result<Box<dyn BaseCredentialStore>, Error> {
    let name = order.value.first().map_or("", String::as_str);
    match section(configuration, name).ok_or_else(|| unknown(configuration, name, order))? {
        SourceSection::Keyring { entry, timeout, .. } => {
            let limit = timeout
                .as_ref()
                .map(|text| parse_timeout(configuration, name, text))
                .transpose()?;
            keyring::build(name, entry.as_deref(), limit, system)
                .map(|store| Box::new(store) as Box<dyn BaseCredentialStore>)
                .map_err(|error| explain::source(&error, order, configuration))
        }
        SourceSection::Vault(section) if section.engine.as_deref() == Some("aws") => Err(Error::new(
            format!("nothing can be put into source {name}, or removed from it"),
        )
        .cause("the AWS engine makes its keys itself")
        .from(origin(configuration, name))
        .hint("name a source with a key-value engine")),
        SourceSection::Vault(section) => Ok(Box::new(vault::build(
            name,
            section,
            configuration,
            system,
            prompt,
        )?)),
        SourceSection::Env { .. } | SourceSection::Process { .. } | SourceSection::WebIdentity { .. } => {
            Err(Error::new(format!(
                "nothing can be put into source {name}, or removed from it"
            ))
            .cause(format!(
                "it is of type {}, which is only read",
                kind(configuration, name).unwrap_or_default()
            ))
            .from(origin(configuration, name))
            .hint("name a source of type keyring or vault"))
        }
    }
}

/// How long loading from a fallback order may take, with what a person is asked on the way.
pub(crate) fn longest_load(configuration: &Configuration, names: &[String]) -> Result<Duration, Error> {
    names.iter().try_fold(Duration::ZERO, |sum, name| {
        let own = match section(configuration, name) {
            Some(SourceSection::Env { .. }) | None => return Ok(sum),
            Some(SourceSection::Keyring { timeout, .. } | SourceSection::Process { timeout, .. }) => timeout,
            Some(SourceSection::Vault(_) | SourceSection::WebIdentity { .. }) => &None,
        };
        let own = own.as_ref().map(|text| parse_timeout(configuration, name, text));
        Ok(sum + own.transpose()?.unwrap_or(USUAL_LONGEST))
    })
}

/// The variables that feed any of the configured sources: a command for which no source is asked must not have them
/// either.
pub(crate) fn environment_variables(configuration: &Configuration, system: &System) -> Vec<String> {
    let order = |name: &String| Chosen {
        value: vec![name.clone()],
        origin: Origin::built_in(),
    };
    let names = configuration.settings.sources.keys();
    // A source that cannot be built is reported when it is asked.
    let nobody: Arc<dyn Prompt> = Arc::new(NobodyToAsk);
    let sources = names.filter_map(|name| build(configuration, &order(name), system, &nobody).ok());
    sources
        .flat_map(|source| {
            source
                .environment_variables()
                .into_iter()
                .map(str::to_owned)
                .collect::<Vec<_>>()
        })
        .collect()
}

/// What to do about an error of a source, where its kind knows better than the error's.
pub(crate) fn hint(configuration: &Configuration, error: &SourceError) -> Option<String> {
    match section(configuration, error.source_name())? {
        SourceSection::Env { .. } => None,
        SourceSection::Keyring { .. } => keyring::hint(error).map(str::to_owned),
        SourceSection::Process { .. } => process::hint(error).map(str::to_owned),
        SourceSection::Vault(_) => Some(vault::hint(error)),
        SourceSection::WebIdentity { .. } => Some(web_identity::hint(error).to_owned()),
    }
}

/// A source's own time limit: a number of seconds, or a time like `30s`.
fn parse_timeout(configuration: &Configuration, name: &str, text: &Scalar) -> Result<Duration, Error> {
    let text = text.to_string();
    let timeout = match text.trim().parse() {
        Ok(seconds) => Some(Duration::from_secs(seconds)),
        Err(_) => humantime::parse_duration(text.trim()).ok(),
    };
    timeout
        .filter(|timeout| !timeout.is_zero() && *timeout <= LONGEST_TIMEOUT)
        .ok_or_else(|| {
            Error::new(format!("the time limit of source `{name}` is not valid"))
                .cause(format!("`{text}` is no time of one hour at most"))
                .from(configuration.origin(&format!("sources.{name}.timeout")))
                .hint("write it like \"30s\" or \"5m\", or as a number of seconds")
        })
}

/// What the configuration says about the source called `name`.
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
