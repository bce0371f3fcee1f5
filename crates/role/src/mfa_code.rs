use std::fmt;
use std::str::FromStr;

use rolewrap_core::Secret;

use crate::InvalidParameter;

/// STS API Reference, AssumeRole, `TokenCode`.
const DIGITS: usize = 6;

/// The six digits that an MFA device shows. Neither `Debug` nor `Display` shows them.
#[derive(Clone)]
pub struct MfaCode(Secret);

impl MfaCode {
    /// The six digits. Hand them to STS and to nothing that prints.
    pub fn as_str(&self) -> &str {
        self.0.expose()
    }
}

impl FromStr for MfaCode {
    type Err = InvalidParameter;

    /// White space is removed: authenticator apps show and copy `123 456`.
    fn from_str(value: &str) -> Result<Self, Self::Err> {
        let digits: String = value
            .chars()
            .filter(|character| !character.is_whitespace())
            .collect();
        if digits.len() == DIGITS && digits.bytes().all(|byte| byte.is_ascii_digit()) {
            return Ok(Self(Secret::new(digits)));
        }
        Err(InvalidParameter::new("MFA code", "", "is not six digits"))
    }
}

impl fmt::Debug for MfaCode {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("MfaCode(…)")
    }
}

impl fmt::Display for MfaCode {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("……")
    }
}

impl PartialEq for MfaCode {
    fn eq(&self, other: &Self) -> bool {
        self.as_str() == other.as_str()
    }
}

impl Eq for MfaCode {}

impl std::hash::Hash for MfaCode {
    fn hash<H: std::hash::Hasher>(&self, state: &mut H) {
        self.as_str().hash(state);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_is_six_digits_and_the_space_that_apps_show_is_removed() {
        assert_eq!("123456".parse::<MfaCode>().unwrap().as_str(), "123456");
        assert_eq!(" 012 345\n".parse::<MfaCode>().unwrap().as_str(), "012345");
        for bad in ["", "12345", "1234567", "12345a", "١٢٣٤٥٦"] {
            assert!(bad.parse::<MfaCode>().is_err(), "{bad}");
        }
    }

    #[test]
    fn a_code_is_never_shown_not_even_a_wrong_one() {
        let code: MfaCode = "987654".parse().unwrap();
        assert!(!format!("{code:?} {code}").contains('9'));
        let error = "98765x".parse::<MfaCode>().unwrap_err();
        assert!(!format!("{error:?} {error}").contains("98765"));
        assert_eq!(error.to_string(), "MFA code is not six digits");
    }
}
