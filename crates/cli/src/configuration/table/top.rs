use super::Shape::{
    Choice, Free, List, Named, Number, Order, Policy, Switch, Table, Text, Texts, Time, Words,
};
use super::account::ACCOUNT;
use super::source::{MFA_KEY, SOURCE};
use super::{Key, Shape};
use crate::configuration::trust::Trust::{Anybody, Limit, LimitAtTheTop, Tags, Trusted};

/// What `provided_contexts` would let a project file do.
pub(super) const CONTEXTS: &str = "have a file of yours sent to AWS";

/// How a session can reach the command.
pub(super) const DELIVERIES: [&str; 2] = ["env", "endpoint"];

/// A whole configuration file.
pub(crate) const FILE: Shape = Table(&[
    Key::new(
        "source",
        Limit,
        Order,
        "The source of the base credentials, or a list of sources that are tried in order.",
    ),
    Key::new(
        "account",
        Anybody,
        Text,
        "The account to use if nothing else selects one.",
    ),
    Key::new(
        "region",
        Anybody,
        Text,
        "The AWS region, for STS and for the command.",
    ),
    Key::new(
        "duration",
        Anybody,
        Time,
        "How long a session lasts: a time such as \"1h\" or \"90m\", or a number of seconds. From 15 minutes to 12 hours; \"max\" is as long as the role allows.",
    ),
    Key::new(
        "session_name",
        Limit,
        Text,
        "The session name that CloudTrail shows. Placeholders: {user}, {host}, {git_sha}, {git_branch}, {git_ref}, {verb}, {pid}, {ci_job}.",
    ),
    Key::new(
        "external_id",
        LimitAtTheTop,
        Text,
        "The external id that the role's trust policy requires.",
    ),
    Key::new(
        "source_identity",
        Limit,
        Text,
        "The source identity of the session and of all sessions chained from it, with the placeholders of session names.",
    ),
    Key::new(
        "mfa_serial",
        Limit,
        Text,
        "The MFA device of the base credentials' user: its ARN, or the serial number of a hardware token. The session is then requested with its code.",
    ),
    Key::new(
        "mfa_command",
        Trusted("name a command"),
        Words,
        "A program that prints the code of the MFA device, and its arguments. No shell is involved. Without it and `mfa_vault`, rolewrap asks on the terminal.",
    ),
    Key::new(
        "mfa_variables",
        Trusted("keep variables from the command"),
        Texts,
        "Variables that the program of `mfa_command` needs and the command must not have, such as OP_SERVICE_ACCOUNT_TOKEN.",
    ),
    Key::new(
        "mfa_vault",
        Trusted("say where MFA codes come from"),
        MFA_KEY,
        "The key of a Vault TOTP engine that knows the code of the MFA device.",
    ),
    Key::new(
        "mfa_duration",
        LimitAtTheTop,
        Time,
        "How long one code is good for: a time such as \"12h\", or a number of seconds. From 15 minutes to 36 hours; 12 hours by default.",
    ),
    Key::new(
        "delivery",
        Anybody,
        Choice(&DELIVERIES),
        "How the session reaches the command: \"env\" puts it into the command's environment, \"endpoint\" serves it from memory on this machine and renews it while the command runs.",
    ),
    Key::new(
        "policy",
        Limit,
        Policy,
        "A session policy that limits the session: the path of a JSON file, or the policy as a table.",
    ),
    Key::new(
        "policy_arns",
        Limit,
        Texts,
        "The ARNs of managed policies that limit the session, at most 10.",
    ),
    Key::new(
        "tags",
        Tags,
        Free,
        "The session's tags. Values have the placeholders of session names.",
    ),
    Key::new(
        "transitive_tags",
        Limit,
        Texts,
        "The keys of the tags that the sessions of a chain inherit.",
    ),
    Key::new(
        "provided_contexts",
        Trusted(CONTEXTS),
        List(&CONTEXT),
        "What parties that AWS trusts, such as IAM Identity Center, assert about the user.",
    ),
    Key::new(
        "terraform",
        Trusted("name a command"),
        Text,
        "The Terraform or OpenTofu program: a name to look up on PATH, or a full path.",
    ),
    Key::new(
        "cache",
        Trusted("say how sessions are kept"),
        CACHE,
        "Sessions that several runs share.",
    ),
    Key::new(
        "sts",
        Trusted("name an address or a certificate"),
        STS,
        "How AWS STS is reached.",
    ),
    Key::new(
        "sources",
        Trusted("define a source"),
        Named(&SOURCE),
        "The sources of base credentials, by name.",
    ),
    Key::new(
        "accounts",
        Anybody,
        Named(&ACCOUNT),
        "The accounts that roles are assumed in, by name.",
    ),
    Key::new(
        "paths",
        Anybody,
        List(&PATH_RULE),
        "Which account a directory selects. The first rule that matches decides.",
    ),
]);

/// An item of `provided_contexts`.
pub(super) const CONTEXT: Shape = Table(&[
    Key::inner(
        "provider",
        Text,
        "The ARN of the party that asserts it, such as \"arn:aws:iam::aws:contextProvider/IdentityCenter\".",
    )
    .required(),
    Key::inner(
        "assertion_file",
        Text,
        "The file with the assertion. It is read again for each session.",
    )
    .required(),
]);

const CACHE: Shape = Table(&[
    Key::inner("enabled", Switch, "Whether sessions are cached. True by default."),
    Key::inner(
        "store",
        Choice(&["kernel", "keyring", "auto"]),
        "What holds the key that sessions are encrypted with: the Linux kernel's keyring, or the operating system's. \"auto\", the default, is the former on Linux and the latter elsewhere.",
    ),
    Key::inner(
        "min_remaining",
        Time,
        "How long a cached session must still live to be used: a time such as \"20m\", or a number of seconds. By default, more than half of its life.",
    ),
]);

const STS: Shape = Table(&[
    Key::inner(
        "endpoint_url",
        Text,
        "The URL of the STS endpoint, if it is not AWS's own.",
    ),
    Key::inner(
        "ca_bundle",
        Text,
        "A PEM file with the certificate authorities to trust, in place of the system's.",
    ),
    Key::inner("use_fips", Switch, "Whether to use the FIPS endpoint."),
    Key::inner(
        "use_dual_stack",
        Switch,
        "Whether to use the dual-stack endpoint.",
    ),
    Key::inner(
        "regional_endpoints",
        Choice(&["regional", "legacy"]),
        "\"regional\" for the endpoint of the region, \"legacy\" for the global one.",
    ),
    Key::inner(
        "max_attempts",
        Number,
        "How often STS is asked at most if an error may pass by itself. By default 5 times, and 12 times if STS throttles.",
    ),
]);

const PATH_RULE: Shape = Table(&[
    Key::inner(
        "match",
        Text,
        "Directories, relative to the file with this rule: `*` matches within one name, `**` across several.",
    )
    .required(),
    Key::inner("account", Text, "The account that these directories select.").required(),
]);
