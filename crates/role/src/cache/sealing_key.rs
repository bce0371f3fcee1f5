use std::{fmt, io};

use aws_lc_rs::{hmac, rand};
use zeroize::Zeroizing;

/// The bytes of a sealing key.
const LENGTH: usize = 32;

/// The secret that the entries of a cache are sealed and named with: 256 random bits. Wiped when it is dropped;
/// `Debug` shows nothing.
#[derive(Clone)]
pub struct SealingKey(Zeroizing<[u8; LENGTH]>);

impl SealingKey {
    /// A new one, from the system's random numbers.
    ///
    /// # Errors
    /// Where the system has none to give.
    pub fn random() -> io::Result<Self> {
        let mut key = Zeroizing::new([0; LENGTH]);
        rand::fill(&mut *key).map_err(|_| io::Error::other("the system gives no random numbers"))?;
        Ok(Self(key))
    }

    /// The key that a store kept; `None` where `bytes` cannot be one.
    pub fn from_bytes(bytes: &[u8]) -> Option<Self> {
        let mut key = Zeroizing::new([0; LENGTH]);
        if bytes.len() != LENGTH {
            return None;
        }
        key.copy_from_slice(bytes);
        Some(Self(key))
    }

    /// The key itself. Hand it to a store that keeps secrets, and to nothing else.
    pub fn expose(&self) -> &[u8] {
        &*self.0
    }

    /// A key for one purpose, so that what is said with one tells nothing about another.
    pub(super) fn derived(&self, purpose: &str) -> Zeroizing<[u8; LENGTH]> {
        let mut derived = Zeroizing::new([0; LENGTH]);
        derived.copy_from_slice(&self.digest(purpose, b""));
        derived
    }

    /// The keyed digest of `data`, for one purpose.
    pub(super) fn digest(&self, purpose: &str, data: &[u8]) -> [u8; LENGTH] {
        let key = hmac::Key::new(hmac::HMAC_SHA256, &*self.0);
        let mut context = hmac::Context::with_key(&key);
        context.update(&(purpose.len() as u64).to_be_bytes());
        context.update(purpose.as_bytes());
        context.update(data);
        let mut digest = [0; LENGTH];
        digest.copy_from_slice(context.sign().as_ref());
        digest
    }
}

impl fmt::Debug for SealingKey {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("SealingKey(…)")
    }
}
