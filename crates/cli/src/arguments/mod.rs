//! The command line: rolewrap's own options and commands, and what is Terraform's.

pub(crate) mod evaluated;
mod first_word;
mod foreign_option;
mod misspelt;
mod options;
mod own_option;
mod setting_options;
mod short_help;

use std::ffi::OsString;
use std::path::PathBuf;

use clap::builder::StyledStr;
use clap::error::ErrorKind;
use clap::{CommandFactory, FromArgMatches, Parser, Subcommand};

pub(crate) use first_word::FROM_TERRAGRUNT;
pub(crate) use misspelt::{SHELL, is_terraforms};
pub(crate) use options::{Options, WEB_IDENTITY_TOKEN};
pub(crate) use own_option::OwnOption;

use crate::deliver::export::Format;

const ABOUT: &str = "Runs Terraform, or any command, under an AWS IAM role";

const LONG_ABOUT: &str = "\
Runs Terraform, or any command, under an AWS IAM role.

The base credentials come from the environment, the keyring, a program, or Vault; or a web identity token takes \
their place. rolewrap asks AWS STS for a session of the role and gives it to the command. If the role cannot be assumed, the command does not start.

The first word that is not an option decides: one of the commands below, or else the arguments of Terraform, \
which are passed on as they are.";

const EXAMPLES: &str = "\
Examples:
  Terraform under a role, with keys from the environment:
    rolewrap --iam-role arn:aws:iam::123456789012:role/deploy apply

  The same, with the role in a variable:
    ROLEWRAP_IAM_ROLE=arn:aws:iam::123456789012:role/deploy rolewrap plan -out=plan.bin

  An account of the configuration:
    rolewrap --account prod plan

  Any other command:
    rolewrap --account dev exec -- aws s3 ls

  Who would it run as, and why?
    rolewrap --account prod whoami

Exit codes: the command's own. Before the command starts:
  125  rolewrap failed
  126  the command cannot be executed
  127  the command was not found";

/// The command line as clap knows it. Terraform's arguments never reach it.
#[derive(Debug, Parser)]
#[command(name = "rolewrap", version, about = ABOUT, long_about = LONG_ABOUT, after_long_help = EXAMPLES)]
#[command(
    after_help = "See --help for all options, and for examples.",
    max_term_width = 100
)]
#[command(override_usage = "rolewrap [OPTIONS] <TERRAFORM ARGUMENTS>\n       rolewrap [OPTIONS] <COMMAND>")]
struct CommandLine {
    #[command(flatten)]
    options: Options,

    #[command(subcommand)]
    command: Option<Word>,
}

/// The part of it that a run consists of. clap copies every option into every command that it knows, so to read a run with
/// the other commands would take longer than everything else that a run with a cached session does.
#[derive(Debug, Parser)]
#[command(name = "rolewrap")]
struct RunLine {
    #[command(flatten)]
    options: Options,

    #[command(subcommand)]
    command: Option<ExecCommand>,
}

/// What the first word may be, but for Terraform's.
#[derive(Debug, Clone, Subcommand)]
enum Word {
    #[command(flatten)]
    Exec(ExecCommand),

    #[command(flatten)]
    Own(OwnCommand),
}

/// `rolewrap exec …`
#[derive(Debug, Clone, Subcommand)]
enum ExecCommand {
    /// Run any command under the role
    #[command(after_help = "Example:\n  rolewrap --account dev exec -- aws s3 ls")]
    Exec {
        /// The command and its arguments
        #[arg(required = true, trailing_var_arg = true, value_name = "COMMAND")]
        command: Vec<OsString>,
    },
}

/// rolewrap's own commands. None may have the name of a Terraform or OpenTofu command.
#[derive(Debug, Clone, Subcommand)]
pub(crate) enum OwnCommand {
    /// Show who the command would be, and where each choice came from
    Whoami {
        /// Print one JSON document
        #[arg(long)]
        json: bool,
    },

    /// Print the credentials of the session, for other programs
    #[command(after_help = "Example:\n  eval \"$(rolewrap --account dev export)\"")]
    Export {
        /// How they are written
        #[arg(long, value_enum, value_name = "FORMAT", default_value = "env")]
        format: Format,
    },

