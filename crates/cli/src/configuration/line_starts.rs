/// Where the lines of a text begin, so that each is found without counting from the start of the text.
pub(super) struct LineStarts(Vec<usize>);

impl LineStarts {
    pub(super) fn of(text: &str) -> Self {
        let ends = text.bytes().enumerate().filter(|(_, byte)| *byte == b'\n');
        Self(ends.map(|(end, _)| end + 1).collect())
    }

    /// The line, counted from 1, in which the byte at `offset` stands.
    pub(super) fn line_of(&self, offset: usize) -> usize {
        self.0.partition_point(|start| *start <= offset) + 1
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_begins_behind_the_end_of_the_one_before() {
        let starts = LineStarts::of("a\n\nbc\n");
        let lines: Vec<usize> = (0..=6).map(|offset| starts.line_of(offset)).collect();
        assert_eq!(lines, [1, 1, 2, 3, 3, 3, 4]);
    }
}
