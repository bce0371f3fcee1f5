use std::fmt;

use rolewrap_core::Secret;

use crate::{ContextProviderArn, InvalidParameter};

/// STS API Reference, `ProvidedContext`, `ContextAssertion`.
const SHORTEST: usize = 4;
/// STS API Reference, `ProvidedContext`, `ContextAssertion`.
const LONGEST: usize = 2048;

/// What somebody whom AWS trusts asserts about the user, such as the identity that IAM Identity Center knows. The
/// assertion is a credential: `Debug` does not show it.
#[derive(Clone)]
pub struct ProvidedContext {
    provider: ContextProviderArn,
    assertion: Secret,
}

impl ProvidedContext {
    /// An `assertion` of `provider`, without the white space around it.
    ///
    /// # Errors
    /// [`InvalidParameter`] unless the assertion has 4 to 2048 printable ASCII characters. It is not shown.
    pub fn new(provider: ContextProviderArn, assertion: &Secret) -> Result<Self, InvalidParameter> {
        let text = assertion.expose().trim();
        let problem = if !text.bytes().all(|byte| byte.is_ascii_graphic()) {
            "has white space or other unprintable characters in it".to_owned()
        } else if !(SHORTEST..=LONGEST).contains(&text.len()) {
            format!("has {} characters", text.len())
        } else {
            let assertion = Secret::new(text);
            return Ok(Self { provider, assertion });
        };
        Err(InvalidParameter::new(
            "context assertion",
            "",
            format!("{problem}; allowed are {SHORTEST} to {LONGEST} characters of printable ASCII"),
        ))
    }

    /// Who asserts it.
    pub fn provider(&self) -> &ContextProviderArn {
        &self.provider
    }

    /// The assertion.
    pub fn assertion(&self) -> &Secret {
        &self.assertion
    }
}

impl PartialEq for ProvidedContext {
    fn eq(&self, other: &Self) -> bool {
        self.provider == other.provider && self.assertion.expose() == other.assertion.expose()
    }
}

impl Eq for ProvidedContext {}

impl fmt::Debug for ProvidedContext {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("ProvidedContext")
            .field("provider", &self.provider)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn context(assertion: &str) -> Result<ProvidedContext, InvalidParameter> {
        let provider = "arn:aws:iam::aws:contextProvider/IdentityCenter".parse().unwrap();
        ProvidedContext::new(provider, &Secret::new(assertion))
    }

    #[test]
    fn an_assertion_has_4_to_2048_characters_and_no_white_space_inside() {
        assert_eq!(context(" abcd\n").unwrap().assertion().expose(), "abcd");
        assert!(context(&"a".repeat(2048)).is_ok());
        for bad in ["", "abc", "ab cd", "äbcd", &"a".repeat(2049)] {
            assert!(context(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn the_assertion_is_never_shown_not_even_a_wrong_one() {
        assert!(!format!("{:?}", context("canary").unwrap()).contains("canary"));
        let error = context("can ary").unwrap_err();
        assert!(!format!("{error:?} {error}").contains("can ary"));
    }
}
