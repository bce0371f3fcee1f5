use crate::InvalidParameter;
use crate::text_limits::{NAME_CHARACTERS, TextLimits, is_name_character};
use crate::text_parameter::text_parameter;

/// STS API Reference, AssumeRole, `SourceIdentity`.
const LIMITS: TextLimits = TextLimits {
    parameter: "source identity",
    characters: 2..=64,
    allows: is_name_character,
    allowed: NAME_CHARACTERS,
};

text_parameter! {
    /// Who is behind the session, kept through a whole chain. 2 to 64 letters, digits and `_+=,.@-`, not
    /// beginning with `aws:`.
    SourceIdentity, check
}

fn check(value: &str) -> Result<(), InvalidParameter> {
    // Said first, because the general complaint about the colon would hide the reason.
    if value
        .get(..4)
        .is_some_and(|start| start.eq_ignore_ascii_case("aws:"))
    {
        return Err(LIMITS.violation(value, "begins with aws:, which AWS keeps for itself"));
    }
    LIMITS.check(value)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_to_sixty_four_characters_are_allowed() {
        for (length, allowed) in [(0, false), (1, false), (2, true), (64, true), (65, false)] {
            let identity = "a".repeat(length);
            assert_eq!(identity.parse::<SourceIdentity>().is_ok(), allowed, "{length}");
        }
    }

    #[test]
    fn the_prefix_of_aws_is_refused_by_name() {
        let error = "aws:alice".parse::<SourceIdentity>().unwrap_err();
        assert!(error.to_string().contains("AWS keeps for itself"), "{error}");
        assert!("awsalice".parse::<SourceIdentity>().is_ok());
    }
}
