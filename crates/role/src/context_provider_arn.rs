use crate::InvalidParameter;
use crate::text_limits::TextLimits;
use crate::text_parameter::text_parameter;

/// STS API Reference, `ProvidedContext`, `ProviderArn`.
const LIMITS: TextLimits = TextLimits {
    parameter: "context provider ARN",
    characters: 20..=2048,
    allows: |character| character.is_ascii_graphic(),
    allowed: "printable ASCII characters",
};

text_parameter! {
    /// The ARN of who asserts a context, such as `arn:aws:iam::aws:contextProvider/IdentityCenter`.
    ContextProviderArn, check
}

fn check(value: &str) -> Result<(), InvalidParameter> {
    LIMITS.check(value)?;
    if value.starts_with("arn:") && value.splitn(6, ':').count() == 6 {
        return Ok(());
    }
    Err(LIMITS.violation(value, "is not an ARN"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_arn_of_20_to_2048_characters_is_allowed() {
        let start = "arn:aws:iam::aws:contextProvider/";
        let arn = |length: usize| format!("{start}{}", "p".repeat(length - start.len()));
        for (value, allowed) in [
            (arn(40), true),
            (arn(2048), true),
            (arn(2049), false),
            ("arn:aws:iam::aws:a".to_owned(), false),
            ("https://idp.example.com/issuer".to_owned(), false),
            ("arn:aws:iam::aws:context Provider/x".to_owned(), false),
        ] {
            assert_eq!(value.parse::<ContextProviderArn>().is_ok(), allowed, "{value}");
        }
    }
}
