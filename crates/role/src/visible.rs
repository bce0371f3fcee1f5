use std::fmt::{self, Write};

/// The most characters of a value that a message repeats. Longer ones are cut: a policy pasted into the wrong
/// option would bury the rest of the message.
const LONGEST_SHOWN: usize = 200;

/// A value with its control characters escaped, so that it cannot steer the terminal that shows it.
pub(crate) struct Visible<'a>(pub(crate) &'a str);

impl fmt::Display for Visible<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (position, character) in self.0.chars().enumerate() {
            if position == LONGEST_SHOWN {
                return formatter.write_char('…');
            }
            // What `char::escape_debug` escapes beyond quotation marks: controls, and the invisible
            // characters that turn text around.
            if matches!(character, '"' | '\'' | '\\') {
                formatter.write_char(character)?;
            } else {
                write!(formatter, "{}", character.escape_debug())?;
            }
        }
        Ok(())
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
