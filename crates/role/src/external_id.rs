use crate::InvalidParameter;
use crate::text_limits::{TextLimits, is_name_character};
use crate::text_parameter::text_parameter;

/// STS API Reference, AssumeRole, `ExternalId`.
const LIMITS: TextLimits = TextLimits {
    parameter: "external id",
    characters: 2..=1224,
    allows: |character| is_name_character(character) || ":/".contains(character),
    allowed: "letters, digits and _+=,.@:/-",
};

text_parameter! {
    /// What a role's trust policy may demand of a third party. AWS does not treat it as a secret.
    /// 2 to 1224 letters, digits and `_+=,.@:/-`.
    ExternalId, check
}

fn check(value: &str) -> Result<(), InvalidParameter> {
    LIMITS.check(value)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_to_1224_characters_are_allowed() {
        for (length, allowed) in [(0, false), (1, false), (2, true), (1224, true), (1225, false)] {
            let id = "a".repeat(length);
            assert_eq!(id.parse::<ExternalId>().is_ok(), allowed, "{length}");
        }
    }

    #[test]
    fn colons_and_slashes_are_allowed_and_white_space_is_not() {
        assert!("a:b/c-_+=,.@0".parse::<ExternalId>().is_ok());
        for bad in ["a b", "a\n", "a#b", "a\\b"] {
            assert!(bad.parse::<ExternalId>().is_err(), "{bad}");
        }
    }
}
