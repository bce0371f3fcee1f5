use rolewrap_core::{SecretFrom, VaultLoginMethod};

use super::Section;
use crate::configuration::VaultAuthSection;
use crate::error::Error;

impl Section<'_> {
    /// How to log in, from `auth`.
    pub(super) fn login(&self, auth: &VaultAuthSection) -> Result<VaultLoginMethod, Error> {
        let mount =
            |mount: &Option<String>, default: &str| mount.clone().unwrap_or_else(|| default.to_owned());
        Ok(match auth {
            VaultAuthSection::Token { token_file } => VaultLoginMethod::Token {
                token_file: self.file(token_file.as_ref(), "auth.token_file"),
            },
            VaultAuthSection::AppRole {
                mount: at,
                role_id,
                secret_id_file,
                secret_id_variable,
                wrapped,
            } => VaultLoginMethod::AppRole {
                mount: mount(at, "approle"),
                role_id: role_id.clone(),
                secret_id: self.secret("secret_id", secret_id_file.as_ref(), secret_id_variable.as_ref())?,
                wrapped: wrapped.unwrap_or(false),
            },
            VaultAuthSection::UserPass {
                mount: at,
                username,
                password_file,
                password_variable,
            } => VaultLoginMethod::UserPass {
                mount: mount(at, "userpass"),
                username: username.clone(),
                password: self.password(password_file.as_ref(), password_variable.as_ref())?,
            },
            VaultAuthSection::Ldap {
                mount: at,
                username,
                password_file,
                password_variable,
            } => VaultLoginMethod::Ldap {
                mount: mount(at, "ldap"),
                username: username.clone(),
                password: self.password(password_file.as_ref(), password_variable.as_ref())?,
            },
            VaultAuthSection::Kubernetes {
                mount: at,
                role,
                jwt_file,
            } => VaultLoginMethod::Kubernetes {
                mount: mount(at, "kubernetes"),
                role: role.clone(),
                jwt: SecretFrom::File(
                    self.file(jwt_file.as_ref(), "auth.jwt_file")
                        .unwrap_or_else(|| VaultLoginMethod::KUBERNETES_JWT_FILE.into()),
                ),
            },
            VaultAuthSection::Jwt {
                mount: at,
                role,
                jwt_file,
                jwt_variable,
            } => VaultLoginMethod::Jwt {
                mount: mount(at, "jwt"),
                role: role.clone(),
                jwt: self.secret("jwt", jwt_file.as_ref(), jwt_variable.as_ref())?,
            },
            VaultAuthSection::Cert { mount: at, role } => VaultLoginMethod::Cert {
                mount: mount(at, "cert"),
                role: role.clone(),
            },
        })
    }

    /// A password, which a person is asked for where neither a file nor a variable has it.
    fn password(&self, file: Option<&String>, variable: Option<&String>) -> Result<SecretFrom, Error> {
        match (file, variable) {
            (None, None) => Ok(SecretFrom::Person),
            _ => self.secret("password", file, variable),
        }
    }

    fn secret(
        &self,
        key: &str,
        file: Option<&String>,
        variable: Option<&String>,
    ) -> Result<SecretFrom, Error> {
        match (file, variable) {
            (Some(_), None) => Ok(SecretFrom::File(
                self.file(file, &format!("auth.{key}_file")).unwrap_or_default(),
            )),
            (None, Some(variable)) => Ok(SecretFrom::Variable(variable.clone())),
            _ => Err(self.invalid(
                "auth",
                &format!("it needs one of `{key}_file` and `{key}_variable`"),
                "say where the secret is; it has no place in a configuration file itself",
            )),
        }
    }
}
