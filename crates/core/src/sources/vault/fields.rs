use std::collections::BTreeMap;

use super::error::VaultError;
use super::field_value::FieldValue;
use crate::Secret;

/// What the fields of a secret are called. Where there is no name, the spellings that people use are tried:
/// `access_key_id`, `secret_access_key` and `session_token`, in lower and in upper case, and with `aws_` in front.
#[derive(Debug, Clone, Default)]
pub struct VaultFields {
    /// The field with the access key id.
    pub access_key_id: Option<String>,
    /// The field with the secret access key.
    pub secret_access_key: Option<String>,
    /// The field with the session token, which long-lived keys do not have.
    pub session_token: Option<String>,
}

impl VaultFields {
    /// All names that a field of a key may have.
    pub(super) fn names(&self) -> Vec<String> {
        let names = |name: &Option<String>, default| {
            name.as_ref()
                .map_or_else(|| spellings(default), |name| vec![name.clone()])
        };
        [
            names(&self.access_key_id, ACCESS_KEY_ID),
            names(&self.secret_access_key, SECRET_ACCESS_KEY),
            names(&self.session_token, SESSION_TOKEN),
        ]
        .concat()
    }
}

pub(super) const ACCESS_KEY_ID: &str = "access_key_id";
pub(super) const SECRET_ACCESS_KEY: &str = "secret_access_key";
pub(super) const SESSION_TOKEN: &str = "session_token";

/// The fields of one secret, as the server gave them.
pub(super) struct FieldsFound<'a> {
    pub(super) path: &'a str,
    pub(super) values: &'a BTreeMap<String, FieldValue>,
}

impl<'a> FieldsFound<'a> {
    /// The field that is called `name`, or has one of the spellings of `default`.
    pub(super) fn optional(
        &self,
        name: Option<&str>,
        default: &str,
    ) -> Result<Option<(&'a str, &'a Secret)>, VaultError> {
        let names = name.map_or_else(|| spellings(default), |name| vec![name.to_owned()]);
        let found = names.iter().find_map(|name| self.values.get_key_value(name));
        match found {
            None => Ok(None),
            Some((name, FieldValue::Text(value))) => Ok(Some((name, value))),
            Some((name, FieldValue::Other)) => Err(VaultError::FieldIsNoText {
                path: self.path.to_owned(),
                field: name.clone(),
            }),
        }
    }

    /// The same, where the secret is useless without it.
    pub(super) fn required(
        &self,
        name: Option<&str>,
        default: &str,
    ) -> Result<(&'a str, &'a Secret), VaultError> {
        self.optional(name, default)?
            .ok_or_else(|| VaultError::FieldMissing {
                path: self.path.to_owned(),
                field: name.unwrap_or(default).to_owned(),
                present: self.values.keys().cloned().collect(),
            })
    }
}

fn spellings(default: &str) -> Vec<String> {
    let prefixed = format!("aws_{default}");
    let upper = [default.to_uppercase(), prefixed.to_uppercase()];
    [default.to_owned(), prefixed].into_iter().chain(upper).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(names: &[&str], name: Option<&str>) -> Result<String, String> {
        let values = names
            .iter()
            .map(|&name| (name.to_owned(), FieldValue::Text(Secret::new(name))))
            .collect();
        let fields = FieldsFound {
            path: "secret/data/x",
            values: &values,
        };
        fields
            .required(name, ACCESS_KEY_ID)
            .map(|(_, value)| value.expose().to_owned())
            .map_err(|error| error.to_string())
    }

    #[test]
    fn the_spellings_that_people_use_are_found() {
        for name in [
            "access_key_id",
            "aws_access_key_id",
            "ACCESS_KEY_ID",
            "AWS_ACCESS_KEY_ID",
        ] {
            assert_eq!(found(&["other", name], None), Ok(name.to_owned()));
        }
    }

    #[test]
    fn a_name_of_ones_own_replaces_the_spellings() {
        assert_eq!(found(&["id", "access_key_id"], Some("id")), Ok("id".to_owned()));
        assert_eq!(
            found(&["access_key_id", "note"], Some("id")),
            Err("secret/data/x has no field id; it has access_key_id, note".to_owned())
        );
    }
}
