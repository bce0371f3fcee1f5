use std::ffi::OsString;

use super::terragrunt;
use crate::arguments::{SHELL, is_terraforms};
use crate::configuration::Configuration;
use crate::error::Error;
use crate::host::program::Command;
use crate::run::Run;
use crate::run::child;
use crate::ui::copied::{to_complete, to_copy};

/// The programs that rolewrap runs by itself.
const TERRAFORM_PROGRAMS: [&str; 2] = ["terraform", "tofu"];

/// The commands of rolewrap that give the session to another program.
const GIVE_AWAY: [&str; 2] = ["export", "credential-process"];

/// Refuses a first word that is no command of Terraform's and something else by that name.
pub(super) fn refuse(
    run: &Run<'_>,
    configuration: &Configuration,
    arguments: &[OsString],
) -> Result<(), Error> {
    let Some(word) = child::terraform_command(arguments) else {
        return Ok(());
    };
    if run.options.is_terraform_explicit || is_terraforms(&word) {
        return Ok(());
    }
    let globals: Vec<OsString> = child::global_options(arguments).cloned().collect();
    let rest = arguments.get(globals.len() + 1..).unwrap_or_default();
    let meant = otherwise(run, configuration, &word, &globals, rest);
    let Some((is, hint)) = meant.or_else(|| before_ours(run, configuration, rest)) else {
        return Ok(());
    };
    Err(Error::new(format!(
        "`{word}` is not a command of Terraform, so nothing was started"
    ))
    .cause(is)
    .hint(hint))
}

/// What is meant where one of our commands that give the session away stands at the beginning of `rest`: what reads it would
/// go on without it, since Terraform says on standard error alone that it does not know the first word.
fn before_ours(run: &Run<'_>, configuration: &Configuration, rest: &[OsString]) -> Option<(String, String)> {
    let ours = GIVE_AWAY
        .into_iter()
        .find(|ours| rest.first().is_some_and(|word| word == ours))?;
    (!terragrunt::is_the_program(configuration)).then(|| {
        let line = to_complete(&run.options.words, rest);
        (
            format!("it stands before `{ours}`, which is a command of rolewrap and comes first"),
            format!("leave it out: {line}; an account is named by --account NAME"),
        )
    })
}

/// What `word` is otherwise, and what to write then. It stands between the options `globals` and `rest`.
fn otherwise(
    run: &Run<'_>,
    configuration: &Configuration,
    word: &str,
    globals: &[OsString],
    rest: &[OsString],
) -> Option<(String, String)> {
    let with = |words: &[&str], globals: &[OsString], rest: &[OsString]| {
        let words: Vec<OsString> = words.iter().map(OsString::from).collect();
        to_complete(&[&run.options.words, &words[..], globals].concat(), rest)
    };
    if configuration.settings.accounts.contains_key(word) {
        let line = if run.options.settings.has("account") {
            to_complete(&["--account".into(), word.into()], rest)
        } else {
            with(&["--account", word], globals, rest)
        };
        return Some((
            "it is an account of the configuration".to_owned(),
            format!("write: {line}"),
        ));
    }
    if word == SHELL {
        let line = to_copy(&[&run.options.words, &["exec", "--"].map(OsString::from)[..]].concat());
        return Some((
            "rolewrap has no command for a shell: it runs any program under the role".to_owned(),
            format!("write: {line} \"$SHELL\""),
        ));
    }
    if terragrunt::is_command(word) {
        return (!terragrunt::is_the_program(configuration)).then(|| {
            (
                "it is a command of Terragrunt".to_owned(),
                format!(
                    "rolewrap runs Terraform itself; the guide says under Terragrunt what takes the place of its commands. If Terraform has it: {}",
                    with(&["--"], &[], &[&[word.into()], rest].concat())
                ),
            )
        });
    }
    if TERRAFORM_PROGRAMS.contains(&word) {
        return Some((
            "it is the program, which rolewrap starts by itself".to_owned(),
            format!("leave it out: {}", with(&[], globals, rest)),
        ));
    }
    let (environment, directory) = (&*run.world.system.environment, &run.world.system.directory);
    Command::find(word.as_ref(), Vec::new(), environment, directory).ok()?;
    let whole = [&[word.into()], rest].concat();
    Some((
        "it is a program".to_owned(),
        format!(
            "to run it under the role: {}; if Terraform has it: {}",
            with(&["exec", "--"], &[], &whole),
            with(&["--"], globals, &[word.into()])
        ),
    ))
}
