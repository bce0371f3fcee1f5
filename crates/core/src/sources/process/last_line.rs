/// How much of a line is kept.
const LONGEST_CHARACTERS: usize = 200;

/// The last line with anything on it, of text that arrives in pieces.
#[derive(Debug, Default)]
pub(super) struct LastLine {
    /// The line that is being written.
    current: String,
    last: String,
}

impl LastLine {
    pub(super) fn push(&mut self, piece: &str) {
        for part in piece.split_inclusive('\n') {
            let room = LONGEST_CHARACTERS.saturating_sub(self.current.chars().count());
            self.current.extend(part.chars().take(room));
            if !self.current.trim().is_empty() {
                self.current.trim().clone_into(&mut self.last);
            }
            if part.ends_with('\n') {
                self.current.clear();
            }
        }
    }

    pub(super) fn as_str(&self) -> &str {
        &self.last
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn empty_lines_do_not_count_and_a_long_one_is_cut() {
        let mut line = LastLine::default();
        for piece in ["first\nsec", "ond", "\n \n", "\n"] {
            line.push(piece);
        }
        assert_eq!(line.as_str(), "second");
        line.push(&"é".repeat(1000));
        assert_eq!(line.as_str(), "é".repeat(200));
    }
}
