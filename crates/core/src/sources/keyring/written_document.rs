use std::time::SystemTime;

use serde::Serialize;
use zeroize::Zeroizing;

use crate::sources::document::VERSION;
use crate::{BaseCredentials, Secret};

/// The room for everything in a document but its values: names, punctuation, a time.
const FRAME_BYTES: usize = 256;

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Document<'a> {
    version: i64,
    access_key_id: &'a str,
    secret_access_key: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    session_token: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    expiration: Option<String>,
    stored_at: String,
}

/// The document for `credentials`, written at `now`, as [`document::read`](crate::sources::document::read) reads it.
pub(super) fn write(credentials: &BaseCredentials, now: SystemTime) -> Zeroizing<Vec<u8>> {
    let document = Document {
        version: VERSION,
        access_key_id: credentials.access_key_id(),
        secret_access_key: credentials.secret_access_key().expose(),
        session_token: credentials.session_token().map(Secret::expose),
        expiration: credentials
            .expires_at()
            .map(|time| humantime::format_rfc3339_seconds(time).to_string()),
        stored_at: humantime::format_rfc3339_seconds(now).to_string(),
    };
    let values = document.access_key_id.len()
        + document.secret_access_key.len()
        + document.session_token.map_or(0, str::len);
    // Growing would leave a copy behind in memory that nobody overwrites. A character takes two bytes at most:
    // all are printable ASCII.
    let mut bytes = Zeroizing::new(Vec::with_capacity(FRAME_BYTES + 2 * values));
    serde_json::to_writer(&mut *bytes, &document)
        .expect("texts and a number are JSON, and memory can be written");
    bytes
}

#[cfg(test)]
mod tests {
    use std::time::{Duration, UNIX_EPOCH};

    use super::*;
    use crate::sources::document;

    #[test]
    fn what_was_written_is_what_is_read() {
        let now = UNIX_EPOCH + Duration::from_hours(500_000);
        let written = BaseCredentials::new("test", "AKIAIOSFODNN7EXAMPLE", &Secret::new(r#"a"b\c/+="#))
            .unwrap()
            .with_session_token(&Secret::new("session"))
            .unwrap()
            .with_expires_at(now + Duration::from_hours(1));
        let bytes = write(&written, now);
        assert!(bytes.starts_with(br#"{"Version":1,"AccessKeyId":"AKIA"#));
        let read = document::read("test", &bytes, now).unwrap();
        assert_eq!(read.access_key_id(), written.access_key_id());
        assert_eq!(
            read.secret_access_key().expose(),
            written.secret_access_key().expose()
        );
        assert_eq!(read.session_token().unwrap().expose(), "session");
        assert_eq!(read.expires_at(), written.expires_at());
        assert_eq!(read.stored_at(), Some(now));
    }

    #[test]
    fn the_largest_long_lived_key_fits_where_windows_keeps_it() {
        /// `CRED_MAX_CREDENTIAL_BLOB_SIZE` of wincred.h.
        const WINDOWS_LIMIT: usize = 2560;
        let id = "A".repeat(128);
        let largest = BaseCredentials::new("test", &id, &Secret::new("\\".repeat(128))).unwrap();
        assert!(write(&largest, UNIX_EPOCH).len() < WINDOWS_LIMIT);
    }
}
