use crate::{Secret, SourceError};

/// What a store lent with base credentials and takes back when STS has answered: a key that was made for one
/// load, the login that read it, or both.
#[derive(Debug, Clone)]
pub struct Lease {
    id: Option<String>,
    login: Option<Secret>,
}

impl Lease {
    /// A lease with the `id` that the store knows it by, and the `login` that was made for it. One of the two is
    /// enough: a stored key that was read with a login has no id.
    pub fn new(id: Option<String>, login: Option<Secret>) -> Self {
        Self { id, login }
    }

    /// The id that the store knows it by. It is not a secret: who has it can do nothing without a login.
    pub fn id(&self) -> Option<&str> {
        self.id.as_deref()
    }

    /// The login that is to be ended.
    pub fn login(&self) -> Option<&Secret> {
        self.login.as_ref()
    }

    /// That `error` kept this from being given back.
    pub fn not_released(&self, error: SourceError) -> SourceError {
        SourceError::NotReleased {
            name: error.source_name().to_owned(),
            lease: self
                .id
                .as_ref()
                .map_or_else(|| "the login".to_owned(), |id| format!("the lease {id}")),
            reason: error.reason().to_owned(),
            cause: Some(Box::new(error)),
        }
    }
}
