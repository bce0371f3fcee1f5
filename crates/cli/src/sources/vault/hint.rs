use std::error::Error;

use rolewrap_core::{SourceError, VaultError};

/// What to do about an error of a Vault source.
pub(in crate::sources) fn hint(error: &SourceError) -> String {
    let cause = error
        .source()
        .and_then(|cause| cause.downcast_ref::<VaultError>());
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
                VaultError::Sealed { .. } | VaultError::TlsRefused { .. } => hint_of_cause(error),
                _ => None,
            });
        }
        _ => return None,
    })
}
