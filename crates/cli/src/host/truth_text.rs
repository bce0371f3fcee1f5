//! Yes or no in text, one parser for each family of variables. What is neither is for the caller to refuse. Those of Vault's
//! family are read in its source.

/// What rolewrap's own variables and keys take.
pub(crate) fn own(text: &str) -> Option<bool> {
    match text.trim().to_ascii_lowercase().as_str() {
        "true" | "on" | "1" => Some(true),
        "false" | "off" | "0" => Some(false),
        _ => None,
    }
}

/// What AWS's own tools take in theirs (AWS SDKs and Tools Reference Guide): two words, in any case.
pub(crate) fn of_aws(text: &str) -> Option<bool> {
    match text.trim().to_ascii_lowercase().as_str() {
        "true" => Some(true),
        "false" => Some(false),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_is_clear_is_said() {
        for (text, ours, of_aws_too) in [
            ("true", Some(true), true),
            ("TRUE", Some(true), true),
            ("False", Some(false), true),
            ("1", Some(true), false),
            ("0", Some(false), false),
            ("On", Some(true), false),
            ("off", Some(false), false),
            ("yes", None, false),
            ("t", None, false),
            ("", None, false),
            ("2", None, false),
        ] {
            assert_eq!(own(text), ours, "{text}");
            assert_eq!(of_aws(text), ours.filter(|_| of_aws_too), "{text}");
        }
    }
}
