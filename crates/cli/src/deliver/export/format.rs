#![allow(clippy::doc_markdown, reason = "these comments are the text of --help")]

use clap::ValueEnum;

/// How the session is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    /// Lines for a POSIX shell: export NAME=VALUE
    Env,
    /// The same without export, for env files of Docker and systemd too
    EnvNoExport,
    /// Lines for fish: set -gx NAME 'VALUE'
    Fish,
    /// Lines for PowerShell: $Env:NAME='VALUE'
    Powershell,
    /// Lines for cmd.exe: set NAME=VALUE
    WindowsCmd,
    /// A JSON object
    Json,
    /// The document of AWS's credential_process
    Process,
    /// NAME=VALUE, for readers of .env files
    Dotenv,
    /// For the next steps of a job of GitHub Actions, by way of GITHUB_ENV; prints the commands that mask the secrets
    Github,
    /// A profile for a credentials file of AWS
    Ini,
    /// The answer to Terragrunt's auth_provider_cmd
    Terragrunt,
}

impl Format {
    /// The format as it is named on the command line.
    pub(crate) fn name(self) -> String {
        self.to_possible_value()
            .map(|value| value.get_name().to_owned())
            .unwrap_or_default()
    }

    /// What is printed in place of a session that cannot be had, so that a shell does not take nothing for success:
    /// `eval "$(rolewrap export)" && terraform apply` would go on under whatever identity the shell has.
    pub(crate) fn refusal(self) -> Option<&'static str> {
        match self {
            Self::Env | Self::Fish => Some("false\n"),
            // Docker, which would go on with a line of one word, refuses a file with this one.
            Self::EnvNoExport => Some("false rolewrap exported no session\n"),
            Self::Powershell => Some("throw 'rolewrap exported no session'\n"),
            _ => None,
        }
    }

    /// Whether it is a list of variables for a place that has its other variables from elsewhere, so that one of those
    /// may name another identity.
    pub(super) fn joins_other_variables(self) -> bool {
        matches!(
            self,
            Self::EnvNoExport | Self::Dotenv | Self::Github | Self::Terragrunt
        )
    }
}
