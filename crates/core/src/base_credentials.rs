use std::time::SystemTime;

use thiserror::Error;

use crate::{Lease, PassedOver, Secret};

/// The fewest characters of an access key id (IAM API Reference, `AccessKey`).
const ACCESS_KEY_ID_SHORTEST: usize = 16;
/// The most characters of an access key id (IAM API Reference, `AccessKey`).
const ACCESS_KEY_ID_LONGEST: usize = 128;
/// The characters of every secret access key that IAM and STS give.
const SECRET_LENGTH: usize = 40;
/// What the ids of the keys of users begin with (IAM User Guide, "Unique identifiers").
const USER_KEY_PREFIX: &str = "AKIA";
/// What the ids of temporary keys begin with (the same).
const TEMPORARY_KEY_PREFIX: &str = "ASIA";
/// The characters of every id that begins with one of the two.
const KEY_ID_OF_AWS_LENGTH: usize = 20;

/// The AWS credentials that a source yields: what may assume a role, and nothing that a command ever sees.
#[derive(Debug, Clone)]
pub struct BaseCredentials {
    source_name: String,
    access_key_id: String,
    secret_access_key: Secret,
    session_token: Option<Secret>,
    expires_at: Option<SystemTime>,
    stored_at: Option<SystemTime>,
    lease: Option<Box<Lease>>,
    passed_over: Vec<PassedOver>,
}

impl BaseCredentials {
    /// Credentials as the source called `source_name` read them. White space and line ends around the two
    /// values are removed: they come from pasting and from `$(cat file)`, and no key contains any.
    ///
    /// # Errors
    /// [`MalformedCredentials`] when either value cannot be part of an AWS key. The error names the field and
    /// never shows the value; the source turns it into [`SourceError::Malformed`](crate::SourceError).
    pub fn new(
        source_name: impl Into<String>,
        access_key_id: &str,
        secret_access_key: &Secret,
    ) -> Result<Self, MalformedCredentials> {
        if looks_like_access_key_id(secret_access_key.expose().trim()) {
            // Said before anything else, because the other value would be shown as an id everywhere.
            return Err(MalformedCredentials {
                field: "secret access key",
                reason: "is an access key id; the two values seem to be swapped",
            });
        }
        Ok(Self {
            source_name: source_name.into(),
            access_key_id: checked_access_key_id(access_key_id)?,
            secret_access_key: checked_secret("secret access key", secret_access_key)?,
            session_token: None,
            expires_at: None,
            stored_at: None,
            lease: None,
            passed_over: Vec::new(),
        })
    }

    /// The same credentials with the session token that belongs to them. They are temporary then.
    ///
    /// # Errors
    /// [`MalformedCredentials`] when `session_token` is empty or holds white space or control characters.
    pub fn with_session_token(mut self, session_token: &Secret) -> Result<Self, MalformedCredentials> {
        self.session_token = Some(checked_secret("session token", session_token)?);
        Ok(self)
    }

    /// The same credentials, known to be refused by AWS from `expires_at` on.
    #[must_use]
    pub fn with_expires_at(mut self, expires_at: SystemTime) -> Self {
        self.expires_at = Some(expires_at);
        self
    }

    /// The same credentials, known to be in their store since `stored_at`.
    #[must_use]
    pub fn with_stored_at(mut self, stored_at: SystemTime) -> Self {
        self.stored_at = Some(stored_at);
        self
    }

    /// The same credentials, which the store wants back.
    #[must_use]
    pub fn with_lease(mut self, lease: Lease) -> Self {
        self.lease = Some(Box::new(lease));
        self
    }

    /// The same credentials, for which these sources of a fallback order were asked before.
    pub(crate) fn with_passed_over(mut self, passed_over: Vec<PassedOver>) -> Self {
        self.passed_over = passed_over;
        self
    }

    /// The sources of the fallback order that were asked before, and had nothing.
    pub fn passed_over(&self) -> &[PassedOver] {
        &self.passed_over
    }

