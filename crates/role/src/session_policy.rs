use crate::InvalidParameter;
use crate::text_limits::TextLimits;
use crate::text_parameter::text_parameter;

/// STS API Reference, AssumeRole, `Policy`.
pub(crate) const LONGEST: usize = 2048;

const LIMITS: TextLimits = TextLimits {
    parameter: "session policy",
    characters: 1..=LONGEST,
    allows: |character| matches!(character, '\t' | '\n' | '\r' | ' '..='\u{ff}'),
    allowed: "tab, line ends and U+0020 to U+00FF",
};

text_parameter! {
    /// An inline policy that limits the session: a JSON object of at most 2048 characters. Its content is
    /// AWS's to judge; only its frame is checked here.
    SessionPolicy, check
}

fn check(value: &str) -> Result<(), InvalidParameter> {
    LIMITS.check(value)?;
    let document = value.trim();
    if document.starts_with('{') && document.ends_with('}') {
        return Ok(());
    }
    Err(LIMITS.violation(value, "is not a JSON object"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn at_most_2048_characters_are_allowed() {
        let policy = |length: usize| format!("{{{}}}", " ".repeat(length - 2));
        assert!(policy(2).parse::<SessionPolicy>().is_ok());
        assert!(policy(2048).parse::<SessionPolicy>().is_ok());
        assert!(policy(2049).parse::<SessionPolicy>().is_err());
    }

    #[test]
    fn a_file_name_or_a_foreign_character_is_not_a_policy() {
        for bad in ["", "policy.json", "[]", "{\"Sid\": \"→\"}", "{\u{0}}"] {
            assert!(bad.parse::<SessionPolicy>().is_err(), "{bad}");
        }
        assert!(
            "\n{\"Version\": \"2012-10-17\", \"é\": []}\n"
                .parse::<SessionPolicy>()
                .is_ok()
        );
    }
}
