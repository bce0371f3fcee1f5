use super::Shape::{Boolean, Choice, Table, Text, Texts, Time, Words};
use super::vault::VAULT;
use super::{Key, Kind, Shape, Tagged};

/// `[sources.NAME]`
pub(super) const SOURCE: Shape = Shape::Tagged(&Tagged {
    key: "type",
    what: "source type",
    all: "the types are",
    kinds: &[
        Kind::new(
            "env",
            "The standard AWS environment variables.",
            &[MFA_SERIAL, MFA_COMMAND, MFA_VARIABLES, MFA_VAULT],
        ),
        Kind::new(
            "keyring",
            "The operating system's keyring: Secret Service on Linux, Keychain on macOS, Credential Manager on Windows.",
            KEYRING,
        ),
        Kind::new(
            "process",
            "A program that prints AWS's credential_process document.",
            PROCESS,
        ),
        Kind::new("vault", "HashiCorp Vault or OpenBao.", VAULT),
        Kind::new(
            "web-identity",
            "A token of an identity provider in place of a key: a CI job's, or a Kubernetes pod's. Without `provider`, `token_file` and `token_variable`, rolewrap looks in the usual places.",
            WEB_IDENTITY,
        ),
    ],
});

pub(super) const MFA_SERIAL: Key = Key::inner(
    "mfa_serial",
    Text,
    "The MFA device of the base credentials' user: its ARN, or the serial number of a hardware token.",
);
pub(super) const MFA_COMMAND: Key = Key::inner(
    "mfa_command",
    Words,
    "A program that prints the code of the MFA device, and its arguments. No shell is involved.",
);
pub(super) const MFA_VARIABLES: Key = Key::inner(
    "mfa_variables",
    Texts,
    "Variables that the program of `mfa_command` needs and the command must not have, such as OP_SERVICE_ACCOUNT_TOKEN.",
);
pub(super) const MFA_VAULT: Key = Key::inner(
    "mfa_vault",
    MFA_KEY,
    "The key of a Vault TOTP engine that knows the code of the MFA device.",
);

/// `mfa_vault`
pub(super) const MFA_KEY: Shape = Table(&[
    Key::inner(
        "source",
        Text,
        "The source of type vault whose server and login are used. Inside such a source, that one by default.",
    ),
    Key::inner(
        "mount",
        Text,
        "Where the TOTP engine is mounted. \"totp\" by default.",
    ),
    Key::inner("key", Text, "The name of the key in the TOTP engine.").required(),
]);

const KEYRING: &[Key] = &[
    Key::inner(
        "entry",
        Text,
        "The user name of the keyring item, whose service is \"rolewrap\". \"default\" by default.",
    ),
    Key::inner(
        "timeout",
        Time,
        "How long the keyring may take, including the time to unlock it: a time such as \"30s\", or a number of seconds. One minute by default, an hour at most.",
    ),
    MFA_SERIAL,
    MFA_COMMAND,
    MFA_VARIABLES,
    MFA_VAULT,
];

const PROCESS: &[Key] = &[
    Key::inner(
        "command",
        Words,
        "The program and its arguments. No shell is involved. The program is a name to look up on PATH, or a full path; in a project file also a path that begins with `./` or `../`.",
    )
    .required(),
    Key::inner(
        "variables",
        Texts,
        "Variables that the program needs and the command must not have, such as OP_SERVICE_ACCOUNT_TOKEN.",
    ),
    Key::inner(
        "chooses_by",
        CHOOSES_BY,
        "Everything that the program chooses the key by. By default, everything that the program gets.",
    ),
    Key::inner(
        "timeout",
        Time,
        "How long the program may take, including questions that it asks: a time such as \"30s\", or a number of seconds. One minute by default, an hour at most.",
    ),
    MFA_SERIAL,
    MFA_COMMAND,
    MFA_VARIABLES,
    MFA_VAULT,
];

/// `chooses_by`
const CHOOSES_BY: Shape = Table(&[
    Key::inner(
        "variables",
        Texts,
        "The variables that the program chooses by. Those in `variables` of the source count in any case.",
    ),
    Key::inner(
        "directory",
        Boolean,
        "Whether the program chooses by the working directory. False by default.",
    ),
]);

const WEB_IDENTITY: &[Key] = &[
    Key::inner(
        "provider",
        Choice(&["github", "gitlab", "kubernetes"]),
        "The provider in whose usual place the token is.",
    ),
    Key::inner(
        "token_file",
        Text,
        "The file with the token. It is read each time.",
    ),
    Key::inner("token_variable", Text, "The variable with the token."),
    Key::inner(
        "audience",
        Text,
        "The audience of a GitHub token. \"sts.amazonaws.com\" by default.",
    ),
];
