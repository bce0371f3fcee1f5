//! The variables that feed those who are asked. The command does not get them.

use std::collections::BTreeSet;
use std::sync::Arc;

use rolewrap_core::{BaseCredentialSource, NobodyToAsk, Prompt};

use super::{Source, assemble, vault};
use crate::configuration::{Configuration, Origin, SourceOrder};
use crate::error::Error;
use crate::host::system::System;
use crate::plan::{Chosen, CodePlace};
use crate::session::Journey;

/// What feeds those who are asked for this session: the source, and whoever has the MFA code. It is the same where the
/// session is from the cache.
pub(crate) fn fed_by(journey: Journey<'_>, source: &Source) -> Result<Vec<String>, Error> {
    let Journey {
        world,
        configuration,
        plan,
        replaces: _,
    } = journey;
    let mut names = owned(&source.environment_variables());
    for mfa in plan.mfa_of_sources() {
        names.extend_from_slice(&mfa.variables);
        match &mfa.code {
            CodePlace::Vault(key) => {
                let source = &key.value.source;
                let vault = vault(configuration, source, &key.origin, world.system, &world.prompt)?;
                names.extend(owned(&vault.environment_variables()));
            }
            // A program has said what it needs; a code that is given or typed needs nothing.
            CodePlace::Command(_) | CodePlace::Given(_) | CodePlace::Person => {}
        }
    }
    Ok(names)
}

/// What feeds anybody who is configured or chosen: a command for which nobody is asked must not have it either.
pub(crate) fn everybody_fed_by(configuration: &Configuration, system: &System) -> Vec<String> {
    let order = |name: &String| Chosen {
        value: vec![name.clone()],
        origin: Origin::built_in(),
    };
    let settings = &configuration.settings;
    let of_accounts = settings.accounts.values().map(|account| &account.source);
    let chosen = of_accounts.chain([&settings.source]).flatten();
    let names: BTreeSet<&String> = chosen
        .flat_map(SourceOrder::names)
        .chain(settings.sources.keys())
        .collect();
    // A source that cannot be built is reported when it is asked.
    let nobody: Arc<dyn Prompt> = Arc::new(NobodyToAsk);
    let sources = names
        .into_iter()
        .filter_map(|name| assemble(configuration, &order(name), system, &nobody).ok());
    let of_sources = sources.flat_map(|source| owned(&source.environment_variables()));
    let sections = settings.sources.values();
    let of_programs = sections
        .map(|section| &section.mfa().variables)
        .chain([&settings.mfa_variables]);
    of_sources
        .chain(of_programs.flatten().flatten().cloned())
        .collect()
}

fn owned(names: &[&str]) -> Vec<String> {
    names.iter().map(ToString::to_string).collect()
}
