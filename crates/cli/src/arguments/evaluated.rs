use std::ffi::{OsStr, OsString};

use clap::ValueEnum;

use crate::arguments;
use crate::deliver::export::Format;

/// The command whose output a shell evaluates.
const EXPORT: &str = "export";

/// The option that says which shell does.
const FORMAT: &str = "--format";

/// What is printed where the command line `arguments` failed before anything was started, so that a shell that evaluates
/// the output fails as well: `eval "$(rolewrap --a-mistake export)" && terraform apply` must not go on under whatever
/// identity the shell has. It does not matter what is wrong, nor whether `export` was understood as the command.
pub(crate) fn refusal(arguments: &[OsString]) -> Option<&'static str> {
    let is_export = |word: &OsString| word == EXPORT;
    let is_meant = || arguments::misspelt(arguments).is_some_and(|(_, meant)| meant == EXPORT);
    if !arguments.iter().any(is_export) && !is_meant() {
        return None;
    }
    format(arguments).unwrap_or(Format::Env).refusal()
}

/// The format that is named, where there is one of that name.
fn format(arguments: &[OsString]) -> Option<Format> {
    let next = arguments.iter().skip(1).map(OsString::as_os_str);
    let next = next.chain([OsStr::new("")]);
    let value = arguments.iter().zip(next).find_map(|(argument, next)| {
        let argument = argument.to_str()?;
        match argument.split_once('=') {
            Some((FORMAT, value)) => Some(value),
            None if argument == FORMAT => next.to_str(),
            _ => None,
        }
    })?;
    Format::from_str(value, false).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_to_be_evaluated_fails_in_the_language_of_its_shell() {
        let refused = |line: &str| {
            let words: Vec<_> = line.split_whitespace().map(OsString::from).collect();
            refusal(&words)
        };
        for line in [
            "export",
            "-chdir=x export",
            "-- export",
            "--account export",
            "prod export",
            "exprot",
            "-chdir=x exprot",
            "--acount x export --format=fish",
            "export --format nothing",
            "export --format",
        ] {
            assert_eq!(refused(line), Some("false\n"), "{line}");
        }
        let shell = refused("-chdir=x export --format powershell");
        assert!(shell.is_some_and(|text| text.starts_with("throw ")));
        let file = refused("-- export --format=env-no-export");
        assert!(file.is_some_and(|text| text.starts_with("false ")));
        for line in [
            "plan",
            "credential-process",
            "-chdir=x export --format json",
            "export --format dotenv",
            "exec exprot",
        ] {
            assert_eq!(refused(line), None, "{line}");
        }
    }
}
