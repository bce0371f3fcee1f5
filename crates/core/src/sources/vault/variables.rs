use std::path::PathBuf;

use super::error::VaultError;
use super::secret_from::read_variable;
use crate::{Environment, Secret};

/// What the variables are called behind `BAO_` and `VAULT_`.
const NAMES: [&str; 11] = [
    "ADDR",
    "NAMESPACE",
    "CACERT",
    "CLIENT_CERT",
    "CLIENT_KEY",
    "TLS_SERVER_NAME",
    "SKIP_VERIFY",
    "TOKEN",
    "CLIENT_TIMEOUT",
    "PROXY_ADDR",
    "HTTP_PROXY",
];

/// The two families, in the order of OpenBao's own command line.
const FAMILIES: [&str; 2] = ["BAO_", "VAULT_"];

/// All variables of the servers' own command lines that a source may read.
pub(super) fn names() -> Vec<String> {
    FAMILIES
        .iter()
        .flat_map(|family| NAMES.iter().map(move |name| format!("{family}{name}")))
        .collect()
}

/// The variables that stand in for what the configuration does not say.
pub(super) struct Variables<'a>(pub(super) &'a dyn Environment);

impl Variables<'_> {
    /// The value of the first of the two variables that is set, and which it is.
    pub(super) fn secret(&self, name: &str) -> Result<Option<(Secret, String)>, VaultError> {
        for family in FAMILIES {
            let variable = format!("{family}{name}");
            let value =
                read_variable(&variable, self.0).map_err(|reason| VaultError::invalid(&variable, reason))?;
            if let Some(value) = value {
                return Ok(Some((value, variable)));
            }
        }
        Ok(None)
    }

    /// The same for what is no secret.
    pub(super) fn text(&self, name: &str) -> Result<Option<(String, String)>, VaultError> {
        Ok(self
            .secret(name)?
            .map(|(value, variable)| (value.expose().to_owned(), variable)))
    }

    /// Whether the variable says yes. An empty one says nothing; what is neither is refused.
    pub(super) fn truth(&self, name: &str) -> Result<bool, VaultError> {
        let Some((value, variable)) = self.text(name)? else {
            return Ok(false);
        };
        // What Go's `strconv.ParseBool` takes, since the servers' command lines are written in Go.
        match value.as_str() {
            "1" | "t" | "T" | "true" | "True" | "TRUE" => Ok(true),
            "0" | "f" | "F" | "false" | "False" | "FALSE" => Ok(false),
            _ => Err(VaultError::invalid(
                &variable,
                format!("{variable} is neither true nor false"),
            )),
        }
    }

    /// The first of these variables that is set, such as those of a proxy.
    pub(super) fn first(&self, names: &[&str]) -> Result<Option<(Secret, String)>, VaultError> {
        for name in names {
            let value = read_variable(name, self.0).map_err(|reason| VaultError::invalid(name, reason))?;
            if let Some(value) = value {
                return Ok(Some((value, (*name).to_owned())));
            }
        }
        Ok(None)
    }

    /// The user's home directory.
    pub(super) fn home(&self) -> Option<PathBuf> {
        let name = if cfg!(windows) { "USERPROFILE" } else { "HOME" };
        self.0
            .get(name)
            .filter(|home| !home.is_empty())
            .map(PathBuf::from)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::FixedEnvironment;

    #[test]
    fn baos_own_variable_comes_before_vaults_and_an_empty_one_counts_as_not_set() {
        let text = |pairs: &[(&str, &str)]| {
            let environment: FixedEnvironment = pairs.iter().copied().collect();
            Variables(&environment).text("ADDR").unwrap()
        };
        let found = |value: &str, name: &str| Some((value.to_owned(), name.to_owned()));
        assert_eq!(text(&[]), None);
        assert_eq!(
            text(&[("VAULT_ADDR", "v"), ("BAO_ADDR", " b ")]),
            found("b", "BAO_ADDR")
        );
        assert_eq!(
            text(&[("VAULT_ADDR", "v"), ("BAO_ADDR", "")]),
            found("v", "VAULT_ADDR")
        );
    }

    #[test]
    fn only_a_clear_yes_is_a_yes() {
        for (value, expected) in [
            ("", Some(false)),
            ("0", Some(false)),
            ("1", Some(true)),
            ("yes", None),
        ] {
            let environment: FixedEnvironment = [("VAULT_SKIP_VERIFY", value)].into_iter().collect();
            let said = Variables(&environment).truth("SKIP_VERIFY").ok();
            assert_eq!(said, expected, "{value:?}");
        }
    }
}
