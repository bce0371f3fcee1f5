use rolewrap_core::SourceError;

use crate::configuration::{Configuration, SourceSection};
use crate::error::Error;
use crate::plan::Chosen;

/// Where an order ends at a keyring that nobody can reach: what was looked for before it comes first, since most machines
/// without a keyring are to have it there. `None` for every other error.
pub(super) fn at_a_keyring(
    error: &SourceError,
    order: &Chosen<Vec<String>>,
    configuration: &Configuration,
) -> Option<Error> {
    let SourceError::Unavailable { name, reason, cause } = error else {
        return None;
    };
    if !order.value.contains(name) || !matches!(configuration.source(name)?, SourceSection::Keyring { .. }) {
        return None;
    }
    // As a fallback order puts it together.
    let (before, reason) = reason.rsplit_once(&format!("; {name}: "))?;
    let cause = cause.as_ref();
    let cause = cause.map_or_else(String::new, |cause| format!(" ({cause})"));
    Some(
        Error::new("there are no base credentials")
            .cause(before)
            .cause(format!("source {name} could not be reached: {reason}{cause}")),
    )
}
