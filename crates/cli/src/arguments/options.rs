#![allow(clippy::doc_markdown, reason = "these comments are the text of --help")]

use std::convert::Infallible;
use std::ffi::OsString;

use clap::{ArgAction, Args};
use rolewrap_core::Secret;

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
    /// Assume this role [variable: ROLEWRAP_IAM_ROLE]
    ///
    /// The full ARN of the role. Wins over an account that a variable or a file selects. Together with
    /// --account it replaces the role of that account.
    #[arg(long, value_name = "ARN", global = true, help_heading = CHOOSING)]
    #[arg(visible_alias = "role-arn", aliases = ["terragrunt-iam-role", "iam-assume-role"])]
    pub(crate) iam_role: Option<String>,

    /// Use this account of the configuration [variable: ROLEWRAP_ACCOUNT]
    #[arg(long, value_name = "NAME", global = true, help_heading = CHOOSING)]
    pub(crate) account: Option<String>,

    /// Take the base credentials from this source [variable: ROLEWRAP_SOURCE]
    #[arg(long, value_name = "NAME", global = true, help_heading = CHOOSING)]
    pub(crate) source: Option<String>,

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

    /// How long the session lasts, such as 1h or 90m [variable: ROLEWRAP_DURATION]
    ///
    /// From 15 minutes to 12 hours, and no longer than the role allows; max is as long as that. AWS's default is one
    /// hour.
    #[arg(short, long, value_name = "TIME", global = true, help_heading = SESSION)]
    #[arg(aliases = ["iam-assume-role-duration", "terragrunt-iam-assume-role-duration"])]
    pub(crate) duration: Option<String>,

    /// The session name that CloudTrail shows [variable: ROLEWRAP_SESSION_NAME]
    ///
    /// Placeholders: {user}, {host}, {git_sha}, {git_branch}, {git_ref}, {verb}, {pid}, {ci_job}. Without this option it
    /// is {user}@{host}, or {ci_job} where a CI system is recognised.
    #[arg(long, value_name = "NAME", global = true, help_heading = SESSION)]
    #[arg(aliases = ["iam-assume-role-session-name", "terragrunt-iam-assume-role-session-name"])]
    pub(crate) session_name: Option<String>,

    /// The external id that the role's trust policy asks for [variable: ROLEWRAP_EXTERNAL_ID]
    #[arg(long, value_name = "ID", global = true, help_heading = SESSION)]
    pub(crate) external_id: Option<String>,

    /// The source identity of the session [variable: ROLEWRAP_SOURCE_IDENTITY]
    #[arg(long, value_name = "NAME", global = true, help_heading = SESSION)]
    pub(crate) source_identity: Option<String>,

    /// The MFA device, by ARN or serial number [variable: ROLEWRAP_MFA_SERIAL]
    #[arg(long, value_name = "DEVICE", global = true, help_heading = SESSION)]
    pub(crate) mfa_serial: Option<String>,

    /// The code that the MFA device shows now [variable: ROLEWRAP_MFA_TOKEN]
    ///
    /// Without it the code comes from mfa_command or mfa_vault of the configuration, or is asked for on the terminal.
    #[arg(long, value_name = "CODE", global = true, help_heading = SESSION, value_parser = hidden)]
    pub(crate) mfa_token: Option<Secret>,

    /// A session policy, which limits the session: the path of a JSON file [variable: ROLEWRAP_POLICY]
    #[arg(long, value_name = "FILE", global = true, help_heading = SESSION)]
    pub(crate) policy: Option<String>,

    /// A managed policy that limits the session; repeatable [variable: ROLEWRAP_POLICY_ARN, separated by commas]
    #[arg(long = "policy-arn", value_name = "ARN", global = true, help_heading = SESSION)]
    pub(crate) policy_arns: Vec<String>,

    /// A tag of the session; repeatable [variable: ROLEWRAP_TAG, separated by commas]
    ///
    /// It is added to the tags of the configuration, and replaces one with the same key. The value has the same
    /// placeholders as the session name.
    #[arg(long = "tag", value_name = "KEY=VALUE", global = true, help_heading = SESSION)]
    pub(crate) tags: Vec<String>,

    /// The key of a tag that the sessions of a chain inherit; repeatable
    /// [variable: ROLEWRAP_TRANSITIVE_TAG, separated by commas]
    #[arg(long = "transitive-tag", value_name = "KEY", global = true, help_heading = SESSION)]
    pub(crate) transitive_tags: Vec<String>,

    /// The AWS region, for STS and for the command [variable: ROLEWRAP_REGION, AWS_REGION]
    #[arg(long, value_name = "REGION", global = true, help_heading = SESSION)]
    pub(crate) region: Option<String>,

    /// How the session reaches the command: env or endpoint [variable: ROLEWRAP_DELIVERY]
    ///
    /// With `env` it is in the command's environment and lasts as long as the session does. With `endpoint` it is served
    /// from memory, to this command alone, and renewed until the command has ended.
    #[arg(long, value_name = "WAY", global = true, help_heading = SESSION)]
    pub(crate) delivery: Option<String>,

    /// The Terraform or OpenTofu program [variable: ROLEWRAP_TERRAFORM]
    #[arg(long, value_name = "PATH", global = true, help_heading = RUNNING)]
    #[arg(aliases = ["terragrunt-tfpath", "tf-path"])]
    pub(crate) terraform: Option<String>,

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
        // As their variables have them.
        let joined = |values: &Vec<String>| (!values.is_empty()).then(|| values.join(","));
        let not_enabled = self.no_cache.then(|| "false".to_owned());
        let token_file = self.web_identity_token.as_ref();
        let token_file = token_file.map(|file| file.expose().to_owned());
        let source = token_file.as_ref().map(|_| WEB_IDENTITY.to_owned());
        let of_token = [
            ("web_identity_token_file", WEB_IDENTITY_TOKEN, &token_file),
            ("source", WEB_IDENTITY_TOKEN, &source),
        ];
        [
            ("iam_role", "--iam-role", &self.iam_role),
            ("account", "--account", &self.account),
            ("source", "--source", &self.source),
            ("duration", "--duration", &self.duration),
            ("session_name", "--session-name", &self.session_name),
            ("external_id", "--external-id", &self.external_id),
            ("source_identity", "--source-identity", &self.source_identity),
            ("mfa_serial", "--mfa-serial", &self.mfa_serial),
            ("policy", "--policy", &self.policy),
            ("policy_arns", "--policy-arn", &joined(&self.policy_arns)),
            ("tags", "--tag", &joined(&self.tags)),
            (
                "transitive_tags",
                "--transitive-tag",
                &joined(&self.transitive_tags),
            ),
            ("region", "--region", &self.region),
            ("delivery", "--delivery", &self.delivery),
            ("terraform", "--terraform", &self.terraform),
            ("cache.enabled", "--no-cache", &not_enabled),
        ]
        .into_iter()
        .chain(of_token)
        .filter_map(|(key, option, value)| Some((key, option, value.clone()?)))
        .collect()
    }
}

/// Takes everything, since clap repeats what it refuses.
#[expect(clippy::unnecessary_wraps, reason = "clap's parsers can fail")]
fn hidden(value: &str) -> Result<Secret, Infallible> {
    Ok(Secret::new(value))
}
