use std::fmt::Write;
use std::ops::Range;
use std::path::Path;

use crate::text::visible;

/// A configuration file's text, to point into.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Snippet<'a> {
    pub(crate) path: &'a Path,
    pub(crate) text: &'a str,
}

impl Snippet<'_> {
    /// The line that `span` (in bytes) begins in, with the span underlined.
    pub(crate) fn show(&self, span: Option<Range<usize>>) -> String {
        let span = span.unwrap_or(0..0);
        let start = span.start.min(self.text.len());
        let number = line_of(self.text, start);
        let line_start = self.text[..start].rfind('\n').map_or(0, |end| end + 1);
        let line = self.text[line_start..].lines().next().unwrap_or_default();
        let before = visible(self.text.get(line_start..start).unwrap_or_default());
        let marked = self
            .text
            .get(start..span.end.min(line_start + line.len()))
            .unwrap_or_default();
        let column = before.chars().count();
        let margin = " ".repeat(number.to_string().len());
        let mut shown = String::new();
        let _ = writeln!(
            shown,
            " {margin}--> {}:{number}:{}",
            visible(&self.path.to_string_lossy()),
            column + 1
        );
        let _ = writeln!(shown, " {margin} |");
        let _ = writeln!(shown, " {number} | {}", visible(line));
        let _ = writeln!(
            shown,
            " {margin} | {}{}",
            " ".repeat(column),
            "^".repeat(visible(marked).chars().count().max(1))
        );
        shown
    }
}

/// The line, counted from 1, in which the byte at `offset` stands.
pub(super) fn line_of(text: &str, offset: usize) -> usize {
    text.get(..offset).unwrap_or(text).matches('\n').count() + 1
}
