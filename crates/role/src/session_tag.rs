use std::fmt;
use std::str::FromStr;

use crate::InvalidParameter;
use crate::text_limits::TextLimits;

/// What both patterns of the STS API Reference allow: letters, separators and digits of every script, and
/// some signs (`[\p{L}\p{Z}\p{N}_.:/=+\-@]`).
fn is_tag_character(character: char) -> bool {
    character.is_alphanumeric()
        || (character.is_whitespace() && !character.is_control())
        || "_.:/=+-@".contains(character)
}

const ALLOWED: &str = "letters, digits, spaces and _.:/=+-@";

/// STS API Reference, `Tag`, `Key`.
const KEY: TextLimits = TextLimits {
    parameter: "session tag key",
    characters: 1..=128,
    allows: is_tag_character,
    allowed: ALLOWED,
};

/// STS API Reference, `Tag`, `Value`.
const VALUE: TextLimits = TextLimits {
    parameter: "session tag value",
    characters: 0..=256,
    allows: is_tag_character,
    allowed: ALLOWED,
};

/// One session tag. Written as `KEY=VALUE`; the first `=` separates.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct SessionTag {
    key: String,
    value: String,
}

impl SessionTag {
    /// A tag of a key (1 to 128 characters) and a value (at most 256 characters).
    ///
    /// # Errors
    /// [`InvalidParameter`] when either breaks its limits.
    pub fn new(key: &str, value: &str) -> Result<Self, InvalidParameter> {
        KEY.check(key)?;
        VALUE.check(value)?;
        Ok(Self {
            key: key.to_owned(),
            value: value.to_owned(),
        })
    }

    /// Whether keys and values may have this character.
    pub fn allows(character: char) -> bool {
        is_tag_character(character)
    }

    /// Whether two keys are the same one to AWS, which compares them without regard to case.
    pub fn same_key(one: &str, other: &str) -> bool {
        one.to_lowercase() == other.to_lowercase()
    }

    /// The key.
    pub fn key(&self) -> &str {
        &self.key
    }

    /// The value. It may be empty.
    pub fn value(&self) -> &str {
        &self.value
    }
}

impl fmt::Display for SessionTag {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}={}", self.key, self.value)
    }
}

impl FromStr for SessionTag {
    type Err = InvalidParameter;

    fn from_str(value: &str) -> Result<Self, Self::Err> {
        match value.split_once('=') {
            Some((key, value)) => Self::new(key, value),
            None => Err(InvalidParameter::new(
                "session tag",
                value,
                "has no '='; a tag is written as KEY=VALUE",
            )),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_equals_sign_separates_key_and_value() {
        let tag: SessionTag = "team=a=b".parse().unwrap();
        assert_eq!((tag.key(), tag.value()), ("team", "a=b"));
        assert_eq!(tag.to_string(), "team=a=b");
        assert_eq!("empty=".parse::<SessionTag>().unwrap().value(), "");
        assert!("team".parse::<SessionTag>().is_err());
        assert!("=x".parse::<SessionTag>().is_err());
    }

    #[test]
    fn a_key_has_1_to_128_and_a_value_0_to_256_characters() {
        let tag = |key: usize, value: usize| SessionTag::new(&"ü".repeat(key), &"é".repeat(value));
        assert!(tag(1, 0).is_ok());
        assert!(tag(128, 256).is_ok());
        assert!(tag(0, 1).is_err());
        assert!(tag(129, 1).is_err());
        assert!(tag(1, 257).is_err());
    }

    #[test]
    fn letters_of_every_script_are_allowed_and_controls_are_not() {
        assert!(SessionTag::new("Straße 名前", "a b_.:/=+-@").is_ok());
        for bad in ["a\tb", "a\nb", "a#b", "a*b", "a\u{0}"] {
            assert!(SessionTag::new(bad, "").is_err(), "{bad:?}");
            assert!(SessionTag::new("key", bad).is_err(), "{bad:?}");
        }
    }
}
