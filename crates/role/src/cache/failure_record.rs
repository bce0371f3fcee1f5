use std::time::SystemTime;

use zeroize::Zeroizing;

use super::cached::{nanoseconds, time};
use super::fields::{FieldReader, FieldWriter};

/// How the last attempt of a process ended, for those that waited for it.
#[derive(Debug)]
pub(super) struct FailureRecord {
    pub(super) at: SystemTime,
    /// The error as its process says it. No error holds a secret.
    pub(super) text: String,
    /// In which manner one has to ask to fail in the same way; `None` where any does.
    pub(super) manner: Option<String>,
}

impl FailureRecord {
    pub(super) fn to_bytes(&self) -> Zeroizing<Vec<u8>> {
        let mut fields = FieldWriter::default();
        fields.number(nanoseconds(self.at));
        fields.text(&self.text);
        fields.optional(self.manner.as_deref());
        fields.into_bytes()
    }

    pub(super) fn from_bytes(bytes: &[u8]) -> Option<Self> {
        let mut fields = FieldReader::new(bytes);
        Some(Self {
            at: time(fields.number()?)?,
            text: fields.text()?.to_owned(),
            manner: fields.optional()?.map(str::to_owned),
        })
    }
}
