/// Which keys a place in a configuration file may have. Serde knows them too, but cannot be asked for the
/// nearest one; a test holds this table against the JSON Schema that is made from the serde types.
#[derive(Debug)]
pub(crate) enum Shape {
    /// A value without keys of its own.
    Value,
    /// A program and its arguments: a list of texts.
    Words,
    /// A table with these keys.
    Table(&'static [(&'static str, Shape)]),
    /// A table whose keys are names that the user chooses.
    Named(&'static Shape),
    /// A table with any keys: they are data.
    Free,
    /// A list of tables.
    List(&'static Shape),
    /// A table of which one key decides which other keys it has.
    Tagged(&'static Tagged),
}

impl Shape {
    /// Whether a key is called `name` here, or anywhere in it.
    pub(crate) fn knows(&self, name: &str) -> bool {
        match self {
            Self::Value | Self::Words | Self::Free => false,
            Self::Table(keys) => keys.iter().any(|(key, shape)| *key == name || shape.knows(name)),
            Self::Named(shape) | Self::List(shape) => shape.knows(name),
            Self::Tagged(tagged) => {
                tagged.key == name || tagged.kinds.iter().any(|(_, shape)| shape.knows(name))
            }
        }
    }
}

/// A table that is one of several kinds.
#[derive(Debug)]
pub(crate) struct Tagged {
    /// The key that names the kind.
    pub(crate) key: &'static str,
    /// What a kind is called.
    pub(crate) what: &'static str,
    /// How a list of the kinds begins.
    pub(crate) all: &'static str,
    /// The kinds, and the shape of each.
    pub(crate) kinds: &'static [(&'static str, Shape)],
}

use Shape::{Free, List, Named, Table, Value, Words};

const ACCOUNT: Shape = Table(&[
    ("id", Value),
    ("role", Value),
    ("via", Value),
    ("source", Value),
    ("region", Value),
    ("duration", Value),
    ("external_id", Value),
    ("session_name", Value),
    ("source_identity", Value),
    MFA_SERIAL,
    ("delivery", Value),
    ("policy", Value),
    ("policy_arns", Value),
    ("tags", Free),
    ("transitive_tags", Value),
    ("provided_contexts", List(&CONTEXT)),
]);

const MFA_SERIAL: (&str, Shape) = ("mfa_serial", Value);
const MFA_COMMAND: (&str, Shape) = ("mfa_command", Words);
const MFA_VAULT: (&str, Shape) = (
    "mfa_vault",
    Table(&[("source", Value), ("mount", Value), ("key", Value)]),
);

const CONTEXT: Shape = Table(&[("provider", Value), ("assertion_file", Value)]);

const SOURCE: Shape = Shape::Tagged(&Tagged {
    key: "type",
    what: "source type",
    all: "the types are",
    kinds: &[
        (
            "env",
            Table(&[("type", Value), MFA_SERIAL, MFA_COMMAND, MFA_VAULT]),
        ),
        (
            "keyring",
            Table(&[
                ("type", Value),
                ("entry", Value),
                ("timeout", Value),
                MFA_SERIAL,
                MFA_COMMAND,
                MFA_VAULT,
            ]),
        ),
        (
            "process",
            Table(&[
                ("type", Value),
                ("command", Words),
                ("variables", Value),
                ("timeout", Value),
                MFA_SERIAL,
                MFA_COMMAND,
                MFA_VAULT,
            ]),
        ),
        ("vault", VAULT),
        (
            "web-identity",
            Table(&[
                ("type", Value),
                ("provider", Value),
                ("token_file", Value),
                ("token_variable", Value),
                ("audience", Value),
            ]),
        ),
    ],
});

const VAULT: Shape = Table(&[
    ("type", Value),
    ("address", Value),
    ("addresses", Value),
    ("namespace", Value),
    ("engine", Value),
    ("mount", Value),
    ("path", Value),
    ("kv_version", Value),
    ("version", Value),
    ("fields", VAULT_FIELDS),
    ("role", Value),
    ("auth", VAULT_AUTH),
    ("ca_cert", Value),
    ("client_cert", Value),
    ("client_key", Value),
    ("tls_server_name", Value),
    ("timeout", Value),
    MFA_SERIAL,
    MFA_COMMAND,
    MFA_VAULT,
]);

const VAULT_FIELDS: Shape = Table(&[
    ("access_key_id", Value),
    ("secret_access_key", Value),
    ("session_token", Value),
]);

const METHOD: (&str, Shape) = ("method", Value);
const MOUNT: (&str, Shape) = ("mount", Value);
const PASSWORD: Shape = Table(&[
    METHOD,
    MOUNT,
    ("username", Value),
    ("password_file", Value),
    ("password_variable", Value),
]);

const VAULT_AUTH: Shape = Shape::Tagged(&Tagged {
    key: "method",
    what: "login method",
    all: "the methods are",
    kinds: &[
        ("token", Table(&[METHOD, ("token_file", Value)])),
        (
            "approle",
            Table(&[
                METHOD,
                MOUNT,
                ("role_id", Value),
                ("secret_id_file", Value),
                ("secret_id_variable", Value),
                ("wrapped", Value),
            ]),
        ),
        ("userpass", PASSWORD),
        ("ldap", PASSWORD),
        (
            "kubernetes",
            Table(&[METHOD, MOUNT, ("role", Value), ("jwt_file", Value)]),
        ),
        (
            "jwt",
            Table(&[
                METHOD,
                MOUNT,
                ("role", Value),
                ("jwt_file", Value),
                ("jwt_variable", Value),
            ]),
        ),
        ("cert", Table(&[METHOD, MOUNT, ("role", Value)])),
    ],
});

const CACHE: Shape = Table(&[("enabled", Value), ("store", Value), ("min_remaining", Value)]);

const STS: Shape = Table(&[
    ("endpoint_url", Value),
    ("ca_bundle", Value),
    ("use_fips", Value),
    ("use_dual_stack", Value),
    ("regional_endpoints", Value),
    ("max_attempts", Value),
]);

const PATH_RULE: Shape = Table(&[("match", Value), ("account", Value)]);

/// A whole configuration file.
pub(crate) const FILE: Shape = Table(&[
    ("source", Value),
    ("account", Value),
    ("region", Value),
    ("duration", Value),
    ("session_name", Value),
    ("external_id", Value),
    ("source_identity", Value),
    MFA_SERIAL,
    MFA_COMMAND,
    MFA_VAULT,
    ("mfa_duration", Value),
    ("delivery", Value),
    ("policy", Value),
    ("policy_arns", Value),
    ("tags", Free),
    ("transitive_tags", Value),
    ("provided_contexts", List(&CONTEXT)),
    ("terraform", Value),
    ("cache", CACHE),
    ("sts", STS),
    ("sources", Named(&SOURCE)),
    ("accounts", Named(&ACCOUNT)),
    ("paths", List(&PATH_RULE)),
]);
