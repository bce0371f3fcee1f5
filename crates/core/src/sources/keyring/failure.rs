use keyring::Error;

use super::opened::SERVICE;
use crate::{BoxError, SourceError};

/// What was being done when a keyring failed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Step {
    /// Connecting to it.
    Open,
    /// Working with an entry.
    Entry,
}

/// Why the entry called `entry` could not be worked with, for the source called `name`.
pub(super) fn explain(error: Error, step: Step, name: &str, entry: &str) -> SourceError {
    let name = name.to_owned();
    match error {
        Error::NoEntry => SourceError::NotFound {
            name,
            reason: format!("the keyring has no entry `{entry}` of service {SERVICE}"),
        },
        Error::Ambiguous(entries) => SourceError::Malformed {
            name,
            reason: format!(
                "the keyring has {} entries `{entry}` of service {SERVICE}, and nothing says which one is meant; remove all but one",
                entries.len()
            ),
            cause: None,
        },
        Error::NoStorageAccess(cause) => SourceError::Denied {
            name,
            reason: "the keyring is locked, and nobody unlocked it".to_owned(),
            cause: Some(cause),
        },
        Error::TooLong(_, limit) => SourceError::InvalidConfiguration {
            name,
            key: "entry".to_owned(),
            reason: format!("this system's keyring has no room for more than {limit} bytes"),
        },
        Error::Invalid(what, reason) => SourceError::InvalidConfiguration {
            name,
            key: "entry".to_owned(),
            reason: format!("the keyring does not take it: {what} {reason}"),
        },
        Error::PlatformFailure(cause) => SourceError::Unavailable {
            name,
            reason: unavailable(step, &cause).to_owned(),
            cause: Some(cause),
        },
        // The rest either cannot happen here, or holds what the entry says: none of it may be kept.
        _ => SourceError::Unavailable {
            name,
            reason: "this system's keyring failed".to_owned(),
            cause: None,
        },
    }
}

fn unavailable(step: Step, cause: &BoxError) -> &'static str {
    match step {
        _ if is_absent_service(&**cause) => {
            "no Secret Service answers on D-Bus, so there is no keyring; gnome-keyring, KWallet and KeePassXC offer one"
        }
        Step::Open if cfg!(target_os = "linux") => "there is no D-Bus session, so there is no keyring",
        _ => "this system's keyring failed",
    }
}

/// Whether D-Bus is there and nobody on it offers the Secret Service, nor can be started to.
#[cfg(target_os = "linux")]
fn is_absent_service(mut error: &(dyn std::error::Error + 'static)) -> bool {
    const NOBODY: &str = "org.freedesktop.DBus.Error.ServiceUnknown";
    const NOT_STARTED: &str = "org.freedesktop.DBus.Error.Spawn.";
    loop {
        let name = match error.downcast_ref::<zbus::Error>() {
            Some(zbus::Error::MethodError(name, ..)) => name.as_str(),
            Some(zbus::Error::FDO(error)) => {
                return matches!(**error, zbus::fdo::Error::ServiceUnknown(_));
            }
            _ => "",
        };
        if name == NOBODY || name.starts_with(NOT_STARTED) {
            return true;
        }
        match error.source() {
            Some(cause) => error = cause,
            None => return false,
        }
    }
}

#[cfg(not(target_os = "linux"))]
fn is_absent_service(_: &(dyn std::error::Error + 'static)) -> bool {
    false
}
