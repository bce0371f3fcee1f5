use std::time::{Duration, SystemTime, UNIX_EPOCH};

use zeroize::Zeroizing;

use super::Sealable;
use super::fields::{FieldReader, FieldWriter};

/// Something in the cache, with what is told about it.
#[derive(Debug, Clone)]
pub struct Cached<T> {
    /// What is cached.
    pub value: T,
    /// When it came.
    pub issued_at: SystemTime,
    /// What the user calls it, such as the account's name.
    pub label: String,
}

impl<T: Sealable> Cached<T> {
    pub(super) fn to_bytes(&self) -> Zeroizing<Vec<u8>> {
        let mut fields = FieldWriter::default();
        fields.bytes(&self.value.to_bytes());
        fields.number(nanoseconds(self.issued_at));
        fields.text(&self.label);
        fields.into_bytes()
    }

    pub(super) fn from_bytes(bytes: &[u8]) -> Option<Self> {
        let mut fields = FieldReader::new(bytes);
        Some(Self {
            value: T::from_bytes(fields.bytes()?)?,
            issued_at: time(fields.number()?)?,
            label: fields.text()?.to_owned(),
        })
    }
}

pub(super) fn nanoseconds(time: SystemTime) -> u64 {
    let since = time.duration_since(UNIX_EPOCH).unwrap_or(Duration::ZERO);
    u64::try_from(since.as_nanos()).unwrap_or(u64::MAX)
}

pub(super) fn time(nanoseconds: u64) -> Option<SystemTime> {
    UNIX_EPOCH.checked_add(Duration::from_nanos(nanoseconds))
}
