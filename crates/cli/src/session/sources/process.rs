//! Process sources, and what to do about their errors.

use std::path::Path;
use std::time::Duration;

use rolewrap_core::{ProcessSource, SourceError};

use crate::configuration::OF_A_RUN;
use crate::host::system::System;
use crate::session::asking::{self, SourceProgram};
use crate::ui::output;

/// The source called `name`, whose program runs in `directory`. What the program says on its standard error is passed on.
pub(super) fn build(
    name: &str,
    command: &[String],
    timeout: Option<Duration>,
    system: &System,
    directory: &Path,
) -> Result<ProcessSource, SourceError> {
    let environment = asking::environment(SourceProgram::Command, name, system);
    let source = ProcessSource::new(name, command.to_vec(), environment, system.clock.clone())?
        .with_indifferent_variables(OF_A_RUN);
    let timeout = timeout.unwrap_or(ProcessSource::DEFAULT_TIMEOUT);
    let source = source.with_directory(directory).with_timeout(timeout);
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

#[cfg(test)]
mod tests {
    use rolewrap_core::BaseCredentialSource;

    use super::*;
    use crate::tests::system;

    #[test]
    fn how_a_run_goes_is_no_part_of_the_fingerprint_and_the_account_is() {
        let parts = |variables: &[(&str, &str)]| {
            let (system, directory) = (system(variables), Path::new("/"));
            let source = build("op", &["true".to_owned()], None, &system, directory).unwrap();
            let fingerprint = source.fingerprint().unwrap();
            let parts = fingerprint.parts();
            parts
                .map(|(name, value)| (name.to_owned(), value.to_vec()))
                .collect::<Vec<_>>()
        };
        for name in OF_A_RUN {
            assert_eq!(parts(&[(name, "1")]), parts(&[]), "{name}");
        }
        assert_ne!(parts(&[("ROLEWRAP_ACCOUNT", "prod")]), parts(&[]));
    }
}
