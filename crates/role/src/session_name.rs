use crate::InvalidParameter;
use crate::text_limits::{NAME_CHARACTERS, TextLimits, is_name_character};
use crate::text_parameter::text_parameter;

/// STS API Reference, AssumeRole, `RoleSessionName`.
const LIMITS: TextLimits = TextLimits {
    parameter: "role session name",
    characters: 2..=64,
    allows: is_name_character,
    allowed: NAME_CHARACTERS,
};

text_parameter! {
    /// The name that CloudTrail shows for the session. 2 to 64 letters, digits and `_+=,.@-`.
    SessionName, check
}

fn check(value: &str) -> Result<(), InvalidParameter> {
    LIMITS.check(value)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_to_sixty_four_characters_are_allowed() {
        for (length, allowed) in [(0, false), (1, false), (2, true), (64, true), (65, false)] {
            let name = "a".repeat(length);
            assert_eq!(name.parse::<SessionName>().is_ok(), allowed, "{length}");
        }
    }

    #[test]
    fn the_message_names_the_character_and_its_position() {
        assert_eq!(
            "a b".parse::<SessionName>().unwrap_err().to_string(),
            "role session name \"a b\": has ' ' at position 2; allowed are letters, digits and _+=,.@- \
             (2 to 64 characters)"
        );
    }

    #[test]
    fn every_allowed_character_is_accepted_and_letters_of_other_scripts_are_not() {
        assert!("aZ09_+=,.@-".parse::<SessionName>().is_ok());
        for bad in ["é-name", "a/b", "a:b", "a\nb", "名前"] {
            assert!(bad.parse::<SessionName>().is_err(), "{bad}");
        }
    }
}