    /// The name of the source that yielded them.
    pub fn source_name(&self) -> &str {
        &self.source_name
    }

    /// The access key id. It is not a secret: AWS writes it into CloudTrail and into error messages.
    pub fn access_key_id(&self) -> &str {
        &self.access_key_id
    }

    /// The secret access key.
    pub fn secret_access_key(&self) -> &Secret {
        &self.secret_access_key
    }

    /// The session token, which temporary credentials have.
    pub fn session_token(&self) -> Option<&Secret> {
        self.session_token.as_ref()
    }

    /// When AWS stops accepting them, if the source knows.
    pub fn expires_at(&self) -> Option<SystemTime> {
        self.expires_at
    }

    /// When they were put into their store, if it says. The key may be older.
    pub fn stored_at(&self) -> Option<SystemTime> {
        self.stored_at
    }

    /// Whether the store made the key for this load: it has a lease with an id. IAM may not know it for some seconds, and it is
    /// gone when it has been released.
    pub fn were_made(&self) -> bool {
        self.lease().is_some_and(|lease| lease.id().is_some())
    }

    /// What [`release`](crate::BaseCredentialSource::release) gives back to the store, if it lent something.
    pub fn lease(&self) -> Option<&Lease> {
        self.lease.as_deref()
    }

    /// Whether these came from STS themselves. A role assumed with temporary credentials is a chained role,
    /// and AWS caps its session at one hour.
    pub fn is_temporary(&self) -> bool {
        self.session_token.is_some() || self.access_key_id.starts_with(TEMPORARY_KEY_PREFIX)
    }
}

/// A value that cannot be part of an AWS key.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("the {field} {reason}")]
pub struct MalformedCredentials {
    /// Which value: `access key id`, `secret access key` or `session token`.
    pub field: &'static str,
    /// What is wrong with it, without the value.
    pub reason: &'static str,
}

/// Whether `value` begins as the ids do that AWS gives to keys of users and sessions.
fn begins_like_access_key_id(value: &str) -> bool {
    value.starts_with(USER_KEY_PREFIX) || value.starts_with(TEMPORARY_KEY_PREFIX)
}

/// Whether `value` has the form of such an id.
fn looks_like_access_key_id(value: &str) -> bool {
    value.len() == KEY_ID_OF_AWS_LENGTH
        && begins_like_access_key_id(value)
        && value
            .bytes()
            .all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit())
}

fn checked_access_key_id(value: &str) -> Result<String, MalformedCredentials> {
    let malformed = |reason| {
        Err(MalformedCredentials {
            field: "access key id",
            reason,
        })
    };
    let value = value.trim();
    if value.is_empty() {
        return malformed("is empty");
    }
    if !value
        .bytes()
        .all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
    {
        return malformed("has characters other than letters, digits and _");
    }
    if !(ACCESS_KEY_ID_SHORTEST..=ACCESS_KEY_ID_LONGEST).contains(&value.len()) {
        return malformed("is not 16 to 128 characters long");
    }
    // An id is shown and sent as it is. With anything behind it, that may be the secret.
    if begins_like_access_key_id(value) && !looks_like_access_key_id(value) {
        return malformed(
            "begins with AKIA or ASIA, and does not have the 20 capital letters and digits of such an id; \
             something else may stand behind it",
        );
    }
    if value.len() >= SECRET_LENGTH && value.bytes().any(|byte| byte.is_ascii_lowercase()) {
        return malformed(
            "has 40 characters or more with small letters among them, as a secret access key has",
        );
    }
    Ok(value.to_owned())
}

fn checked_secret(field: &'static str, value: &Secret) -> Result<Secret, MalformedCredentials> {
    let trimmed = value.expose().trim();
    if trimmed.is_empty() {
        return Err(MalformedCredentials {
            field,
            reason: "is empty",
        });
    }
    // Anything else could not be signed with or sent in a header, and the SDK would fail late and vaguely.
    if !trimmed.bytes().all(|byte| byte.is_ascii_graphic()) {
        return Err(MalformedCredentials {
            field,
            reason: "has white space or other unprintable characters in it",
        });
    }
    Ok(Secret::new(trimmed))
}

