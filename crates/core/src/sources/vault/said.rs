use std::fmt;

/// The most characters of what a server said that a message shows.
const SAID_LONGEST: usize = 300;

/// What a server said, as the end of a sentence.
pub(super) struct Said<'a>(pub(super) &'a [String]);

impl fmt::Display for Said<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.0.is_empty() {
            return Ok(());
        }
        // The servers lay several errors out as an indented list.
        let said = self.0.join("; ");
        let words: Vec<&str> = said.split_whitespace().collect();
        let said = words.join(" ");
        let shown: String = said.chars().take(SAID_LONGEST).collect();
        write!(formatter, ": {shown}")
    }
}

/// Names, to read.
pub(super) fn list(names: &[String]) -> String {
    if names.is_empty() {
        "none".to_owned()
    } else {
        names.join(", ")
    }
}
