use std::path::{Path, PathBuf};

use super::secret_from::SecretFrom;

/// How a [`VaultSource`](super::VaultSource) logs in. A `mount` is where the method is mounted below `auth/`.
#[derive(Debug, Clone)]
pub enum VaultLoginMethod {
    /// With the client token that the user has: from a file, or from `BAO_TOKEN`, `VAULT_TOKEN` or
    /// `~/.vault-token`, in this order.
    Token {
        /// The file, instead of the variables and the file of the servers' own command lines.
        token_file: Option<PathBuf>,
    },
    /// With the id and the secret id of an `AppRole`.
    AppRole {
        /// The mount.
        mount: String,
        /// The role's id, which is no secret.
        role_id: String,
        /// Where the secret id is.
        secret_id: SecretFrom,
        /// Whether there is not the secret id itself, but what unwraps it once.
        wrapped: bool,
    },
    /// With a name and a password that Vault knows.
    UserPass {
        /// The mount.
        mount: String,
        /// The name.
        username: String,
        /// Where the password is.
        password: SecretFrom,
    },
    /// With a name and a password that a directory knows.
    Ldap {
        /// The mount.
        mount: String,
        /// The name.
        username: String,
        /// Where the password is.
        password: SecretFrom,
    },
    /// With the service account of a Kubernetes pod.
    Kubernetes {
        /// The mount.
        mount: String,
        /// The role in Vault.
        role: String,
        /// Where the service account's JWT is.
        jwt: SecretFrom,
    },
    /// With a signed JWT, as CI systems give to their jobs.
    Jwt {
        /// The mount.
        mount: String,
        /// The role in Vault; the method's default role where there is none.
        role: Option<String>,
        /// Where the JWT is.
        jwt: SecretFrom,
    },
    /// With the client certificate of the TLS connection.
    Cert {
        /// The mount.
        mount: String,
        /// The certificate's role in Vault; where there is none, each that fits is tried.
        role: Option<String>,
    },
}

impl VaultLoginMethod {
    /// Where a Kubernetes pod has the JWT of its service account (Kubernetes documentation, "Configure Service
    /// Accounts for Pods").
    pub const KUBERNETES_JWT_FILE: &str = "/var/run/secrets/kubernetes.io/serviceaccount/token";

    /// What the configuration and Vault call it.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Token { .. } => "token",
            Self::AppRole { .. } => "approle",
            Self::UserPass { .. } => "userpass",
            Self::Ldap { .. } => "ldap",
            Self::Kubernetes { .. } => "kubernetes",
            Self::Jwt { .. } => "jwt",
            Self::Cert { .. } => "cert",
        }
    }

    /// Whether a second login needs a person, or is not possible: what unwraps a secret id does so once.
    pub(super) fn is_for_once(&self) -> bool {
        match self {
            Self::AppRole { wrapped: true, .. } => true,
            Self::UserPass { password, .. } | Self::Ldap { password, .. } => {
                matches!(password, SecretFrom::Person)
            }
            _ => false,
        }
    }

    /// The file that has its secret or the user's client token, if one is named.
    pub(super) fn file_mut(&mut self) -> Option<&mut PathBuf> {
        match self {
            Self::Token { token_file } => token_file.as_mut(),
            Self::AppRole { secret_id: place, .. }
            | Self::UserPass { password: place, .. }
            | Self::Ldap { password: place, .. }
            | Self::Kubernetes { jwt: place, .. }
            | Self::Jwt { jwt: place, .. } => match place {
                SecretFrom::File(path) => Some(path),
                SecretFrom::Variable(_) | SecretFrom::Person => None,
            },
            Self::Cert { .. } => None,
        }
    }

    /// The file with its secret or the user's client token, and which configuration key names it, where that is good for long. A
    /// JWT lives for minutes, and is often mounted for everybody to read.
    pub(super) fn lasting_file(&self) -> Option<(&'static str, &Path)> {
        match self {
            Self::Token { token_file } => Some(("token_file", token_file.as_deref()?)),
            Self::AppRole {
                secret_id: SecretFrom::File(path),
                ..
            } => Some(("secret_id_file", path)),
            Self::UserPass {
                password: SecretFrom::File(path),
                ..
            }
            | Self::Ldap {
                password: SecretFrom::File(path),
                ..
            } => Some(("password_file", path)),
            _ => None,
        }
    }

    /// What a person is asked for its secret, with a server for those who have several.
    pub(super) fn question(&self, server: &str) -> String {
        match self {
            Self::UserPass { username, .. } | Self::Ldap { username, .. } => {
                format!("Password of {username} for {} at {server}: ", self.name())
            }
            _ => format!("Secret for {} at {server}: ", self.name()),
        }
    }

    /// Where its secret is, and which configuration key says so; without the user's own client token.
    pub(super) fn secret(&self) -> Option<(&'static str, &SecretFrom)> {
        match self {
            Self::AppRole { secret_id, .. } => Some(("secret_id", secret_id)),
            Self::UserPass { password, .. } | Self::Ldap { password, .. } => Some(("password", password)),
            Self::Kubernetes { jwt, .. } | Self::Jwt { jwt, .. } => Some(("jwt", jwt)),
            Self::Token { .. } | Self::Cert { .. } => None,
        }
    }
}