#[cfg(test)]
mod tests {
    use super::*;

    const ID: &str = "AKIAIOSFODNN7EXAMPLE";

    fn credentials(id: &str, secret: &str) -> Result<BaseCredentials, MalformedCredentials> {
        BaseCredentials::new("test", id, &Secret::new(secret))
    }

    #[test]
    fn white_space_and_line_ends_around_values_are_removed() {
        let credentials = credentials(&format!(" {ID}\r\n"), "\tsecret\n").unwrap();
        assert_eq!(credentials.access_key_id(), ID);
        assert_eq!(credentials.secret_access_key().expose(), "secret");
    }

    #[test]
    fn a_value_that_no_key_can_have_is_refused_by_field() {
        for (id, secret, field) in [
            ("", "secret", "access key id"),
            ("\"AKIAIOSFODNN7EXAMPLE\"", "secret", "access key id"),
            ("AKIA", "secret", "access key id"),
            (ID, " \n", "secret access key"),
            (ID, "sec\nret", "secret access key"),
            (ID, "sécret", "secret access key"),
        ] {
            let error = credentials(id, secret).unwrap_err();
            assert_eq!(error.field, field, "{id:?} {secret:?}");
        }
    }

    #[test]
    fn swapped_values_are_noticed_before_the_secret_is_taken_for_an_id() {
        let error = credentials("wJalrXUtnFEMIK7MDENGbPxRfiCYCANARYSECRET", ID).unwrap_err();
        assert!(error.reason.contains("swapped"), "{error}");
        assert!(!error.to_string().contains("CANARY"));
        let error = credentials("wJalrXUtnFEMIK7MDENGbPxRfiCYCANARYSECRET", "secret").unwrap_err();
        assert!(error.reason.contains("40 characters"), "{error}");
    }

    #[test]
    fn an_id_with_the_secret_before_or_behind_it_is_no_id() {
        const SECRET: &str = "wJalrXUtnFEMIK7MDENGbPxRfiCYCANARYSECRET";
        for id in [
            format!("{ID}{SECRET}"),
            format!("ASIAIOSFODNN7EXAMPLE{SECRET}"),
            format!("{ID}_{SECRET}"),
            format!("{ID}{ID}"),
            format!("{SECRET}{ID}"),
            format!("LKIAQAAAAAAAEXAMPLE1{SECRET}"),
            ID[..19].to_owned(),
            ID.to_lowercase().replacen("akia", "AKIA", 1),
        ] {
            let error = credentials(&id, "secret").unwrap_err();
            assert_eq!(error.field, "access key id", "{id}");
            assert!(!error.to_string().contains("CANARY"), "{error}");
        }
        // Those of others have other forms.
        for id in [
            "minio_administrator",
            "GOOG1EXAMPLEEXAMPLEEXAMPLEEXAMPLEEXAMPLEEXAMPLEEXAMPLEEXAMPLE",
            "LKIAQAAAAAAAEXAMPLE1",
        ] {
            credentials(id, "secret").unwrap();
        }
    }

    #[test]
    fn a_session_token_or_an_asia_key_makes_them_temporary() {
        let long_lived = credentials(ID, "secret").unwrap();
        assert!(!long_lived.is_temporary());
        assert!(
            credentials("ASIAIOSFODNN7EXAMPLE", "secret")
                .unwrap()
                .is_temporary()
        );
        assert!(
            long_lived
                .with_session_token(&Secret::new("session"))
                .unwrap()
                .is_temporary()
        );
    }

    #[test]
    fn debug_shows_the_key_id_and_no_secret() {
        let credentials = credentials(ID, "canary-secret")
            .unwrap()
            .with_session_token(&Secret::new("canary-session"))
            .unwrap();
        let shown = format!("{credentials:?}");
        assert!(shown.contains(ID));
        assert!(!shown.contains("canary"), "{shown}");
    }
}
