use std::fmt;
use std::pin::Pin;

use crate::BaseCredentialSource;

/// A store whose key is replaced while a source of it is in use.
pub enum Rotation<'a> {
    /// It can be.
    Source {
        /// A source whose store holds the key of [`Scenarios::present`](super::Scenarios::present).
        source: Box<dyn BaseCredentialSource>,
        /// What puts [`ROTATED_ACCESS_KEY_ID`](super::ROTATED_ACCESS_KEY_ID) and
        /// [`ROTATED_SECRET_ACCESS_KEY`](super::ROTATED_SECRET_ACCESS_KEY) in its place, when it is awaited.
        rotate: Pin<Box<dyn Future<Output = ()> + Send + 'a>>,
    },
    /// The key of this kind of store never changes, for the reason given.
    CannotHappen(&'static str),
}

impl fmt::Debug for Rotation<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Source { source, .. } => formatter.debug_tuple("Source").field(source).finish(),
            Self::CannotHappen(reason) => formatter.debug_tuple("CannotHappen").field(reason).finish(),
        }
    }
}
