use std::ffi::OsString;

use clap::error::{ContextKind, ContextValue, ErrorKind};

use super::first_word;
use crate::error::HINT;
use crate::ui::text::is_near;

/// Options of other tools, and what they are here.
const OTHERS: [(&[&str], &str); 8] = [
    (
        &["--profile", "-p"],
        "rolewrap reads no profiles; --account NAME names an account of the configuration",
    ),
    (&["-a"], "--account NAME names an account of the configuration"),
    (&["--serial-number"], "write --mfa-serial DEVICE"),
    (&["--token-code"], "write --mfa-token CODE"),
    (&["--role-session-name"], "write --session-name NAME"),
    (
        &["--duration-seconds"],
        "write --duration TIME, in seconds or as 1h",
    ),
    (
        &["--terragrunt-non-interactive"],
        "write --non-interactive, which stands in the same place",
    ),
    (
        &["--terragrunt-working-dir", "--working-dir"],
        "for Terraform write -chdir=DIR; where Terragrunt runs in its place, write it behind its command, as in: plan --working-dir DIR",
    ),
];

/// Options that stand behind Terraform's command, without those that have the name of one of ours.
const TERRAFORMS: [&str; 32] = [
    "allow-missing",
    "auto-approve",
    "backend",
    "backend-config",
    "backup",
    "compact-warnings",
    "destroy",
    "detailed-exitcode",
    "exclude",
    "force-copy",
    "from-module",
    "generate-config-out",
    "get",
    "input",
    "json",
    "lock",
    "lock-timeout",
    "lockfile",
    "migrate-state",
    "no-color",
    "out",
    "parallelism",
    "reconfigure",
    "refresh-only",
    "replace",
    "state",
    "state-out",
    "target",
    "test-directory",
    "upgrade",
    "var",
    "var-file",
];

/// The error with our own hint, where the option that it is about is another tool's. `own` are the arguments that were to be
/// ours. clap's own tip goes where it is far from what was written.
pub(super) fn explain(mut error: clap::Error, own: &[OsString]) -> clap::Error {
    if error.kind() != ErrorKind::UnknownArgument {
        return error;
    }
    let option = match error.get(ContextKind::InvalidArg) {
        Some(ContextValue::String(option)) => option.clone(),
        _ => return error,
    };
    let is_meant = match error.get(ContextKind::SuggestedArg) {
        Some(ContextValue::String(suggested)) => {
            is_near(option.trim_start_matches('-'), suggested.trim_start_matches('-'))
        }
        _ => false,
    };
    let hint = hint(&option, own);
    if hint.is_some() || !is_meant {
        error.remove(ContextKind::SuggestedArg);
    }
    if let Some(hint) = hint {
        error.remove(ContextKind::Suggested);
        error.insert(HINT, ContextValue::String(hint));
    }
    error
}

fn hint(option: &str, own: &[OsString]) -> Option<String> {
    if let Some(directory) = directory(option, own) {
        return Some(directory);
    }
    let mut written = own.iter().filter_map(|argument| {
        let name = argument.to_str()?.split('=').next()?;
        is_about(option, name).then_some(name)
    });
    if let Some(terraforms) = written.find(|name| is_terraforms(name)) {
        return Some(format!(
            "{terraforms} is an option of Terraform, and those stand behind its command, as in: rolewrap plan {terraforms} …"
        ));
    }
    if let Some((_, hint)) = OTHERS.iter().find(|(names, _)| names.contains(&option)) {
        return Some((*hint).to_owned());
    }
    option.starts_with("--terragrunt-").then(|| {
        "it is an option of Terragrunt that rolewrap does not take; the guide says under Terragrunt what takes the place of what"
            .to_owned()
    })
}

/// What to do about an option for the directory. Terraform takes it before its own command, and no command of ours does.
fn directory(option: &str, own: &[OsString]) -> Option<String> {
    let names = own
        .iter()
        .filter_map(|argument| argument.to_str()?.split('=').next());
    let mut written = names.filter(|name| matches!(*name, "--chdir" | "-chdir") && is_about(option, name));
    written.next()?;
    let mut words = own.iter().filter_map(|word| word.to_str());
    Some(match words.find(|word| first_word::is_ours(word)) {
        None => "it has one dash: -chdir=DIR".to_owned(),
        Some("exec") => "write it behind the program, as in: exec terraform -chdir=DIR …".to_owned(),
        Some(command) => format!("rolewrap {command} works where you are: cd DIR && rolewrap {command} …"),
    })
}

/// Whether clap speaks of what was written as `name` when it says `option`: of one with a single dash it knows a letter.
fn is_about(option: &str, name: &str) -> bool {
    let is_long = |text: &str| text.starts_with("--");
    let letter = option.trim_start_matches('-');
    name == option || (!is_long(option) && !is_long(name) && name.starts_with('-') && name.contains(letter))
}

fn is_terraforms(option: &str) -> bool {
    let name = option
        .strip_prefix("--")
        .or_else(|| option.strip_prefix('-'))
        .unwrap_or_default();
    TERRAFORMS.contains(&name)
}
