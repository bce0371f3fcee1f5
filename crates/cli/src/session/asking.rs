//! Programs that a source or an MFA device runs, and that run rolewrap in turn. One that needs itself to end would never
//! end, or wait for a session that is waiting for it.

use std::ffi::OsString;
use std::sync::Arc;

use rolewrap_core::Environment;

use crate::configuration::Configuration;
use crate::error::Error;
use crate::host::ASKING;
use crate::host::changed_environment::ChangedEnvironment;
use crate::host::system::System;
use crate::session::Journey;

/// A program that a source has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum SourceProgram {
    /// The one that prints the key.
    Command,
    /// The one that prints the code of an MFA device.
    MfaCommand,
}

impl SourceProgram {
    fn key(self) -> &'static str {
        match self {
            Self::Command => "command",
            Self::MfaCommand => "mfa_command",
        }
    }

    /// How it is written in the variable. No name of a source has a full stop or a comma.
    fn of(self, source: &str) -> String {
        format!("{source}.{}", self.key())
    }
}

/// The environment for `program` of `source`, which says what it is run for.
pub(crate) fn environment(program: SourceProgram, source: &str, system: &System) -> Arc<dyn Environment> {
    let mut asking = asked(&*system.environment);
    asking.push(program.of(source));
    let below = system.environment.clone();
    Arc::new(ChangedEnvironment::new(below).with(ASKING, OsString::from(asking.join(","))))
}

/// Whether this run is inside of `program` of `source`.
pub(crate) fn is_inside(program: SourceProgram, source: &str, environment: &dyn Environment) -> bool {
    asked(environment).contains(&program.of(source))
}

/// Refuses to ask for an MFA code of a device whose program this run is inside of.
pub(crate) fn refuse_circle_of_mfa(journey: Journey<'_>) -> Result<(), Error> {
    let (world, program) = (journey.world, SourceProgram::MfaCommand);
    let environment = &*world.system.environment;
    let mut devices = journey.plan.mfa_of_sources().iter();
    match devices.find(|mfa| is_inside(program, &mfa.source, environment)) {
        Some(mfa) => Err(circle(program, &mfa.source, journey.configuration, environment)),
        None => Ok(()),
    }
}

/// The error for a run inside of `program` of `source` that needs it again.
pub(crate) fn circle(
    program: SourceProgram,
    source: &str,
    configuration: &Configuration,
    environment: &dyn Environment,
) -> Error {
    let mut way = asked(environment);
    way.push(program.of(source));
    let key = program.key();
    let origin = configuration
        .known_origin(&format!("sources.{source}.{key}"))
        .unwrap_or_else(|| configuration.origin(key));
    Error::new(format!(
        "the {key} of source {source} needs itself, so nothing was asked for"
    ))
    .cause(format!("it runs rolewrap, and that runs it again: {}", way.join(" > ")))
    .from(origin)
    .hint("name another source for the rolewrap in that program, with --source or by its account; or let the program have its own key")
}

fn asked(environment: &dyn Environment) -> Vec<String> {
    let list = environment.get(ASKING).unwrap_or_default();
    let list = list.to_string_lossy();
    let names = list.split(',').filter(|name| !name.is_empty());
    names.map(str::to_owned).collect()
}
