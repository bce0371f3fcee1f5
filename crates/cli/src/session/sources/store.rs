use std::sync::Arc;

use rolewrap_core::{BaseCredentialStore, Prompt};

use super::{keyring, time_limit, unknown, vault};
use crate::configuration::{Configuration, SourceSection};
use crate::error::Error;
use crate::host::system::System;
use crate::plan::Chosen;
use crate::session::explain;

/// The store behind the one source of `order`, to put a key into or to remove it from.
pub(crate) fn store(
    configuration: &Configuration,
    order: &Chosen<Vec<String>>,
    system: &System,
    prompt: &Arc<dyn Prompt>,
) -> Result<Box<dyn BaseCredentialStore>, Error> {
    let name = order.value.first().map_or("", String::as_str);
    match configuration
        .source(name)
        .ok_or_else(|| unknown(configuration, name, order))?
    {
        SourceSection::Keyring { entry, timeout, .. } => {
            let limit = timeout
                .as_ref()
                .map(|text| time_limit::parse(configuration, name, text))
                .transpose()?;
            keyring::build(name, entry.as_deref(), limit, system)
                .map(|store| Box::new(store) as Box<dyn BaseCredentialStore>)
                .map_err(|error| explain::source(&error, order, configuration))
        }
        SourceSection::Vault(section) if section.engine.as_deref() == Some("aws") => Err(Error::new(
            format!("nothing can be put into source {name}, or removed from it"),
        )
        .cause("the AWS engine makes its keys itself")
        .from(configuration.source_origin(name))
        .hint("name a source with a key-value engine")),
        SourceSection::Vault(section) => Ok(Box::new(vault::build(
            name,
            section,
            configuration,
            system,
            prompt,
        )?)),
        section @ (SourceSection::Env { .. }
        | SourceSection::Process { .. }
        | SourceSection::WebIdentity { .. }) => Err(Error::new(format!(
            "nothing can be put into source {name}, or removed from it"
        ))
        .cause(format!("it is of type {}, which is only read", section.kind()))
        .from(configuration.source_origin(name))
        .hint("name a source of type keyring or vault")),
    }
}
