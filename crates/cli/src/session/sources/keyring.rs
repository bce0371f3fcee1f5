//! Keyring sources, and what to do about their errors.

use std::time::Duration;

use rolewrap_core::{KeyringSource, SourceError};

use crate::host::system::System;

/// The entry of the keyring where none is named.
const DEFAULT_ENTRY: &str = "default";

/// The source called `name`.
pub(super) fn build(
    name: &str,
    entry: Option<&str>,
    timeout: Option<Duration>,
    system: &System,
) -> Result<KeyringSource, SourceError> {
    let source = KeyringSource::new(name, entry.unwrap_or(DEFAULT_ENTRY), system.clock.clone())?;
    Ok(source.with_timeout(timeout.unwrap_or(KeyringSource::DEFAULT_TIMEOUT)))
}

/// What to do about `error`, where that is special to keyrings.
pub(super) fn hint(error: &SourceError) -> Option<String> {
    if let SourceError::NotFound { name, .. } = error {
        return Some(format!(
            "put the key into the keyring with rolewrap source add {name}, correct `entry`, or name another source with --source"
        ));
    }
    special(error).map(str::to_owned)
}

fn special(error: &SourceError) -> Option<&'static str> {
    match error {
        SourceError::Denied { .. } => Some(
            "unlock the keyring in your desktop session. Without a desktop, run gnome-keyring-daemon --unlock and rolewrap in one dbus-run-session, or name another source with --source",
        ),
        SourceError::Unavailable { .. } => Some(
            "without a desktop, set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, name another source with --source, or run gnome-keyring-daemon --unlock and rolewrap in one dbus-run-session. With a desktop, log in to it",
        ),
        SourceError::Malformed { .. } => Some(
            "look at the entries with the system's own program (on Linux: secret-tool search --all service rolewrap), and store the key again",
        ),
        _ => None,
    }
}
