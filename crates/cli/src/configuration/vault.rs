use serde::Deserialize;

use super::mfa::MfaKeys;
use super::values::Scalar;

/// `[sources.NAME]` with `type = "vault"`
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct VaultSection {
    pub(crate) address: Option<String>,
    pub(crate) addresses: Option<Vec<String>>,
    pub(crate) namespace: Option<String>,
    pub(crate) engine: Option<String>,
    pub(crate) mount: Option<String>,
    pub(crate) path: Option<String>,
    pub(crate) kv_version: Option<Scalar>,
    pub(crate) version: Option<Scalar>,
    pub(crate) fields: VaultFieldsSection,
    pub(crate) role: Option<String>,
    pub(crate) auth: Option<VaultAuthSection>,
    pub(crate) ca_cert: Option<String>,
    pub(crate) client_cert: Option<String>,
    pub(crate) client_key: Option<String>,
    pub(crate) tls_server_name: Option<String>,
    pub(crate) timeout: Option<Scalar>,
    #[serde(flatten)]
    pub(crate) mfa: MfaKeys,
}

/// `fields` of a Vault source
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct VaultFieldsSection {
    pub(crate) access_key_id: Option<String>,
    pub(crate) secret_access_key: Option<String>,
    pub(crate) session_token: Option<String>,
}

/// `auth` of a Vault source
#[derive(Debug, Clone, Deserialize)]
#[serde(tag = "method", rename_all = "lowercase", deny_unknown_fields)]
pub(crate) enum VaultAuthSection {
    Token {
        token_file: Option<String>,
    },
    AppRole {
        mount: Option<String>,
        role_id: String,
        secret_id_file: Option<String>,
        secret_id_variable: Option<String>,
        wrapped: Option<bool>,
    },
    UserPass {
        mount: Option<String>,
        username: String,
        password_file: Option<String>,
        password_variable: Option<String>,
    },
    Ldap {
        mount: Option<String>,
        username: String,
        password_file: Option<String>,
        password_variable: Option<String>,
    },
    Kubernetes {
        mount: Option<String>,
        role: String,
        jwt_file: Option<String>,
    },
    Jwt {
        mount: Option<String>,
        role: Option<String>,
        jwt_file: Option<String>,
        jwt_variable: Option<String>,
    },
    Cert {
        mount: Option<String>,
        role: Option<String>,
    },
}
