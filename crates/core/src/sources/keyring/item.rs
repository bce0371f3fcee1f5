use std::fmt;
use std::sync::mpsc;
use std::thread;
use std::time::Duration;

use keyring::{Entry, Error};
use zeroize::Zeroizing;

use super::opened::{SERVICE, open};
use crate::BoxError;

/// How long the keyring may take. Nobody is to be asked to unlock it for something that a program can do without.
const LONGEST: Duration = Duration::from_secs(20);

/// One item of the operating system's keyring that is no access key: a few bytes that a program keeps for itself, under
/// the service `rolewrap` and a user name of its own.
///
/// Each call blocks the thread, 20 seconds at most, until another thread has talked to the keyring: it may be locked, and wait
/// for a person. Within an asynchronous runtime, make it where a thread may block.
pub struct KeyringItem {
    entry: String,
}

impl KeyringItem {
    /// The item whose user name is `entry`.
    pub fn new(entry: &str) -> Self {
        Self {
            entry: entry.to_owned(),
        }
    }

    /// What it holds, where it is there.
    ///
    /// # Errors
    /// Where there is no keyring, it is locked, or it does not answer.
    pub fn load(&self) -> Result<Option<Zeroizing<Vec<u8>>>, BoxError> {
        self.with_entry(|entry| match entry.get_secret() {
            Ok(bytes) => Ok(Some(Zeroizing::new(bytes))),
            Err(Error::NoEntry) => Ok(None),
            Err(error) => Err(error),
        })
    }

    /// Puts `bytes` in the place of what it holds.
    ///
    /// # Errors
    /// As of [`load`](Self::load).
    pub fn store(&self, bytes: &[u8]) -> Result<(), BoxError> {
        let bytes = Zeroizing::new(bytes.to_vec());
        self.with_entry(move |entry| entry.set_secret(&bytes))
    }

    /// Removes it. One that is not there is no error.
    ///
    /// # Errors
    /// As of [`load`](Self::load).
    pub fn remove(&self) -> Result<(), BoxError> {
        self.with_entry(|entry| match entry.delete_credential() {
            Ok(()) | Err(Error::NoEntry) => Ok(()),
            Err(error) => Err(error),
        })
    }

    fn with_entry<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Entry) -> keyring::Result<T> + Send + 'static,
    ) -> Result<T, BoxError> {
        let (sender, receiver) = mpsc::channel();
        let entry = self.entry.clone();
        thread::Builder::new().name("keyring".to_owned()).spawn(move || {
            let done = open()
                .and_then(|keyring| keyring.build(SERVICE, &entry, None))
                .and_then(|entry| work(&entry));
            // Nobody may be waiting any more.
            let _ = sender.send(done);
        })?;
        match receiver.recv_timeout(LONGEST) {
            Ok(Ok(done)) => Ok(done),
            Ok(Err(error)) => Err(explained(error)),
            Err(_) => Err("it did not answer in time".into()),
        }
    }
}

impl fmt::Debug for KeyringItem {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("KeyringItem")
            .field("entry", &self.entry)
            .finish()
    }
}

/// The error, without what the item holds: some errors of the library have it.
fn explained(error: Error) -> BoxError {
    match error {
        Error::NoStorageAccess(_) => "it is locked".into(),
        Error::PlatformFailure(cause) => cause,
        _ => "it refused".into(),
    }
}
