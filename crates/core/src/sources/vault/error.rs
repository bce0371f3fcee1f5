use thiserror::Error;

use super::said::{Said, list};
use crate::{BoxError, PromptError};

/// What went wrong between a [`VaultSource`](super::VaultSource) and its servers: the cause of its
/// [`SourceError`](crate::SourceError)s. No message holds a secret; what a server said is shown as it is.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum VaultError {
    /// A setting cannot be used. The user corrects the key, or the variable that stands in its place.
    #[error("{reason}")]
    Invalid {
        /// The configuration key or the variable.
        key: String,
        /// What is wrong with it.
        reason: String,
    },

    /// There is no client token. The user logs in, or configures another method.
    #[error(
        "there is nothing to log in with: BAO_TOKEN and VAULT_TOKEN are not set, and {file} does not exist"
    )]
    NoLogin {
        /// Where the servers' own command lines leave a client token.
        file: String,
    },

    /// A person was asked, and did not answer. The user tries again, or says where the secret is otherwise.
    #[error("there is no {asked_for} to log in with")]
    NotAnswered {
        /// What was asked for.
        asked_for: String,
        /// Why there is no answer.
        #[source]
        cause: PromptError,
    },

    /// No connection. The user mends the network or the address.
    #[error("{address} cannot be reached")]
    Unreachable {
        /// The server.
        address: String,
        /// What the connection reported.
        #[source]
        cause: BoxError,
    },

    /// The connection broke after the request was sent. The user tries again.
    #[error("the connection to {address} broke before there was an answer")]
    Interrupted {
        /// The server.
        address: String,
        /// What the connection reported.
        #[source]
        cause: BoxError,
    },

    /// No answer in time. The user tries again, or raises `timeout`.
    #[error("no answer from {address} within {seconds} s")]
    TimedOut {
        /// The server, or all of them.
        address: String,
        /// The limit that was reached.
        seconds: u64,
    },

    /// No trusted connection. The user names the right authority or the right host.
    #[error("the TLS connection to {address} is refused: {reason}")]
    TlsRefused {
        /// The server.
        address: String,
        /// What is wrong with the certificate or the handshake.
        reason: String,
    },

    /// What answers speaks no TLS. The user writes `http://` where that is meant, or corrects the address.
    #[error("what answers at {address} does not speak TLS")]
    NoTls {
        /// The server.
        address: String,
    },

    /// The server is sealed. Its operator unseals it.
    #[error("{address} is sealed")]
    Sealed {
        /// The server.
        address: String,
    },

    /// The server is a standby that does not serve. The user names the active one too.
    #[error("{address} is a standby that does not answer for the active node (status {status})")]
    Standby {
        /// The server.
        address: String,
        /// The HTTP status.
        status: u16,
    },

    /// The server is a standby, and its active node is gone. The others elect another, so the user tries again.
    #[error("{address} redirects to the active node {active}, which cannot be reached")]
    ActiveNodeGone {
        /// The standby.
        address: String,
        /// The node that it redirected to.
        active: String,
        /// Why that one cannot be reached.
        #[source]
        cause: Box<VaultError>,
    },

    /// The server failed, or asked to come again later. The user tries again.
    #[error("{address} answered {status}{}", Said(.said))]
    Failed {
        /// The server.
        address: String,
        /// The HTTP status.
        status: u16,
        /// What it said.
        said: Vec<String>,
    },

    /// None of several servers served. The user mends one of them.
    #[error("{}", joined(.0))]
    NoneServes(Vec<VaultError>),

    /// What answered does not speak Vault's protocol. The user corrects the address.
    #[error("what answers at {address} is not Vault, or not as asked: {reason}")]
    NotVault {
        /// The server.
        address: String,
        /// How that shows.
        reason: String,
    },

    /// The login was refused. The user corrects its parts.
    #[error("the login by {method} at {path} is refused{}", Said(.said))]
    LoginRefused {
        /// The method.
        method: &'static str,
        /// The API path.
        path: String,
        /// What the server said.
        said: Vec<String>,
    },

    /// The client token is not valid. The user logs in again.
    #[error(
        "the token from {from} is not valid: it has expired, was revoked, or belongs to another server or namespace"
    )]
    TokenRefused {
        /// Where the client token is from.
        from: String,
    },

    /// The policy does not allow it. The user obtains the capability.
    #[error("the policies of this login do not allow it: {path} needs the capability {capability}")]
    Denied {
        /// The API path, which is what a policy names.
        path: String,
        /// The capability that is missing.
        capability: &'static str,
    },

    /// There is no such mount. The user corrects `mount`.
    #[error("nothing is mounted at {mount}/")]
    NoMount {
        /// The mount.
        mount: String,
    },

    /// The server has no such namespace, or cannot have any.
    #[error("there is no namespace {namespace}")]
    NoNamespace {
        /// The namespace.
        namespace: String,
    },

    /// There is no such secret.
    #[error("there is no secret at {path}")]
    NoSecret {
        /// The API path.
        path: String,
    },

    /// The secret has no such version.
    #[error("the secret at {path} has no version {version}")]
    NoVersion {
        /// The API path.
        path: String,
        /// The version.
        version: u64,
    },

    /// The version was deleted, and can be brought back.
    #[error("version {version} of the secret at {path} was deleted on {when}")]
    Deleted {
        /// The API path.
        path: String,
        /// The version.
        version: u64,
        /// The server's time of deletion.
        when: String,
    },

    /// The version was destroyed.
    #[error("version {version} of the secret at {path} was destroyed")]
    Destroyed {
        /// The API path.
        path: String,
        /// The version.
        version: u64,
    },

    /// The secret has fields that are no part of a key, so it is not changed. The user names a path of its own, or
    /// changes the fields with the server's own client.
    #[error("{path} holds more than a key, and all of it would be replaced or removed: {}", .others.join(", "))]
    OtherFields {
        /// The secret.
        path: String,
        /// The names of the other fields.
        others: Vec<String>,
    },

    /// The mount demands that a change names the version that it replaces, and this login may not read which one that is. The
    /// user obtains the capability.
    #[error(
        "{path} takes a new version only from somebody who says which one it replaces (`cas_required`), and this login may not read that"
    )]
    VersionNeeded {
        /// The API path.
        path: String,
    },

    /// Somebody else wrote a version between the look and the change. The user looks again.
    #[error("{path} was changed by somebody else at the same time")]
    ChangedMeanwhile {
        /// The API path.
        path: String,
    },

    /// A field is missing. The user adds it, or names another with `fields`.
    #[error("{path} has no field {field}; it has {}", list(.present))]
    FieldMissing {
        /// The API path.
        path: String,
        /// The field.
        field: String,
        /// The fields that are there.
        present: Vec<String>,
    },

    /// A field is a number, a list or a table.
    #[error("the field {field} of {path} is not text")]
    FieldIsNoText {
        /// The API path.
        path: String,
        /// The field.
        field: String,
    },

    /// A field can be no part of an AWS key.
    #[error("{reason} (from the fields {fields} of {path})")]
    MalformedKey {
        /// The API path.
        path: String,
        /// The fields.
        fields: String,
        /// What is wrong, without the value.
        reason: String,
    },

    /// The mount is the other version of the key-value engine. The user corrects `kv_version`.
    #[error(
        "{mount}/ looks like version {looks_like} of the key-value engine, and not like version {configured}"
    )]
    OtherKvVersion {
        /// The mount.
        mount: String,
        /// The version that was configured.
        configured: u8,
        /// The version that it seems to be.
        looks_like: u8,
    },

    /// The mount is another engine. The user corrects `mount` or `engine`.
    #[error("{mount}/ is not the {configured} engine but the {kind} engine")]
    OtherEngine {
        /// The mount.
        mount: String,
        /// The engine that was configured.
        configured: &'static str,
        /// What the server calls the engine that is there.
        kind: String,
    },

    /// The server refused the request for another reason.
    #[error("{path} is refused with status {status}{}", Said(.said))]
    Refused {
        /// The API path.
        path: String,
        /// The HTTP status.
        status: u16,
        /// What the server said.
        said: Vec<String>,
    },
}

/// Several errors, one after the other.
fn joined(errors: &[VaultError]) -> String {
    let all: Vec<String> = errors.iter().map(ToString::to_string).collect();
    all.join("; ")
}
