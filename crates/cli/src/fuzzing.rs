//! What the fuzzer calls: bytes from outside, and what must hold whatever they are.

use std::ffi::OsString;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, UNIX_EPOCH};

use rolewrap_core::{FixedClock, FixedEnvironment};

use crate::arguments::{self, Invocation};
use crate::configuration::{Configuration, Origin};
use crate::error::Error;
use crate::host::git::Git;
use crate::host::system::System;
use crate::host::work_directory::WorkDirectory;
use crate::plan::session_name::session_name;
use crate::plan::{self, Chosen, Facts, Plan, Selection};

/// What stands between the files in a seed.
const NEXT_FILE: &str = "\n=== rolewrap.toml\n";

/// A world with these environment variables and no Git.
pub(crate) fn system(variables: &[(&str, &str)]) -> System {
    System {
        environment: Arc::new(variables.iter().copied().collect::<FixedEnvironment>()),
        clock: Arc::new(FixedClock(UNIX_EPOCH + Duration::from_hours(500_000))),
        directory: PathBuf::from("/"),
        host_name: "laptop".to_owned(),
        user_id: Some(1000),
        process_id: 4711,
        terminal: false,
        outer: None,
        git: Git::new(|_, _, _| None),
    }
}

/// Reads a configuration: the user's file, and behind `=== rolewrap.toml` that of a project. Then it makes the plan for each
/// account.
pub fn configuration(text: &[u8]) {
    let Ok(text) = std::str::from_utf8(text) else {
        return;
    };
    let (user, project) = match text.split_once(NEXT_FILE) {
        Some((user, project)) => (user, Some(project)),
        None => (text, None),
    };
    let configuration = match Configuration::of_texts(user, project) {
        Ok(configuration) => configuration,
        Err(error) => return assert_is_shown_safely(&error),
    };
    for (key, _) in configuration.values() {
        let _ = configuration.origin(&key).to_string();
    }
    for name in configuration.settings.accounts.keys() {
        let account = Chosen {
            value: name.clone(),
            origin: configuration.origin(&format!("accounts.{name}")),
        };
        let selection = Selection {
            account: Some(account),
            role: None,
        };
        let system = system(&[]);
        if let Err(error) = Plan::new(&configuration, selection, &facts(&system)) {
            assert_is_shown_safely(&error);
        }
    }
    let rules = plan::check_rules(&configuration);
    let selected = plan::select(&configuration, &WorkDirectory::at("/work/live/prod".into()));
    for error in [rules.err(), selected.err()].into_iter().flatten() {
        assert_is_shown_safely(&error);
    }
}

/// Reads a command line: one argument in a line.
pub fn command_line(text: &[u8]) {
    let text = String::from_utf8_lossy(text);
    let given: Vec<OsString> = text.lines().map(OsString::from).collect();
    match arguments::parse(given.clone()) {
        Ok(Invocation::Terraform(_, passed_on) | Invocation::Exec(_, passed_on)) => {
            assert!(given.ends_with(&passed_on), "{passed_on:?} of {given:?}");
        }
        Ok(_) => {}
        Err(error) if error.use_stderr() => assert_is_shown_safely(&Error::usage(&error)),
        Err(error) => assert!(!error.render().to_string().is_empty()),
    }
}

/// Fills in the template of a session name, in the first line, for the user in the second one, in the branch in the third one.
pub fn name_template(text: &[u8]) {
    let text = String::from_utf8_lossy(text);
    let mut lines = text.splitn(3, '\n');
    let mut line = || lines.next().unwrap_or_default();
    let (template, user, branch) = (line(), line(), line());
    let system = system(&[("USER", user), ("CI_COMMIT_REF_NAME", branch)]);
    let template = Chosen {
        value: template.to_owned(),
        origin: Origin::built_in(),
    };
    match session_name(&template, &facts(&system)) {
        Ok(name) => assert!((2..=64).contains(&name.as_str().len())),
        Err(error) => assert_is_shown_safely(&error),
    }
}

fn facts(system: &System) -> Facts<'_> {
    Facts {
        system,
        directory: &system.directory,
        verb: "plan",
        mfa_code: None,
        delivery: None,
    }
}

/// Nothing that is shown can steer a terminal.
fn assert_is_shown_safely(error: &Error) {
    let text = error.render(false);
    let steers = |character: char| character.is_control() && character != '\n';
    assert!(!text.contains(steers), "{text:?}");
    assert!(!text.trim().is_empty());
}

#[cfg(test)]
mod tests {
    use rolewrap_lab::each_seed;

    #[test]
    fn every_seed_of_a_configuration_is_read() {
        each_seed("configuration", super::configuration);
    }

    #[test]
    fn every_seed_of_a_command_line_is_read() {
        each_seed("command_line", super::command_line);
    }

    #[test]
    fn every_seed_of_a_name_template_is_filled_in() {
        each_seed("name_template", super::name_template);
    }
}