    /// Print the session as a document of AWS's `credential_process`
    #[command(
        after_help = "Example, in ~/.aws/config:\n  [profile dev]\n  credential_process = rolewrap --account dev credential-process"
    )]
    CredentialProcess,

    /// Show and check the configuration
    Config {
        #[command(subcommand)]
        command: ConfigCommand,
    },

    /// Show what this directory's project file may do, and allow it
    ///
    /// A project file may choose among your accounts. What could reach your keys or run a program, such as a source, counts
    /// only once you trust it. Trust is in the content: another word there, or another byte in a file that it names, and it is
    /// asked for again.
    Trust {
        #[command(subcommand)]
        command: Option<TrustCommand>,
        /// Do not ask
        #[arg(long)]
        yes: bool,
    },

    /// Trust this directory's project file no longer
    Untrust {
        /// What to trust no longer; without it, all that was trusted of this directory's project file
        #[arg(value_name = "DIGEST")]
        digest: Option<String>,
    },

    /// Show the configured accounts
    Account {
        #[command(subcommand)]
        command: AccountCommand,
    },

    /// Show, check and change where base credentials come from
    Source {
        #[command(subcommand)]
        command: SourceCommand,
    },

    /// Show and forget cached sessions
    Cache {
        #[command(subcommand)]
        command: CacheCommand,
    },

    /// Print a completion script for a shell
    #[command(alias = "completion")]
    #[command(
        after_help = "Example:\n  rolewrap completions bash > ~/.local/share/bash-completion/completions/rolewrap"
    )]
    Completions {
        /// The shell
        shell: clap_complete::Shell,
    },
}

/// `rolewrap config …`
#[derive(Debug, Clone, Copy, Subcommand)]
pub(crate) enum ConfigCommand {
    /// Print the merged configuration, each value with the layer that it came from
    Show,
    /// Check every file, account and source, without any network
    Check,
    /// Print where the configuration files are
    Path,
    /// Print the JSON Schema of the configuration file, for editors
    Schema,
}

/// `rolewrap trust …`
#[derive(Debug, Clone, Copy, Subcommand)]
pub(crate) enum TrustCommand {
    /// Print what this directory's project file may do, and its digest, and change nothing
    Show,
    /// List all that is trusted
    List {
        /// Print one JSON document
        #[arg(long)]
        json: bool,
    },
}

/// `rolewrap account …`
#[derive(Debug, Clone, Subcommand)]
pub(crate) enum AccountCommand {
    /// List the accounts, and mark the one that this directory selects
    List,
    /// Show what a session in an account would be asked for with
    Show {
        /// The account; without a name, the one that this directory selects
        name: Option<String>,
    },
}

/// `rolewrap source …`
#[derive(Debug, Clone, Subcommand)]
pub(crate) enum SourceCommand {
    /// List the sources, and mark those that are used here
    List,
    /// Show how a source is configured
    Show {
        /// The source
        name: String,
    },
    /// Load base credentials and ask AWS whose they are; their secret is never shown
    Check {
        /// The source; without a name, those that are used here
        name: Option<String>,
    },
    /// Put an access key into a source
    ///
    /// The two values are asked for on the terminal, where the secret is not shown. Without a terminal they are two
    /// lines of standard input: the access key id, then the secret access key.
    Add {
        /// The source
        name: String,
        /// Take the key from the file that the AWS console lets you download
        #[arg(long, value_name = "FILE")]
        csv: Option<PathBuf>,
        /// Replace a key that is there without asking
        #[arg(long)]
        yes: bool,
    },
    /// Remove the access key from a source
    Remove {
        /// The source
        name: String,
        /// Do not ask
        #[arg(long)]
        yes: bool,
    },
}

/// `rolewrap cache …`
#[derive(Debug, Clone, Copy, Subcommand)]
pub(crate) enum CacheCommand {
    /// List the cached sessions, without their secrets
    List {
        /// Print one JSON document
        #[arg(long)]
        json: bool,
    },
    /// Forget all cached sessions, and how long those of roles can be
    ///
    /// AWS takes them until they expire, whoever has them: what was started with one goes on.
    Clear,
}

/// What the command line asks for.
#[derive(Debug)]
pub(crate) enum Invocation {
    /// Terraform with these arguments.
    Terraform(Options, Vec<OsString>),
    /// Any command, with its arguments.
    Exec(Options, Vec<OsString>),
    /// A word that is no command of Terraform's, and nearly one of ours.
    Misspelt {
        /// As it was written.
        word: String,
        /// What it is taken for.
        meant: String,
        /// What of Terraform's stands before it.
        before: Vec<OsString>,
    },
    /// One of rolewrap's own commands where Terraform's arguments have begun.
    Misplaced {
        /// The options of rolewrap, as they were written.
        options: Vec<OsString>,
        /// What stands between them and the command.
        before: Vec<OsString>,
        /// The command, and all that follows.
        command: Vec<OsString>,
    },
    /// One of rolewrap's own commands.
    Own(Options, OwnCommand),
    /// Nothing at all. The help says what could be asked for.
    Nothing(StyledStr),
}

