use std::fmt;

use rolewrap_core::visible;

/// The most characters of a value that a message repeats. Longer ones are cut: a policy pasted into the wrong
/// option would bury the rest of the message.
const LONGEST_SHOWN: usize = 200;

/// A value that cannot steer the terminal that shows it.
pub(crate) struct Visible<'a>(pub(crate) &'a str);

impl fmt::Display for Visible<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0.char_indices().nth(LONGEST_SHOWN) {
            Some((end, _)) => write!(formatter, "{}…", visible(&self.0[..end])),
            None => formatter.write_str(&visible(self.0)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn control_characters_are_escaped_and_quotation_marks_are_not() {
        assert_eq!(
            Visible("a'\"\\\t\u{1b}\u{202e}é").to_string(),
            "a'\"\\\\t\\u{1b}\\u{202e}é"
        );
    }

    #[test]
    fn a_long_value_is_cut() {
        assert_eq!(Visible(&"x".repeat(200)).to_string(), "x".repeat(200));
        assert_eq!(Visible(&"x".repeat(201)).to_string(), "x".repeat(200) + "…");
    }
}
