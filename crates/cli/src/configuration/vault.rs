#![allow(
    clippy::doc_markdown,
    reason = "these comments are the descriptions in the JSON Schema"
)]

use serde::{Deserialize, Serialize};

use super::mfa::MfaKeys;
use super::values::Scalar;

/// `[sources.NAME]` with `type = "vault"`
#[derive(Debug, Clone, Default, Deserialize, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, default)]
pub(crate) struct VaultSection {
    /// The server's URL. Without it and `addresses`, BAO_ADDR or VAULT_ADDR.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) address: Option<String>,

    /// Several servers' URLs, tried in order, in place of `address`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) addresses: Option<Vec<String>>,

    /// The namespace. Without it, BAO_NAMESPACE or VAULT_NAMESPACE.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) namespace: Option<String>,

    /// "kv" for a key that is stored (the default), "aws" for one that the AWS engine makes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) engine: Option<String>,

    /// Where the engine is mounted: "secret" by default, or "aws" for the AWS engine.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) mount: Option<String>,

    /// The secret's path below the mount, without the "data/" of the API.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) path: Option<String>,

    /// The version of the key-value engine: 1 or 2. 2 by default.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) kv_version: Option<Scalar>,

    /// The version of the secret. The newest by default.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) version: Option<Scalar>,

    /// What the secret's fields are called, where it is none of the usual names.
    pub(crate) fields: VaultFieldsSection,

    /// The AWS engine's role: "NAME" or "creds/NAME" for creds/, "sts/NAME" for sts/.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) role: Option<String>,

    /// How to log in: with BAO_TOKEN, VAULT_TOKEN or ~/.vault-token by default.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) auth: Option<VaultAuthSection>,

    /// A PEM file with the certificate authorities to trust, instead of the system's. Without it, BAO_CACERT or
    /// VAULT_CACERT.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) ca_cert: Option<String>,

    /// A PEM file with the client certificate. Without it, BAO_CLIENT_CERT or VAULT_CLIENT_CERT.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) client_cert: Option<String>,

    /// A PEM file with the key of the client certificate. Without it, BAO_CLIENT_KEY or VAULT_CLIENT_KEY.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) client_key: Option<String>,

    /// The name that the server's certificate must have, where it is not the one in the address. Without it,
    /// BAO_TLS_SERVER_NAME or VAULT_TLS_SERVER_NAME.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) tls_server_name: Option<String>,

    /// How long one request may take: a time like "15s", or a number of seconds. 15 seconds by default.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) timeout: Option<Scalar>,

    #[serde(flatten)]
    pub(crate) mfa: MfaKeys,
}

/// `fields` of a Vault source
#[derive(Debug, Clone, Default, Deserialize, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, default)]
pub(crate) struct VaultFieldsSection {
    /// The field with the access key id.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) access_key_id: Option<String>,

    /// The field with the secret access key.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) secret_access_key: Option<String>,

    /// The field with the session token, which only temporary keys have.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) session_token: Option<String>,
}

/// `auth` of a Vault source
#[derive(Debug, Clone, Deserialize, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(tag = "method", rename_all = "lowercase", deny_unknown_fields)]
pub(crate) enum VaultAuthSection {
    /// A token that you have.
    Token {
        /// The file that it is in. Without it, BAO_TOKEN, VAULT_TOKEN or ~/.vault-token.
        token_file: Option<String>,
    },
    /// An AppRole.
    AppRole {
        /// Where the method is mounted: "approle" by default.
        mount: Option<String>,
        /// The role's id, which is no secret.
        role_id: String,
        /// The file with the secret id.
        secret_id_file: Option<String>,
        /// The variable with the secret id.
        secret_id_variable: Option<String>,
        /// Whether the file or the variable has a wrapping token instead, which gives the secret id once.
        wrapped: Option<bool>,
    },
    /// A name and a password that Vault knows.
    UserPass {
        /// Where the method is mounted: "userpass" by default.
        mount: Option<String>,
        /// The name.
        username: String,
        /// The file with the password. Without it and `password_variable`, you are asked on the terminal.
        password_file: Option<String>,
        /// The variable with the password.
        password_variable: Option<String>,
    },
    /// A name and a password that a directory knows.
    Ldap {
        /// Where the method is mounted: "ldap" by default.
        mount: Option<String>,
        /// The name.
        username: String,
        /// The file with the password. Without it and `password_variable`, you are asked on the terminal.
        password_file: Option<String>,
        /// The variable with the password.
        password_variable: Option<String>,
    },
    /// The service account of a Kubernetes pod.
    Kubernetes {
        /// Where the method is mounted: "kubernetes" by default.
        mount: Option<String>,
        /// The role in Vault.
        role: String,
        /// The file with the service account's JWT. Where Kubernetes has it by default.
        jwt_file: Option<String>,
    },
    /// A signed JWT, as CI systems give to their jobs.
    Jwt {
        /// Where the method is mounted: "jwt" by default.
        mount: Option<String>,
        /// The role in Vault. The method's default role by default.
        role: Option<String>,
        /// The file with the JWT.
        jwt_file: Option<String>,
        /// The variable with the JWT.
        jwt_variable: Option<String>,
    },
    /// The client certificate of the TLS connection.
    Cert {
        /// Where the method is mounted: "cert" by default.
        mount: Option<String>,
        /// The certificate's role in Vault. Each that fits is tried by default.
        role: Option<String>,
    },
}