/// Reads the command line, without the program's name.
///
/// # Errors
/// clap's, which are also how `--help` and `--version` answer.
pub(crate) fn parse(arguments: Vec<OsString>) -> Result<Invocation, clap::Error> {
    let run = RunLine::command();
    let index = first_word::index(&run, &arguments);
    let behind = first_word::behind_beginning(&arguments, index);
    let word = arguments.get(index);
    if let Some((word, meant)) = misspelt_at(&arguments, index, behind) {
        let before = arguments[index..behind].to_vec();
        return Ok(Invocation::Misspelt { word, meant, before });
    }
    let is_ours = |word: &OsString| word.to_str().is_some_and(first_word::is_ours);
    if behind > index && arguments.get(behind).is_some_and(is_ours) {
        let mut options = Options::default();
        options.keep_words(&arguments[..index]);
        return Ok(Invocation::Misplaced {
            options: options.words,
            before: arguments[index..behind].to_vec(),
            command: arguments[behind..].to_vec(),
        });
    }
    let may_be_run = word.is_some();
    let (own, terraform) = first_word::split(arguments, index);
    // What is no run, or has a mistake in it, is for the whole definition to answer.
    let line = match may_be_run.then(|| read_run(run, &own)).flatten() {
        Some(line) => line,
        None => read(&own)?,
    };
    let mut options = line.options;
    if let Some(terraform) = &terraform {
        options.keep_words(&own);
        options.is_terraform_explicit = terraform.is_explicit;
    }
    match (line.command, terraform) {
        (Some(Word::Exec(ExecCommand::Exec { command })), _) => Ok(Invocation::Exec(options, command)),
        (Some(Word::Own(own)), _) => Ok(Invocation::Own(options, own)),
        (None, Some(terraform)) => Ok(Invocation::Terraform(options, terraform.arguments)),
        (None, None) => Ok(Invocation::Nothing(short_help::shorten(command()).render_help())),
    }
}

/// The word that decides, and the command of ours that it is most likely meant to be. See [`first_word::misspelt_command`].
pub(crate) fn misspelt(arguments: &[OsString]) -> Option<(String, String)> {
    let index = first_word::index(&RunLine::command(), arguments);
    misspelt_at(arguments, index, first_word::behind_beginning(arguments, index))
}

/// Two dashes say that what follows is Terraform's, whatever it looks like.
fn misspelt_at(arguments: &[OsString], index: usize, behind: usize) -> Option<(String, String)> {
    if arguments[index..behind].iter().any(|argument| argument == "--") {
        return None;
    }
    first_word::misspelt_command(arguments.get(behind)?)
}

fn read_run(run: clap::Command, own: &[OsString]) -> Option<CommandLine> {
    let matches = run.try_get_matches_from(with_name(own)).ok()?;
    let RunLine { options, command } = RunLine::from_arg_matches(&matches).ok()?;
    let command = command.map(Word::Exec);
    Some(CommandLine { options, command })
}

fn read(own: &[OsString]) -> Result<CommandLine, clap::Error> {
    let mut command = command();
    let matches = command
        .try_get_matches_from_mut(with_name(own))
        .map_err(|error| foreign_option::explain(with_short_help(error, own), own))?;
    CommandLine::from_arg_matches(&matches).map_err(|error| error.format(&mut command))
}

/// The command line's definition, for parsing and for completions.
pub(crate) fn command() -> clap::Command {
    CommandLine::command()
}

/// clap's answer to a question for help, with the short help that fits one screen. It is made then only: it takes as long as
/// everything else that is done with the command line, and most runs ask for no help.
fn with_short_help(error: clap::Error, own: &[OsString]) -> clap::Error {
    match error.kind() {
        ErrorKind::DisplayHelp | ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand => {
            let answer = short_help::shorten(command()).try_get_matches_from(with_name(own));
            answer.err().unwrap_or(error)
        }
        _ => error,
    }
}

/// The arguments behind the program's name, as clap wants them.
fn with_name(own: &[OsString]) -> impl Iterator<Item = OsString> {
    std::iter::once(OsString::from("rolewrap")).chain(own.iter().cloned())
}

#[cfg(test)]
mod tests;
