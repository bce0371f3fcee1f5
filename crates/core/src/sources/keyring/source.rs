use std::fmt;
use std::sync::Arc;
use std::thread;
use std::time::Duration;

use async_trait::async_trait;
use keyring::Entry;
use tokio::sync::oneshot;
use zeroize::Zeroizing;

use super::failure::{Step, explain};
use super::opened::{Opened, SERVICE, open};
use super::written_document::write;
use crate::sources::document;
use crate::{
    BaseCredentialSource, BaseCredentialStore, BaseCredentials, Clock, SourceError, SourceFingerprint,
};

/// The most characters of an entry's name. No keyring has a lower limit (`CRED_MAX_USERNAME_LENGTH` of wincred.h
/// is 513).
const LONGEST_ENTRY: usize = 255;

/// Base credentials in the operating system's keyring: Secret Service on Linux (gnome-keyring, `KWallet`,
/// `KeePassXC`), Keychain on macOS, Credential Manager on Windows.
///
/// The entry has the service `rolewrap` and a user name of one's own choice; on Linux these are the attributes
/// `service` and `username`. It holds the JSON document of AWS's `credential_process` contract, so that a key can
/// be put there and read with the system's own programs:
///
/// ```text
/// secret-tool store --label rolewrap service rolewrap username default
/// {"Version":1,"AccessKeyId":"AKIA…","SecretAccessKey":"…"}
/// ```
///
/// Every call ends within [`with_timeout`](Self::with_timeout), which is a minute by default and includes the time
/// that a person needs to unlock the keyring. The libraries wait without a limit, so each call has a thread and
/// a connection of its own. One that is given up stays behind, holds up neither another call nor the end of the
/// process, and ends with it.
///
/// Where D-Bus listens is read from the process environment by the library that connects to it
/// (`DBUS_SESSION_BUS_ADDRESS`, or else `XDG_RUNTIME_DIR`): it cannot be injected. A machine without D-Bus, or
/// without a keyring on it, is [`SourceError::Unavailable`] and not "not found": the store did not say that it
/// holds nothing, so a fallback order stops there. Needs a Tokio runtime with time enabled.
pub struct KeyringSource {
    name: String,
    entry: String,
    clock: Arc<dyn Clock>,
    timeout: Duration,
    open: Arc<dyn Fn() -> Opened + Send + Sync>,
}

impl KeyringSource {
    /// How long a call may take unless another time is set.
    pub const DEFAULT_TIMEOUT: Duration = Duration::from_mins(1);

    /// A source called `name` that reads the entry whose user name is `entry`.
    ///
    /// # Errors
    /// [`SourceError::InvalidConfiguration`] where `entry` is empty, longer than 255 characters, or has control
    /// characters in it.
    pub fn new(
        name: impl Into<String>,
        entry: impl Into<String>,
        clock: Arc<dyn Clock>,
    ) -> Result<Self, SourceError> {
        let (name, entry) = (name.into(), entry.into());
        let reason = if entry.is_empty() {
            "it is empty"
        } else if entry.chars().any(char::is_control) {
            "it has control characters in it"
        } else if entry.chars().count() > LONGEST_ENTRY {
            "it is longer than 255 characters"
        } else {
            return Ok(Self {
                name,
                entry,
                clock,
                timeout: Self::DEFAULT_TIMEOUT,
                open: Arc::new(open),
            });
        };
        Err(SourceError::InvalidConfiguration {
            name,
            key: "entry".to_owned(),
            reason: reason.to_owned(),
        })
    }

    /// The same source with another time for each call to end in.
    #[must_use]
    pub fn with_timeout(mut self, timeout: Duration) -> Self {
        self.timeout = timeout;
        self
    }

    /// The same source with another keyring than the system's, for tests.
    #[cfg(test)]
    pub(super) fn with_keyring(mut self, open: impl Fn() -> Opened + Send + Sync + 'static) -> Self {
        self.open = Arc::new(open);
        self
    }

    /// Does `work` with the entry, on a thread of its own.
    async fn with_entry<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Entry) -> keyring::Result<T> + Send + 'static,
    ) -> Result<T, SourceError> {
        let (sender, receiver) = oneshot::channel();
        let (open, name, entry) = (self.open.clone(), self.name.clone(), self.entry.clone());
        let work = move || {
            let done = open()
                .map_err(|error| explain(error, Step::Open, &name, &entry))
                .and_then(|keyring| {
                    keyring
                        .build(SERVICE, &entry, None)
                        .and_then(|found| work(&found))
                        .map_err(|error| explain(error, Step::Entry, &name, &entry))
                });
            // Nobody may be waiting any more.
            let _ = sender.send(done);
        };
        // A runtime's own threads for blocking work would be waited for when the runtime is dropped.
        thread::Builder::new()
            .name("keyring".to_owned())
            .spawn(work)
            .map_err(|error| SourceError::Unavailable {
                name: self.name.clone(),
                reason: "no thread could be started for the keyring".to_owned(),
                cause: Some(error.into()),
            })?;
        match tokio::time::timeout(self.timeout, receiver).await {
            Ok(Ok(done)) => done,
            Ok(Err(_)) => Err(self.unavailable("the library that talks to it failed".to_owned())),
            Err(_) => Err(self.unavailable(format!(
                "the keyring did not answer within {}; it may be waiting for somebody to unlock it",
                humantime::format_duration(self.timeout)
            ))),
        }
    }

    fn unavailable(&self, reason: String) -> SourceError {
        SourceError::Unavailable {
            name: self.name.clone(),
            reason,
            cause: None,
        }
    }
}

#[async_trait]
impl BaseCredentialSource for KeyringSource {
    fn name(&self) -> &str {
        &self.name
    }

    /// Which entry of which keyring: a keyring is known by the bus that it is on.
    fn fingerprint(&self) -> Option<SourceFingerprint> {
        let fingerprint = SourceFingerprint::of("keyring").with("entry", self.entry.as_bytes());
        Some(fingerprint.with_variables_of_the_process(&[
            "DBUS_SESSION_BUS_ADDRESS",
            "XDG_RUNTIME_DIR",
            "HOME",
        ]))
    }

    fn is_worth_keeping(&self, _credentials: &BaseCredentials) -> bool {
        true
    }

    async fn load(&self) -> Result<BaseCredentials, SourceError> {
        let bytes = self
            .with_entry(|entry| entry.get_secret().map(Zeroizing::new))
            .await?;
        document::read(&self.name, &bytes, self.clock.now()).map_err(|reason| SourceError::Malformed {
            name: self.name.clone(),
            reason: format!(
                "the entry `{}` of service {SERVICE} is of no use: {reason}",
                self.entry
            ),
            cause: None,
        })
    }
}

#[async_trait]
impl BaseCredentialStore for KeyringSource {
    async fn store(&self, credentials: &BaseCredentials) -> Result<(), SourceError> {
        let document = write(credentials, self.clock.now());
        self.with_entry(move |entry| entry.set_secret(&document)).await
    }

    async fn remove(&self) -> Result<(), SourceError> {
        self.with_entry(Entry::delete_credential).await
    }
}

impl fmt::Debug for KeyringSource {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("KeyringSource")
            .field("name", &self.name)
            .field("entry", &self.entry)
            .field("timeout", &self.timeout)
            .finish_non_exhaustive()
    }
}
