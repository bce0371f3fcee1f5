//! The operating system's own keyring, behind the one interface that all of them have.

use std::sync::Arc;

use keyring::{CredentialStore, Error};

/// The service that all entries of ours belong to.
pub(super) const SERVICE: &str = "rolewrap";

/// A keyring, open or with what stopped it from opening.
pub(super) type Opened = Result<Arc<CredentialStore>, Error>;

/// Opens the Secret Service. The libraries for D-Bus read its address from the process environment themselves.
#[cfg(target_os = "linux")]
pub(super) fn open() -> Opened {
    Ok(zbus_secret_service_keyring_store::Store::new()?)
}

/// Opens the user's login keychain.
#[cfg(target_os = "macos")]
pub(super) fn open() -> Opened {
    Ok(apple_native_keyring_store::keychain::Store::new()?)
}

/// Opens the Credential Manager.
#[cfg(windows)]
pub(super) fn open() -> Opened {
    Ok(windows_native_keyring_store::Store::new()?)
}

/// There is no keyring for other systems.
#[cfg(not(any(target_os = "linux", target_os = "macos", windows)))]
pub(super) fn open() -> Opened {
    Err(Error::NotSupportedByStore(
        "no keyring of this system is known".to_owned(),
    ))
}
