//! How long a source may be waited for.

use std::time::Duration;

use crate::configuration::{Configuration, Scalar, SourceSection};
use crate::error::Error;

/// What sources without a time limit of their own take at the longest: Vault's minute, and one for a person.
const USUAL_LONGEST: Duration = Duration::from_mins(2);

/// The longest time that a source may be waited for. Nobody waits longer at a prompt, and a job would only hang.
const LONGEST_TIMEOUT: Duration = Duration::from_hours(1);

/// How long loading from a fallback order may take, with what a person is asked on the way.
pub(crate) fn longest_load(configuration: &Configuration, names: &[String]) -> Result<Duration, Error> {
    names.iter().try_fold(Duration::ZERO, |sum, name| {
        let own = match configuration.source(name) {
            Some(SourceSection::Env { .. }) | None => return Ok(sum),
            Some(SourceSection::Keyring { timeout, .. } | SourceSection::Process { timeout, .. }) => timeout,
            Some(SourceSection::Vault(_) | SourceSection::WebIdentity { .. }) => &None,
        };
        let own = own.as_ref().map(|text| parse(configuration, name, text));
        Ok(sum + own.transpose()?.unwrap_or(USUAL_LONGEST))
    })
}

/// A source's own time limit: a number of seconds, or a time like `30s`.
pub(super) fn parse(configuration: &Configuration, name: &str, text: &Scalar) -> Result<Duration, Error> {
    text.duration()
        .filter(|timeout| !timeout.is_zero() && *timeout <= LONGEST_TIMEOUT)
        .ok_or_else(|| {
            Error::new(format!("the time limit of source `{name}` is not valid"))
                .cause(format!("`{text}` is not a time of at most one hour"))
                .from(configuration.origin(&format!("sources.{name}.timeout")))
                .hint("write it like \"30s\" or \"5m\", or as a number of seconds")
        })
}
