use std::ffi::{OsStr, OsString};

use clap::{Command, Subcommand};

use super::{Word, misspelt};

/// Terraform's options that stand before its command. They begin with a single dash, as no option of ours does.
const TERRAFORM_GLOBAL: [&str; 2] = ["-chdir", "-version"];

/// Options of Terragrunt that are also taken from behind the first word, since no Terraform option begins so.
pub(crate) const FROM_TERRAGRUNT: [&str; 6] = [
    "--terragrunt-iam-role",
    "--terragrunt-iam-web-identity-token",
    "--terragrunt-iam-assume-role-web-identity-token",
    "--terragrunt-iam-assume-role-duration",
    "--terragrunt-iam-assume-role-session-name",
    "--terragrunt-tfpath",
];

/// The command that clap adds to ours.
const HELP: &str = "help";

/// Terraform's arguments.
#[derive(Debug)]
pub(super) struct ForTerraform {
    pub(super) arguments: Vec<OsString>,
    /// Whether two dashes stood before them.
    pub(super) is_explicit: bool,
}

/// Parts the command line into what clap reads and, unless the first word, at `index`, is a command of ours, Terraform's
/// arguments.
pub(super) fn split(arguments: Vec<OsString>, index: usize) -> (Vec<OsString>, Option<ForTerraform>) {
    let Some(word) = arguments.get(index) else {
        return (arguments, None);
    };
    if word.to_str().is_some_and(is_ours) {
        return (arguments, None);
    }
    let mut own = arguments;
    let mut rest = own.split_off(index);
    if rest.first().is_some_and(|word| word == "--") {
        rest.remove(0);
        let explicit = ForTerraform {
            arguments: rest,
            is_explicit: true,
        };
        return (own, (!explicit.arguments.is_empty()).then_some(explicit));
    }
    let terraform = ForTerraform {
        arguments: take_terragrunt_options(rest, &mut own),
        is_explicit: false,
    };
    (own, Some(terraform))
}

/// The index of the word that stands behind what begins Terraform's arguments at `index`: its options, two dashes, and empty
/// words, which a shell makes of an empty variable.
pub(super) fn behind_beginning(arguments: &[OsString], index: usize) -> usize {
    let begins = |argument: &&OsString| argument.is_empty() || argument.to_string_lossy().starts_with('-');
    let rest = arguments.get(index..).unwrap_or_default();
    index + rest.iter().take_while(begins).count()
}

/// The first `word`, and the command of ours that it is most likely meant to be, where it is none and none of Terraform's.
pub(super) fn misspelt_command(word: &OsStr) -> Option<(String, String)> {
    let word = word.to_str()?;
    if word.starts_with('-') || misspelt::is_terraforms(word) || is_ours(word) {
        return None;
    }
    let whole = super::command();
    let ours = whole.get_subcommands().map(Command::get_name).chain([HELP]);
    let meant = misspelt::meant(word, ours)?;
    Some((word.to_owned(), meant.to_owned()))
}

/// Whether `word` is a command of ours, by any of its names. The definition of all of them is made only where neither the
/// name of one of ours nor one of Terraform's has settled it.
pub(super) fn is_ours(word: &str) -> bool {
    if word.starts_with('-') || misspelt::is_terraforms(word) {
        return false;
    }
    word == HELP || Word::has_subcommand(word) || super::command().find_subcommand(word).is_some()
}

/// The index of the first argument that is neither an option of ours nor the value of one; `command` has our options. Their
/// number where there is none.
pub(super) fn index(command: &Command, arguments: &[OsString]) -> usize {
    let mut index = 0;
    while let Some(argument) = arguments.get(index) {
        let argument = argument.to_string_lossy();
        if argument == "--" || !argument.starts_with('-') || is_terraform_global(&argument) {
            return index;
        }
        index += if value_follows(command, &argument) { 2 } else { 1 };
    }
    arguments.len()
}

fn is_terraform_global(argument: &str) -> bool {
    let name = argument.split_once('=').map_or(argument, |(name, _)| name);
    TERRAFORM_GLOBAL.contains(&name)
}

/// Whether the value of the option `argument` is the next argument.
fn value_follows(command: &Command, argument: &str) -> bool {
    if let Some(long) = argument.strip_prefix("--") {
        return command
            .get_arguments()
            .filter(|candidate| takes_value(candidate))
            .any(|candidate| names(candidate).any(|name| name == long));
    }
    // A cluster such as -vd: the value follows when the option that takes one stands last.
    let mut cluster = argument.chars().skip(1).peekable();
    while let Some(short) = cluster.next() {
        let option = command
            .get_arguments()
            .find(|candidate| candidate.get_short() == Some(short));
        if option.is_some_and(takes_value) {
            return cluster.peek().is_none();
        }
    }
    false
}

/// Whether a value of the option may be the next argument. That of a switch stands behind `=`.
pub(super) fn takes_value(argument: &clap::Arg) -> bool {
    argument.get_action().takes_values() && !argument.is_require_equals_set()
}

pub(super) fn names(argument: &clap::Arg) -> impl Iterator<Item = &str> {
    argument
        .get_long()
        .into_iter()
        .chain(argument.get_all_aliases().unwrap_or_default())
}

/// Moves Terragrunt's options from `rest` to `own`, up to a `--`.
fn take_terragrunt_options(rest: Vec<OsString>, own: &mut Vec<OsString>) -> Vec<OsString> {
    let mut terraform = Vec::new();
    let mut rest = rest.into_iter();
    while let Some(argument) = rest.next() {
        if argument == "--" {
            terraform.push(argument);
            break;
        }
        let text = argument.to_string_lossy();
        if FROM_TERRAGRUNT.contains(&&*text) {
            own.push(argument);
            own.extend(rest.next());
        } else if text
            .split_once('=')
            .is_some_and(|(name, _)| FROM_TERRAGRUNT.contains(&name))
        {
            own.push(argument);
        } else {
            terraform.push(argument);
        }
    }
    terraform.extend(rest);
    terraform
}
