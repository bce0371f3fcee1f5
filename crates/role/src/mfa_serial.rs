use crate::InvalidParameter;
use crate::text_limits::{TextLimits, is_name_character};
use crate::text_parameter::text_parameter;

/// STS API Reference, AssumeRole, `SerialNumber`.
const LIMITS: TextLimits = TextLimits {
    parameter: "MFA serial",
    characters: 9..=256,
    allows: |character| is_name_character(character) || ":/".contains(character),
    allowed: "letters, digits and _+=/:,.@-",
};

text_parameter! {
    /// The MFA device: the serial number of a hardware token, or the ARN of a virtual one.
    /// 9 to 256 letters, digits and `_+=/:,.@-`.
    MfaSerial, check
}

fn check(value: &str) -> Result<(), InvalidParameter> {
    LIMITS.check(value)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nine_to_256_characters_are_allowed() {
        for (length, allowed) in [(8, false), (9, true), (256, true), (257, false)] {
            let serial = "G".repeat(length);
            assert_eq!(serial.parse::<MfaSerial>().is_ok(), allowed, "{length}");
        }
        assert!("arn:aws:iam::123456789012:mfa/alice".parse::<MfaSerial>().is_ok());
        assert!("GAHT 12345".parse::<MfaSerial>().is_err());
    }
}
