//! Process sources, and what to do about their errors.

use std::time::Duration;

use rolewrap_core::{ProcessSource, SourceError};

use crate::output;
use crate::system::System;

/// The source called `name`. What the program says on its standard error is passed on.
pub(super) fn build(
    name: &str,
    command: &[String],
    timeout: Option<Duration>,
    system: &System,
) -> Result<ProcessSource, SourceError> {
    let (environment, clock) = (system.environment.clone(), system.clock.clone());
    let source = ProcessSource::new(name, command.to_vec(), environment, clock)?;
    let timeout = timeout.unwrap_or(ProcessSource::DEFAULT_TIMEOUT);
    let source = source.with_directory(&system.directory).with_timeout(timeout);
    Ok(source.with_messages_to(output::error_text))
}

/// What to do about `error`, where that is special to programs.
pub(super) fn hint(error: &SourceError) -> Option<&'static str> {
    match error {
        SourceError::NotFound { .. } | SourceError::Unavailable { .. } => Some(
            "run the program by itself to see what it needs; `timeout` in its section allows it more time",
        ),
        SourceError::InvalidConfiguration { .. } => {
            Some("install the program, or correct `command`; `rolewrap config show` says where it is from")
        }
        SourceError::Malformed { .. } => Some(
            r#"run the program by itself: it has to print {"Version": 1, "AccessKeyId": "…", "SecretAccessKey": "…"}, of credentials that have not expired, and nothing else"#,
        ),
        _ => None,
    }
}
