use std::fmt;

use zeroize::Zeroizing;

/// A secret value: a secret access key, a session token, a password.
///
/// The memory is overwritten when the value is dropped. There is no `Display` and no serialisation, and
/// `Debug` shows nothing of the content, its length included. The only way to the value is
/// [`expose`](Self::expose), so that every place that handles one can be found by name.
#[derive(Clone)]
pub struct Secret(Zeroizing<String>);

impl Secret {
    /// Takes ownership of `value`.
    pub fn new(value: impl Into<String>) -> Self {
        Self(Zeroizing::new(value.into()))
    }

    /// The value itself. Hand it to the one place that needs it, and to nothing that prints or stores.
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Secret(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn debug_shows_neither_the_value_nor_its_length() {
        assert_eq!(
            format!("{:?}", Secret::new("canary")),
            format!("{:?}", Secret::new(""))
        );
        assert!(!format!("{:#?}", Some(Secret::new("canary"))).contains("canary"));
    }
}
