use std::fmt;

use crate::visible::Visible;

/// A value that AWS would refuse, found before anything was sent.
///
/// The message names the parameter, the value and the limit. Control characters of the value are escaped in
/// it; the field keeps them.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct InvalidParameter {
    /// What the value was meant for, such as `role session name`.
    pub parameter: &'static str,
    /// The value as it was given. Empty for an MFA code, which is never shown.
    pub value: String,
    /// What is wrong with it and what is allowed, as the end of a sentence whose subject is the value.
    pub requirement: String,
}

impl InvalidParameter {
    pub(crate) fn new(parameter: &'static str, value: &str, requirement: impl Into<String>) -> Self {
        Self {
            parameter,
            value: value.to_owned(),
            requirement: requirement.into(),
        }
    }
}

impl fmt::Display for InvalidParameter {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.value.is_empty() {
            write!(formatter, "{} {}", self.parameter, self.requirement)
        } else {
            write!(
                formatter,
                "{} \"{}\": {}",
                self.parameter,
                Visible(&self.value),
                self.requirement
            )
        }
    }
}

impl std::error::Error for InvalidParameter {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_message_names_parameter_value_and_limit_and_shows_control_characters() {
        let error = InvalidParameter::new("external id", "a\u{1b}[31m\n", "is too red");
        assert_eq!(error.to_string(), r#"external id "a\u{1b}[31m\n": is too red"#);
    }

    #[test]
    fn an_empty_value_leaves_no_empty_quotation_marks() {
        let error = InvalidParameter::new("external id", "", "is empty");
        assert_eq!(error.to_string(), "external id is empty");
    }
}
