//! The JSON document of AWS's `credential_process` contract (AWS SDKs and Tools Reference Guide, "Process
//! credential provider"), which is also what the keyring holds.

use std::time::SystemTime;

use serde::Deserialize;
use serde_json::error::Category;

use super::document_field::Field;
use super::utc_time;
use crate::{BaseCredentials, Secret};

/// The only version that there is.
pub(crate) const VERSION: i64 = 1;

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Read {
    version: Option<Field>,
    access_key_id: Option<Field>,
    secret_access_key: Option<Field>,
    session_token: Option<Field>,
    expiration: Option<Field>,
    /// When the document was written. This is rolewrap's own, and AWS's readers pass it over.
    stored_at: Option<Field>,
}

/// The credentials in `document`, for the source called `source_name`. Keys that the contract does not know
/// are passed over, as AWS's own readers do. The error says what is wrong, by field name and without values.
pub(crate) fn read(source_name: &str, document: &[u8], now: SystemTime) -> Result<BaseCredentials, String> {
    let document: Read = serde_json::from_slice(document).map_err(|error| broken(&error))?;
    check_version(document.version)?;
    let id = required("AccessKeyId", document.access_key_id)?;
    let secret = required("SecretAccessKey", document.secret_access_key)?;
    let mut credentials =
        BaseCredentials::new(source_name, id.expose(), &secret).map_err(|error| error.to_string())?;
    if let Some(session_token) = optional_or_empty("SessionToken", document.session_token)? {
        credentials = credentials
            .with_session_token(&session_token)
            .map_err(|error| error.to_string())?;
    }
    if let Some(Field::Text(stored_at)) = &document.stored_at
        && let Some(stored_at) = utc_time::parse(stored_at.expose())
    {
        credentials = credentials.with_stored_at(stored_at);
    }
    let Some(expiration) = optional_or_empty("Expiration", document.expiration)? else {
        return Ok(credentials);
    };
    let expires_at = utc_time::parse(expiration.expose())
        .ok_or("Expiration is not a time with its time zone, like 2030-01-31T23:59:59Z")?;
    if expires_at <= now {
        return Err(format!(
            "the credentials expired at {}",
            humantime::format_rfc3339_seconds(expires_at)
        ));
    }
    Ok(credentials.with_expires_at(expires_at))
}

/// Why it is no document. The parser's message is left out: it may repeat what it found.
fn broken(error: &serde_json::Error) -> String {
    match error.classify() {
        Category::Data => {
            "it is not an object with Version, AccessKeyId and SecretAccessKey, each once".to_owned()
        }
        Category::Eof => "the JSON document ends in the middle".to_owned(),
        _ => format!(
            "it is not one JSON document: see line {}, column {}",
            error.line(),
            error.column()
        ),
    }
}

fn check_version(version: Option<Field>) -> Result<(), String> {
    match version {
        Some(Field::Integer(VERSION)) => Ok(()),
        Some(Field::Integer(number)) => Err(format!("Version is {number}, and only version 1 is known")),
        Some(other) => Err(format!("Version is {}, and has to be the number 1", other.kind())),
        None => Err("Version is missing; it has to be the number 1".to_owned()),
    }
}

fn required(name: &str, field: Option<Field>) -> Result<Secret, String> {
    optional(name, field)?.ok_or_else(|| format!("{name} is missing"))
}

fn optional(name: &str, field: Option<Field>) -> Result<Option<Secret>, String> {
    match field {
        None | Some(Field::Null) => Ok(None),
        Some(Field::Text(text)) => Ok(Some(text)),
        Some(other) => Err(format!("{name} is {}, and has to be text", other.kind())),
    }
}

/// Programs write empty text where there is nothing, and AWS's readers take it so.
fn optional_or_empty(name: &str, field: Option<Field>) -> Result<Option<Secret>, String> {
    Ok(optional(name, field)?.filter(|text| !text.expose().is_empty()))
}

#[cfg(test)]
mod tests {
    use std::time::{Duration, UNIX_EPOCH};

    use super::*;

