use super::trust::Trust;

/// Which keys a place in a configuration file may have, and who may say each. Serde knows the keys too, but cannot be asked
/// for the nearest one; a test holds this table against the JSON Schema that is made from the serde types.
#[derive(Debug)]
pub(crate) enum Shape {
    /// A value without keys of its own.
    Value,
    /// A program and its arguments: a list of texts.
    Words,
    /// A table with these keys.
    Table(&'static [Key]),
    /// A table whose keys are names that the user chooses.
    Named(&'static Shape),
    /// A table with any keys: they are data.
    Free,
    /// A list of tables.
    List(&'static Shape),
    /// A table of which one key decides which other keys it has.
    Tagged(&'static Tagged),
}

/// A key that a table may have.
#[derive(Debug)]
pub(crate) struct Key {
    pub(crate) name: &'static str,
    /// What a project file may say with it.
    pub(crate) trust: Trust,
    pub(crate) shape: Shape,
}

/// The key `name`. Without a class of trust there is no key.
const fn key(name: &'static str, trust: Trust, shape: Shape) -> Key {
    Key { name, trust, shape }
}

/// A key of a table that is sorted as a whole, such as a source.
const fn inner(name: &'static str, shape: Shape) -> Key {
    key(name, Trust::AsItsTable, shape)
}

impl Shape {
    /// Whether a key is called `name` here, or anywhere in it.
    pub(crate) fn knows(&self, name: &str) -> bool {
        match self {
            Self::Value | Self::Words | Self::Free => false,
            Self::Table(keys) => keys.iter().any(|key| key.name == name || key.shape.knows(name)),
            Self::Named(shape) | Self::List(shape) => shape.knows(name),
            Self::Tagged(tagged) => {
                tagged.key == name || tagged.kinds.iter().any(|(_, shape)| shape.knows(name))
            }
        }
    }

    /// The keys of a table.
    pub(super) fn keys(&self) -> &'static [Key] {
        match self {
            Self::Table(keys) => keys,
            _ => &[],
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
use Trust::{Anybody, Limit, LimitAtTheTop, Tags, Trusted, Way};

/// `[accounts.NAME]`
pub(super) const ACCOUNT: Shape = Table(&[
    key("id", Anybody, Value),
    key("role", Anybody, Value),
    key("via", Way, Value),
    key("source", Limit, Value),
    key("region", Anybody, Value),
    key("duration", Anybody, Value),
    key("external_id", Limit, Value),
    key("session_name", Limit, Value),
    key("source_identity", Limit, Value),
    key("mfa_serial", Limit, Value),
    key("delivery", Anybody, Value),
    key("policy", Limit, Value),
    key("policy_arns", Limit, Value),
    key("tags", Tags, Free),
    key("transitive_tags", Tags, Value),
    key("provided_contexts", Trusted(CONTEXTS), List(&CONTEXT)),
]);

/// What `provided_contexts` would let a project file do.
const CONTEXTS: &str = "have a file of yours sent to AWS";

const MFA_SERIAL: Key = inner("mfa_serial", Value);
const MFA_COMMAND: Key = inner("mfa_command", Words);
const MFA_VARIABLES: Key = inner("mfa_variables", Value);
const MFA_VAULT: Key = inner("mfa_vault", MFA_KEY);
const MFA_KEY: Shape = Table(&[inner("source", Value), inner("mount", Value), inner("key", Value)]);

const CONTEXT: Shape = Table(&[inner("provider", Value), inner("assertion_file", Value)]);

const SOURCE: Shape = Shape::Tagged(&Tagged {
    key: "type",
    what: "source type",
    all: "the types are",
    kinds: &[
        (
            "env",
            Table(&[
                inner("type", Value),
                MFA_SERIAL,
                MFA_COMMAND,
                MFA_VARIABLES,
                MFA_VAULT,
            ]),
        ),
        (
            "keyring",
            Table(&[
                inner("type", Value),
                inner("entry", Value),
                inner("timeout", Value),
                MFA_SERIAL,
                MFA_COMMAND,
                MFA_VARIABLES,
                MFA_VAULT,
            ]),
        ),
        (
            "process",
            Table(&[
                inner("type", Value),
                inner("command", Words),
                inner("variables", Value),
                inner("timeout", Value),
                MFA_SERIAL,
                MFA_COMMAND,
                MFA_VARIABLES,
                MFA_VAULT,
            ]),
        ),
        ("vault", VAULT),
        (
            "web-identity",
            Table(&[
                inner("type", Value),
                inner("provider", Value),
                inner("token_file", Value),
                inner("token_variable", Value),
                inner("audience", Value),
            ]),
        ),
    ],
});

const VAULT: Shape = Table(&[
    inner("type", Value),
    inner("address", Value),
    inner("addresses", Value),
    inner("namespace", Value),
    inner("engine", Value),
    inner("mount", Value),
    inner("path", Value),
    inner("kv_version", Value),
    inner("version", Value),
    inner("fields", VAULT_FIELDS),
    inner("role", Value),
    inner("auth", VAULT_AUTH),
    inner("ca_cert", Value),
    inner("client_cert", Value),
    inner("client_key", Value),
    inner("tls_server_name", Value),
    inner("timeout", Value),
    MFA_SERIAL,
    MFA_COMMAND,
    MFA_VARIABLES,
    MFA_VAULT,
]);

const VAULT_FIELDS: Shape = Table(&[
    inner("access_key_id", Value),
    inner("secret_access_key", Value),
    inner("session_token", Value),
]);

const METHOD: Key = inner("method", Value);
const MOUNT: Key = inner("mount", Value);
const PASSWORD: Shape = Table(&[
    METHOD,
    MOUNT,
    inner("username", Value),
    inner("password_file", Value),
    inner("password_variable", Value),
]);

const VAULT_AUTH: Shape = Shape::Tagged(&Tagged {
    key: "method",
    what: "login method",
    all: "the methods are",
    kinds: &[
        ("token", Table(&[METHOD, inner("token_file", Value)])),
        (
            "approle",
            Table(&[
                METHOD,
                MOUNT,
                inner("role_id", Value),
                inner("secret_id_file", Value),
                inner("secret_id_variable", Value),
                inner("wrapped", Value),
            ]),
        ),
        ("userpass", PASSWORD),
        ("ldap", PASSWORD),
        (
            "kubernetes",
            Table(&[METHOD, MOUNT, inner("role", Value), inner("jwt_file", Value)]),
        ),
        (
            "jwt",
            Table(&[
                METHOD,
                MOUNT,
                inner("role", Value),
                inner("jwt_file", Value),
                inner("jwt_variable", Value),
            ]),
        ),
        ("cert", Table(&[METHOD, MOUNT, inner("role", Value)])),
    ],
});

const CACHE: Shape = Table(&[
    inner("enabled", Value),
    inner("store", Value),
    inner("min_remaining", Value),
]);

const STS: Shape = Table(&[
    inner("endpoint_url", Value),
    inner("ca_bundle", Value),
    inner("use_fips", Value),
    inner("use_dual_stack", Value),
    inner("regional_endpoints", Value),
    inner("max_attempts", Value),
]);

const PATH_RULE: Shape = Table(&[inner("match", Value), inner("account", Value)]);

/// A whole configuration file.
pub(crate) const FILE: Shape = Table(&[
    key("source", Limit, Value),
    key("account", Anybody, Value),
    key("region", Anybody, Value),
    key("duration", Anybody, Value),
    key("session_name", Limit, Value),
    key("external_id", LimitAtTheTop, Value),
    key("source_identity", Limit, Value),
    key("mfa_serial", Limit, Value),
    key("mfa_command", Trusted("name a command"), Words),
    key("mfa_variables", Trusted("keep variables from the command"), Value),
    key("mfa_vault", Trusted("say where MFA codes come from"), MFA_KEY),
    key("mfa_duration", LimitAtTheTop, Value),
    key("delivery", Anybody, Value),
    key("policy", Limit, Value),
    key("policy_arns", Limit, Value),
    key("tags", Tags, Free),
    key("transitive_tags", Limit, Value),
    key("provided_contexts", Trusted(CONTEXTS), List(&CONTEXT)),
    key("terraform", Trusted("name a command"), Value),
    key("cache", Trusted("say how sessions are kept"), CACHE),
    key("sts", Trusted("name an address or a certificate"), STS),
    key("sources", Trusted("define a source"), Named(&SOURCE)),
    key("accounts", Anybody, Named(&ACCOUNT)),
    key("paths", Anybody, List(&PATH_RULE)),
]);
