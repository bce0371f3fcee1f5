use super::Shape::{
    Choice, Free, List, Named, Number, Order, Policy, Switch, Table, Text, Texts, Time, Words,
};
use super::account::ACCOUNT;
use super::option::Heading::{Choosing, Running, Shaping};
use super::source::{MFA_KEY, SOURCE};
use super::{Key, SettingOption, Shape};
use crate::configuration::trust::Trust::{Anybody, Limit, LimitAtTheTop, NoFile, Tags, Trusted};

/// What `provided_contexts` would let a project file do.
pub(super) const CONTEXTS: &str = "have a file of yours sent to AWS";

const MORE_ON_SESSION_NAME: &str = "Placeholders: {user}, {host}, {git_sha}, {git_branch}, {git_ref}, {verb}, {pid}, {ci_job}. Without this option it is {user}@{host}, or {ci_job} where a CI system is recognised.";

/// How a session can reach the command.
pub(super) const DELIVERIES: [&str; 2] = ["env", "endpoint"];

/// All settings at the top: those of a whole configuration file, and those that only options and variables set.
pub(crate) const FILE: Shape = Table(&[
    Key::new("iam_role", NoFile, Text, "The role, by its ARN, or by its name in the account.")
        .variables(&["ROLEWRAP_IAM_ROLE", "TG_IAM_ASSUME_ROLE", "TERRAGRUNT_IAM_ROLE"])
        .option(
            SettingOption::new("--iam-role", "ARN", Choosing, "Assume this role")
                .more("The full ARN of the role. Wins over an account that a variable or a file selects. Together with --account it replaces the role of that account.")
                .alias("role-arn")
                .hidden_aliases(&["terragrunt-iam-role", "iam-assume-role"]),
        ),
    Key::new(
        "account",
        Anybody,
        Text,
        "The account to use if nothing else selects one.",
    )
    .variables(&["ROLEWRAP_ACCOUNT"])
    .option(SettingOption::new("--account", "NAME", Choosing, "Use this account of the configuration")),
    Key::new(
        "source",
        Limit,
        Order,
        "The source of the base credentials, or a list of sources that are tried in order.",
    )
    .variables(&["ROLEWRAP_SOURCE"])
    .option(SettingOption::new("--source", "NAME", Choosing, "Take the base credentials from this source")),
    Key::new(
        "region",
        Anybody,
        Text,
        "The AWS region, for STS and for the command.",
    )
    .variables(&["ROLEWRAP_REGION", "AWS_REGION", "AWS_DEFAULT_REGION"])
    .option(SettingOption::new("--region", "REGION", Shaping, "The AWS region, for STS and for the command")),
    Key::new(
        "duration",
        Anybody,
        Time,
        "How long a session lasts: a time such as \"1h\" or \"90m\", or a number of seconds. From 15 minutes to 12 hours; \"max\" is as long as the role allows.",
    )
    .variables(&["ROLEWRAP_DURATION", "TG_IAM_ASSUME_ROLE_DURATION", "TERRAGRUNT_IAM_ASSUME_ROLE_DURATION"])
    .option(
        SettingOption::new("--duration", "TIME", Shaping, "How long the session lasts, such as 1h or 90m")
            .short('d')
            .more("From 15 minutes to 12 hours, and no longer than the role allows; max is as long as that. AWS's default is one hour.")
            .hidden_aliases(&["iam-assume-role-duration", "terragrunt-iam-assume-role-duration"]),
    ),
    Key::new(
        "session_name",
        Limit,
        Text,
        "The session name that CloudTrail shows. Placeholders: {user}, {host}, {git_sha}, {git_branch}, {git_ref}, {verb}, {pid}, {ci_job}.",
    )
    .variables(&["ROLEWRAP_SESSION_NAME", "TG_IAM_ASSUME_ROLE_SESSION_NAME", "TERRAGRUNT_IAM_ASSUME_ROLE_SESSION_NAME"])
    .option(
        SettingOption::new("--session-name", "NAME", Shaping, "The session name that CloudTrail shows")
            .more(MORE_ON_SESSION_NAME)
            .hidden_aliases(&["iam-assume-role-session-name", "terragrunt-iam-assume-role-session-name"]),
    ),
    Key::new(
        "external_id",
        LimitAtTheTop,
        Text,
        "The external id that the role's trust policy requires.",
    )
    .variables(&["ROLEWRAP_EXTERNAL_ID"])
    .option(SettingOption::new("--external-id", "ID", Shaping, "The external id that the role's trust policy asks for")),
    Key::new(
        "source_identity",
        Limit,
        Text,
        "The source identity of the session and of all sessions chained from it, with the placeholders of session names.",
    )
    .variables(&["ROLEWRAP_SOURCE_IDENTITY"])
    .option(SettingOption::new("--source-identity", "NAME", Shaping, "The source identity of the session")),
    Key::new(
        "mfa_serial",
        Limit,
        Text,
        "The MFA device of the base credentials' user: its ARN, or the serial number of a hardware token. The session is then requested with its code.",
    )
    .variables(&["ROLEWRAP_MFA_SERIAL"])
    .option(SettingOption::new("--mfa-serial", "DEVICE", Shaping, "The MFA device, by ARN or serial number")),
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
    )
    .variables(&["ROLEWRAP_DELIVERY"])
    .option(
        SettingOption::new("--delivery", "WAY", Shaping, "How the session reaches the command: env or endpoint")
            .more("With `env` it is in the command's environment and lasts as long as the session does. With `endpoint` it is served from memory, to this command alone, and renewed until the command has ended."),
    ),
    Key::new(
        "hide_profiles",
        Limit,
        Switch,
        "Whether the command finds no profiles in ~/.aws. Some programs prefer them to a session in variables.",
    )
    .variables(&["ROLEWRAP_HIDE_PROFILES"])
    .option(
        SettingOption::new("--hide-profiles", "BOOL", Shaping, "Let the command find no profiles in ~/.aws")
            .more("Some programs prefer the default profile to a session in variables: the AWS SDK for .NET before version 4, and that for PHP in some setups. With `endpoint` profiles are always hidden.")
            .switch(),
    ),
    Key::new(
        "policy",
        Limit,
        Policy,
        "A session policy that limits the session: the path of a JSON file, or the policy as a table.",
    )
    .variables(&["ROLEWRAP_POLICY"])
    .option(SettingOption::new("--policy", "FILE", Shaping, "A session policy, which limits the session: the path of a JSON file")),
    Key::new(
        "policy_arns",
        Limit,
        Texts,
        "The ARNs of managed policies that limit the session, at most 10.",
    )
    .variables(&["ROLEWRAP_POLICY_ARN"])
    .option(SettingOption::new("--policy-arn", "ARN", Shaping, "A managed policy that limits the session; repeatable").repeatable()),
    Key::new(
        "tags",
        Tags,
        Free,
        "The session's tags. Values have the placeholders of session names.",
    )
    .variables(&["ROLEWRAP_TAG"])
    .option(
        SettingOption::new("--tag", "KEY=VALUE", Shaping, "A tag of the session; repeatable")
            .more("It is added to the tags of the configuration, and replaces one with the same key. The value has the same placeholders as the session name.")
            .repeatable(),
    ),
    Key::new(
        "transitive_tags",
        Limit,
        Texts,
        "The keys of the tags that the sessions of a chain inherit.",
    )
    .variables(&["ROLEWRAP_TRANSITIVE_TAG"])
    .option(SettingOption::new("--transitive-tag", "KEY", Shaping, "The key of a tag that the sessions of a chain inherit; repeatable").repeatable()),
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
    )
    .variables(&["ROLEWRAP_TERRAFORM", "TG_TF_PATH", "TERRAGRUNT_TFPATH"])
    .option(SettingOption::new("--terraform", "PATH", Running, "The Terraform or OpenTofu program").hidden_aliases(&["terragrunt-tfpath", "tf-path"])),
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
    Key::inner("enabled", Switch, "Whether sessions are cached. True by default.")
        .variables(&["ROLEWRAP_CACHE"]),
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
    )
    .variables(&["AWS_ENDPOINT_URL_STS", "AWS_ENDPOINT_URL"]),
    Key::inner(
        "ca_bundle",
        Text,
        "A PEM file with the certificate authorities to trust, in place of the system's.",
    )
    .variables(&["AWS_CA_BUNDLE", "SSL_CERT_FILE"]),
    Key::inner("use_fips", Switch, "Whether to use the FIPS endpoint.")
    .variables(&["AWS_USE_FIPS_ENDPOINT"]),
    Key::inner(
        "use_dual_stack",
        Switch,
        "Whether to use the dual-stack endpoint.",
    )
    .variables(&["AWS_USE_DUALSTACK_ENDPOINT"]),
    Key::inner(
        "regional_endpoints",
        Choice(&["regional", "legacy"]),
        "\"regional\" for the endpoint of the region, \"legacy\" for the global one.",
    )
    .variables(&["AWS_STS_REGIONAL_ENDPOINTS"]),
    Key::inner(
        "max_attempts",
        Number,
        "How often STS is asked at most if an error may pass by itself. By default 5 times, and 12 times if STS throttles.",
    )
    .variables(&["AWS_MAX_ATTEMPTS"]),
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
