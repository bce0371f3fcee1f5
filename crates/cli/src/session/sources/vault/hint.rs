use std::error::Error;

use rolewrap_core::{SourceError, VaultError};

use crate::configuration::VaultSection;

/// What to do about an error of the Vault source that `section` describes.
pub(in crate::session::sources) fn hint(error: &SourceError, section: &VaultSection) -> String {
    let cause = error
        .source()
        .and_then(|cause| cause.downcast_ref::<VaultError>());
    // A login that is refused has nothing to do with the path.
    let is_about_path =
        matches!(error, SourceError::NotFound { .. }) || matches!(cause, Some(VaultError::Denied { .. }));
    if let Some(path) = path_below_mount(section).filter(|_| is_about_path) {
        return format!("leave the mount and data/ out of `path`: path = \"{path}\"");
    }
    if let Some(hint) = cause.and_then(hint_of_cause) {
        return hint;
    }
    match error {
        SourceError::NotFound { .. } => {
            "store the key there, or correct `mount`, `path` and `version` of the source".to_owned()
        }
        SourceError::InvalidConfiguration { key, .. } if key == "auth" => {
            "set VAULT_TOKEN, log in with `vault login` or `bao login`, or name another method: auth = { method = \"approle\", … }".to_owned()
        }
        SourceError::InvalidConfiguration { key, .. } if key.starts_with("address") => {
            "write the address like https://vault.example.com:8200, or set VAULT_ADDR to it".to_owned()
        }
        SourceError::InvalidConfiguration { key, .. } if key == "password" => {
            "run it on a terminal, or say in the source's `auth` where the password is: `password_file` or `password_variable`".to_owned()
        }
        SourceError::InvalidConfiguration { key, .. } => format!("correct {key}"),
        SourceError::Malformed { .. } => {
            "store both halves of the key again, together, or say with `fields` what they are called".to_owned()
        }
        _ => "try again, or check the address and the network".to_owned(),
    }
}

/// The path below the mount, where the configured one begins with what the API puts before it.
fn path_below_mount(section: &VaultSection) -> Option<&str> {
    if section.engine.as_deref().is_some_and(|engine| engine != "kv") {
        return None;
    }
    let configured = section.path.as_deref()?.trim_matches('/');
    let mount = section.mount.as_deref().unwrap_or("secret").trim_matches('/');
    let below = configured
        .strip_prefix(mount)
        .and_then(|rest| rest.strip_prefix('/'));
    let is_of_version_1 = section
        .kv_version
        .as_ref()
        .is_some_and(|version| version.to_string() == "1");
    let path = below.unwrap_or(configured);
    let data = path.strip_prefix("data/").filter(|_| !is_of_version_1);
    data.or(below).filter(|path| !path.is_empty())
}

fn hint_of_cause(cause: &VaultError) -> Option<String> {
    Some(match cause {
        VaultError::Denied { path, capability } => format!(
            "a policy of this login must have: path \"{path}\" {{ capabilities = [{}] }}",
            capability
                .split(" and ")
                .map(|capability| format!("\"{capability}\""))
                .collect::<Vec<_>>()
                .join(", ")
        ),
        VaultError::VersionNeeded { path } => format!(
            "a policy of this login must have: path \"{path}\" {{ capabilities = [\"read\", \"create\", \"update\"] }}"
        ),
        VaultError::ChangedMeanwhile { .. } => {
            "look at what is there now, with `rolewrap source check`, and try again".to_owned()
        }
        VaultError::TokenRefused { from } => {
            format!("log in again, or renew what {from} has; a token of another namespace needs `namespace`")
        }
        VaultError::LoginRefused { method, .. } => format!(
            "check the parts of auth = {{ method = \"{method}\" }} in the source, and that its `mount` is where the server has the method"
        ),
        VaultError::Sealed { .. } => {
            "have it unsealed (`vault operator unseal`, `bao operator unseal`), or name the other servers with `addresses`".to_owned()
        }
        VaultError::Standby { .. } => "name the active server too, with `addresses`".to_owned(),
        VaultError::TlsRefused { .. } => {
            "name the authority's certificate in `ca_cert` or VAULT_CACERT, or the name in the certificate in `tls_server_name`; otherwise somebody else may be answering".to_owned()
        }
        VaultError::NoTls { .. } => {
            "write http:// if it speaks no TLS; otherwise check the address, and whether something else answers in its place".to_owned()
        }
        VaultError::NotAnswered { .. } => {
            "try again, or say in the source's `auth` where the password is: `password_file` or `password_variable`".to_owned()
        }
        VaultError::TimedOut { .. } => {
            "try again; if it stays, check the network, or raise `timeout`".to_owned()
        }
        VaultError::NotVault { .. } => {
            "check the address, and whether a proxy or a login page answers in its place".to_owned()
        }
        VaultError::NoneServes(errors) => {
            return errors.iter().find_map(|error| match error {
                VaultError::Sealed { .. } | VaultError::TlsRefused { .. } | VaultError::NoTls { .. } => hint_of_cause(error),
                _ => None,
            });
        }
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::configuration::Scalar;

    #[test]
    fn what_the_api_puts_before_a_path_is_seen() {
        let below = |mount: Option<&str>, path: &str, version: Option<&str>| {
            let section = VaultSection {
                mount: mount.map(str::to_owned),
                path: Some(path.to_owned()),
                kv_version: version.map(|version| Scalar::Text(version.to_owned())),
                ..VaultSection::default()
            };
            path_below_mount(&section).map(str::to_owned)
        };
        for (mount, path, version, right) in [
            (None, "secret/data/aws/x", None, Some("aws/x")),
            (None, "/secret/aws/x", None, Some("aws/x")),
            (Some("team/kv"), "team/kv/data/x", Some("2"), Some("x")),
            (None, "data/aws/x", None, Some("aws/x")),
            (None, "data/aws/x", Some("1"), None),
            (None, "secret/data/x", Some("1"), Some("data/x")),
            (None, "aws/x", None, None),
            (None, "secrets/x", None, None),
        ] {
            assert_eq!(below(mount, path, version).as_deref(), right, "{path}");
        }
    }
}
