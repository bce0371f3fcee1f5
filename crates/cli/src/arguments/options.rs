#![allow(clippy::doc_markdown, reason = "these comments are the text of --help")]

use std::convert::Infallible;
use std::ffi::OsString;

use clap::{ArgAction, Args};
use rolewrap_core::Secret;

use super::setting_options::SettingOptions;
use crate::configuration::WEB_IDENTITY;

const CHOOSING: &str = "Choosing the role";
/// Terragrunt's option for a web identity token.
pub(crate) const WEB_IDENTITY_TOKEN: &str = "--iam-assume-role-web-identity-token";
/// The option for the code of an MFA device.
const MFA_CODE: &str = "--mfa-token";
const SESSION: &str = "Shaping the session";
const RUNNING: &str = "Running the command";

/// The options that every command takes. Their environment variables are a layer of the configuration.
#[derive(Debug, Clone, Default, Args)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is a switch of the command line"
)]
pub(crate) struct Options {
    /// Those that set a key of the configuration.
    #[command(flatten)]
    pub(crate) settings: SettingOptions,

    /// The file with a web identity token, by its path, which is the source then. It is Terragrunt's option, which would
    /// take the token itself as well.
    #[arg(
        long = "iam-assume-role-web-identity-token",
        value_name = "FILE",
        global = true,
        hide = true
    )]
    #[arg(aliases = ["terragrunt-iam-web-identity-token", "terragrunt-iam-assume-role-web-identity-token"])]
    #[arg(value_parser = hidden, conflicts_with = "source")]
    pub(crate) web_identity_token: Option<Secret>,

    /// Read this file instead of the user's own configuration [variable: ROLEWRAP_CONFIG]
    #[arg(long, value_name = "FILE", global = true, help_heading = CHOOSING)]
    pub(crate) config: Option<String>,

    /// Trust a project file of this digest; repeatable [variable: ROLEWRAP_TRUST, separated by commas]
    ///
    /// For CI jobs, where nobody can be asked. `rolewrap trust show` prints the digest and what it allows.
    #[arg(long, value_name = "DIGEST", value_delimiter = ',', global = true, help_heading = CHOOSING)]
    pub(crate) trust: Vec<String>,

    /// The code that the MFA device shows now [variable: ROLEWRAP_MFA_TOKEN]
    ///
    /// Without it the code comes from mfa_command or mfa_vault of the configuration, or is asked for on the terminal.
    #[arg(long, value_name = "CODE", global = true, help_heading = SESSION, value_parser = hidden)]
    pub(crate) mfa_token: Option<Secret>,

    /// Leave this variable in the command's environment although rolewrap would remove it; repeatable
    /// [variable: ROLEWRAP_KEEP_ENV, names separated by commas]
    #[arg(long, value_name = "NAME", value_delimiter = ',', global = true, help_heading = RUNNING)]
    pub(crate) keep_env: Vec<String>,

    /// Use no cached session, and keep none [variable: ROLEWRAP_NO_CACHE]
    #[arg(long, global = true, help_heading = RUNNING)]
    pub(crate) no_cache: bool,

    /// Replace the cached session by a new one [variable: ROLEWRAP_REFRESH]
    #[arg(long, global = true, conflicts_with = "no_cache", help_heading = RUNNING)]
    pub(crate) refresh: bool,

    /// Never ask anything [variable: ROLEWRAP_NON_INTERACTIVE]
    ///
    /// What would have to be asked, such as a password that neither a file nor a variable has, is an error.
    #[arg(long, global = true, help_heading = RUNNING)]
    pub(crate) non_interactive: bool,

    /// Say what is done; twice for every detail [variable: ROLEWRAP_VERBOSE]
    #[arg(short, long, action = ArgAction::Count, global = true, help_heading = RUNNING)]
    pub(crate) verbose: u8,

    /// Print errors only [variable: ROLEWRAP_QUIET]
    #[arg(short, long, global = true, conflicts_with = "verbose", help_heading = RUNNING)]
    pub(crate) quiet: bool,

    /// All of them as they were written, for a command line that a person can repeat. A code of an MFA device is not
    /// among them: it is good for one time.
    #[arg(skip)]
    pub(crate) words: Vec<OsString>,

    /// Whether two dashes stood before Terraform's arguments: their first word is Terraform's then, whatever it looks like.
    #[arg(skip)]
    pub(crate) is_terraform_explicit: bool,
}

impl Options {
    /// Keeps `written`, the options as they were written.
    pub(super) fn keep_words(&mut self, written: &[OsString]) {
        let mut written = written.iter();
        while let Some(word) = written.next() {
            let text = word.to_string_lossy();
            if text == MFA_CODE {
                written.next();
            } else if !text.starts_with(&format!("{MFA_CODE}=")) {
                self.words.push(word.clone());
            }
        }
    }

    /// The options that are a layer of the configuration: key, option and value.
    pub(crate) fn values(&self) -> Vec<(&'static str, &'static str, String)> {
        let mut values = self.settings.values();
        if self.no_cache {
            values.push(("cache.enabled", "--no-cache", "false".to_owned()));
        }
        if let Some(file) = &self.web_identity_token {
            let file = file.expose().to_owned();
            values.push(("web_identity_token_file", WEB_IDENTITY_TOKEN, file));
            values.push(("source", WEB_IDENTITY_TOKEN, WEB_IDENTITY.to_owned()));
        }
        values
    }
}

/// Takes everything, since clap repeats what it refuses.
#[expect(clippy::unnecessary_wraps, reason = "clap's parsers can fail")]
fn hidden(value: &str) -> Result<Secret, Infallible> {
    Ok(Secret::new(value))
}
