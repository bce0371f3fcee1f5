use std::fmt::Write;
use std::ops::Range;
use std::path::Path;

use super::table::FILE;
use rolewrap_core::visible;

/// The most characters of a key that is shown. No key of a configuration has more, and what is secret mostly has.
const LONGEST_KEY: usize = 30;

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
        self.render(span, |line| {
            let (keys, end) = keys(line);
            if are_keys(keys) { end } else { 0 }
        })
    }

    /// The same of a text that may be anything, such as another file of the user's that a link leads to: a line is shown
    /// where it begins with a key that a configuration has.
    pub(crate) fn show_known(&self, span: Option<Range<usize>>) -> String {
        self.render(span, |line| {
            let (keys, end) = keys(line);
            let first = keys.split('.').next().unwrap_or_default().trim();
            if are_keys(keys) && FILE.knows(first) {
                end
            } else {
                0
            }
        })
    }

    /// The same with the value, where it is known to be none that anybody hides.
    pub(crate) fn show_value(&self, span: Option<Range<usize>>) -> String {
        self.render(span, str::len)
    }

    fn render(&self, span: Option<Range<usize>>, shown_bytes: fn(&str) -> usize) -> String {
        let span = span.unwrap_or(0..0);
        let start = span.start.min(self.text.len());
        let number = self.text[..start].matches('\n').count() + 1;
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

/// The keys at the beginning of `line`, and where what can be shown of it ends.
fn keys(line: &str) -> (&str, usize) {
    match line.split_once('=') {
        Some((keys, _)) => (keys, keys.len() + 1),
        None => (header(line).unwrap_or_default(), line.len()),
    }
}

/// What stands between the brackets of a table's header.
fn header(line: &str) -> Option<&str> {
    let line = line.trim();
    let table = line.strip_prefix("[[").and_then(|line| line.strip_suffix("]]"));
    table.or_else(|| line.strip_prefix('[')?.strip_suffix(']'))
}

/// Whether these are names with dots between them, as keys of a configuration are, and none is as long as a key or a
/// token is.
fn are_keys(text: &str) -> bool {
    let is_key = |key: &str| {
        let key = key.trim().trim_matches(['"', '\'']);
        let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-');
        (1..=LONGEST_KEY).contains(&key.len()) && key.bytes().all(is_plain)
    };
    text.split('.').all(is_key)
}
