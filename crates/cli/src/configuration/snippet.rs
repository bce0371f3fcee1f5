use std::fmt::Write;
use std::ops::Range;
use std::path::Path;

use rolewrap_core::visible;

/// A configuration file's text, to point into.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Snippet<'a> {
    pub(crate) path: &'a Path,
    pub(crate) text: &'a str,
}

impl Snippet<'_> {
    /// The line that `span` (in bytes) begins in, with the span underlined. Of values nothing is shown: what was
    /// written by mistake may be a secret, and the file may be no configuration at all.
    pub(crate) fn show(&self, span: Option<Range<usize>>) -> String {
        self.render(span, |line| match line.split_once('=') {
            Some((key, _)) => key.len() + 1,
            None if line.trim_start().starts_with('[') => line.len(),
            None => 0,
        })
    }

    /// The same with the value, where it is known to be none that anybody hides.
    pub(crate) fn show_value(&self, span: Option<Range<usize>>) -> String {
        self.render(span, str::len)
    }

    fn render(&self, span: Option<Range<usize>>, shown_bytes: fn(&str) -> usize) -> String {
        let span = span.unwrap_or(0..0);
        let start = span.start.min(self.text.len());
        let number = line_of(self.text, start);
        let line_start = self.text[..start].rfind('\n').map_or(0, |end| end + 1);
        let line = self.text[line_start..].lines().next().unwrap_or_default();
        let open = &line[..shown_bytes(line)];
        let column = visible(self.text.get(line_start..start).unwrap_or_default())
            .chars()
            .count();
        let marked = self
            .text
            .get(start..span.end.min(line_start + open.len()))
            .unwrap_or_default();
        let rest = if open.len() < line.len() { " …" } else { "" };
        let margin = " ".repeat(number.to_string().len());
        let mut shown = String::new();
        let _ = writeln!(
            shown,
            " {margin}--> {}:{number}:{}",
            visible(&self.path.to_string_lossy()),
            column + 1
        );
        let _ = writeln!(shown, " {margin} |");
        let _ = writeln!(shown, " {number} | {}{rest}", visible(open));
        if start <= line_start + open.len() {
            let marks = "^".repeat(visible(marked).chars().count().max(1));
            let _ = writeln!(shown, " {margin} | {}{marks}", " ".repeat(column));
        }
        shown
    }
}

/// The line, counted from 1, in which the byte at `offset` stands.
pub(super) fn line_of(text: &str, offset: usize) -> usize {
    text.get(..offset).unwrap_or(text).matches('\n').count() + 1
}
