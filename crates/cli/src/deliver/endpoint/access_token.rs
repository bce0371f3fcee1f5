use std::fmt::Write;

use rolewrap_core::Secret;
use subtle::ConstantTimeEq;

/// How many random bytes an access token has: 256 bits, which nobody guesses.
const LENGTH: usize = 32;

/// What a request has to show to be answered. It is made anew for each command.
#[derive(Debug, Clone)]
pub(crate) struct AccessToken(Secret);

impl AccessToken {
    /// A random one.
    ///
    /// # Errors
    /// When the system has no randomness to give.
    pub(super) fn random() -> std::io::Result<Self> {
        let mut bytes = zeroize::Zeroizing::new([0; LENGTH]);
        getrandom::fill(&mut *bytes).map_err(std::io::Error::other)?;
        // As long as it will be from the start, so that no shorter copy is left behind.
        let mut text = String::with_capacity(2 * LENGTH);
        for byte in &*bytes {
            let _ = write!(text, "{byte:02x}");
        }
        Ok(Self(Secret::new(text)))
    }

    /// The one that was handed over.
    pub(super) fn given(secret: Secret) -> Self {
        Self(secret)
    }

    /// Its text, for the command's environment.
    pub(crate) fn secret(&self) -> &Secret {
        &self.0
    }

    /// Whether `shown` is this token. How long it takes says nothing about where the two differ.
    pub(super) fn is(&self, shown: &[u8]) -> bool {
        self.0.expose().as_bytes().ct_eq(shown).into()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_has_256_random_bits_and_is_never_the_same_twice() {
        let (one, other) = (AccessToken::random().unwrap(), AccessToken::random().unwrap());
        assert_eq!(one.secret().expose().len(), 64);
        assert_ne!(one.secret().expose(), other.secret().expose());
    }

    #[test]
    fn only_the_whole_token_is_the_token() {
        let token = AccessToken::random().unwrap();
        let text = token.secret().expose().to_owned();
        assert!(token.is(text.as_bytes()));
        for other in [
            "",
            &text[1..],
            &text[..63],
            &format!("{text}0"),
            &text.to_uppercase(),
            &format!("Bearer {text}"),
        ] {
            // A token without letters is its own capitals.
            if other != text {
                assert!(!token.is(other.as_bytes()), "{other}");
            }
        }
    }

    #[test]
    fn debug_shows_nothing_of_it() {
        let token = AccessToken::random().unwrap();
        assert!(!format!("{token:?}").contains(token.secret().expose()));
    }
}