    const ID: &str = "AKIAIOSFODNN7EXAMPLE";
    /// 2027-01-15.
    const NOW: Duration = Duration::from_hours(500_000);

    fn failure(document: &str) -> String {
        read("test", document.as_bytes(), UNIX_EPOCH + NOW).unwrap_err()
    }

    #[test]
    fn unknown_keys_and_null_are_passed_over() {
        let text = format!(
            r#" {{"Version": 1, "AccountId": [{{}}], "AccessKeyId": "{ID}", "SecretAccessKey": "s", "SessionToken": null}} "#
        );
        let credentials = read("test", text.as_bytes(), UNIX_EPOCH).unwrap();
        assert!(!credentials.is_temporary());
    }

    #[test]
    fn what_awss_own_readers_take_is_taken() {
        let expires_at = UNIX_EPOCH + Duration::from_secs(1_896_134_399);
        for (fields, expected) in [
            (r#""Version": 1.0"#, None),
            (r#""Version": 1e0, "SessionToken": "", "Expiration": """#, None),
            (
                r#""Version": 1, "Expiration": "2030-02-01T08:59:59+09:00""#,
                Some(expires_at),
            ),
            (
                r#""Version": 1, "Expiration": "2030-01-31 23:59:59 UTC""#,
                Some(expires_at),
            ),
        ] {
            let document = format!(r#"{{{fields}, "AccessKeyId": "{ID}", "SecretAccessKey": "s"}}"#);
            let credentials = read("test", document.as_bytes(), UNIX_EPOCH + NOW).unwrap();
            assert_eq!(credentials.expires_at(), expected, "{document}");
            assert!(!credentials.is_temporary(), "{document}");
        }
    }

    #[test]
    fn each_way_to_be_wrong_is_said_without_the_value() {
        for (document, expected) in [
            ("", "the JSON document ends in the middle"),
            (
                "<html>canary",
                "it is not one JSON document: see line 1, column 1",
            ),
            (
                "[\"canary\"]",
                "it is not an object with Version, AccessKeyId and SecretAccessKey, each once",
            ),
            (
                "\"canary\"",
                "it is not an object with Version, AccessKeyId and SecretAccessKey, each once",
            ),
            ("{}", "Version is missing; it has to be the number 1"),
            (
                r#"{"Version":"1"}"#,
                "Version is text, and has to be the number 1",
            ),
            (
                r#"{"Version":1.5}"#,
                "Version is a number that is not whole, and has to be the number 1",
            ),
            (r#"{"Version":2}"#, "Version is 2, and only version 1 is known"),
            (r#"{"Version":1}"#, "AccessKeyId is missing"),
            (
                r#"{"Version":1,"AccessKeyId":["canary"]}"#,
                "AccessKeyId is a list, and has to be text",
            ),
            (
                r#"{"Version":1,"AccessKeyId":"AKIAIOSFODNN7EXAMPLE"}"#,
                "SecretAccessKey is missing",
            ),
            (
                r#"{"Version":1,"AccessKeyId":"canary","SecretAccessKey":"canary"}"#,
                "the access key id is not 16 to 128 characters long",
            ),
            (
                r#"{"Version":1,"AccessKeyId":"AKIAIOSFODNN7EXAMPLE","SecretAccessKey":"canary","Expiration":"canary"}"#,
                "Expiration is not a time with its time zone, like 2030-01-31T23:59:59Z",
            ),
            (
                r#"{"Version":1,"AccessKeyId":"AKIAIOSFODNN7EXAMPLE","SecretAccessKey":"canary","Expiration":"2027-01-01T00:00:00Z"}"#,
                "the credentials expired at 2027-01-01T00:00:00Z",
            ),
            (
                r#"{"Version":1,"Version":1}"#,
                "it is not an object with Version, AccessKeyId and SecretAccessKey, each once",
            ),
            (
                r#"{"Version":1} {"canary":1}"#,
                "it is not one JSON document: see line 1, column 15",
            ),
        ] {
            assert_eq!(failure(document), expected, "{document}");
        }
    }
}
