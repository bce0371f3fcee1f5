//! What a [`VaultError`] means for a source.

use super::error::VaultError;
use crate::{BoxError, SourceError};

impl VaultError {
    pub(super) fn invalid(key: &str, reason: impl Into<String>) -> Self {
        Self::Invalid {
            key: key.to_owned(),
            reason: reason.into(),
        }
    }

    /// Whether the server said that there is nothing.
    pub(super) fn is_absent(&self) -> bool {
        matches!(self, Self::NoSecret { .. } | Self::Deleted { .. })
    }

    /// Whether there is something that is no usable key. A version that was asked for by its number, or destroyed, is not
    /// simply absent.
    pub(super) fn is_malformed(&self) -> bool {
        matches!(
            self,
            Self::NoVersion { .. }
                | Self::Destroyed { .. }
                | Self::FieldMissing { .. }
                | Self::FieldIsNoText { .. }
                | Self::MalformedKey { .. }
        )
    }

    /// The same, as the source called `name` reports it.
    pub(super) fn of_source(self, name: &str) -> SourceError {
        let (name, reason) = (name.to_owned(), self.to_string());
        let key = match &self {
            Self::Invalid { key, .. } => Some(key.clone()),
            Self::NoLogin { .. } => Some("auth".to_owned()),
            Self::OtherFields { .. } => Some("path".to_owned()),
            Self::NoMount { .. } | Self::OtherEngine { .. } => Some("mount".to_owned()),
            Self::NoNamespace { .. } => Some("namespace".to_owned()),
            Self::OtherKvVersion { .. } => Some("kv_version".to_owned()),
            _ => None,
        };
        if let Some(key) = key {
            return SourceError::InvalidConfiguration { name, key, reason };
        }
        if self.is_absent() {
            return SourceError::NotFound { name, reason };
        }
        let is_malformed = self.is_malformed();
        let cause = |error| Some(Box::new(error) as BoxError);
        match self {
            _ if is_malformed => {
                let cause = cause(self);
                SourceError::Malformed { name, reason, cause }
            }
            Self::LoginRefused { .. }
            | Self::TokenRefused { .. }
            | Self::Denied { .. }
            | Self::VersionNeeded { .. }
            | Self::Refused { .. } => {
                let cause = cause(self);
                SourceError::Denied { name, reason, cause }
            }
            _ => {
                let cause = cause(self);
                SourceError::Unavailable { name, reason, cause }
            }
        }
    }
}
