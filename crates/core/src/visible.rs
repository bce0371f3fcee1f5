/// `text` from outside, safe to show: what a terminal would act on, what turns the writing direction around and what nobody
/// would see is written as an escape, such as `\n` or `\u{202e}`. Which characters these are is the standard library's word
/// (`str::escape_debug`); letters of all languages stay, and so do the marks that combine with the character before them.
///
/// Line ends and tabs are escaped like the rest, so text has to pass here before it is laid out. Quotes and backslashes stay
/// as they are: the outcome is for people, and is not to be read back.
///
/// ```
/// use rolewrap_core::visible;
///
/// assert_eq!(visible("a\u{1b}[2Jb\u{202e}"), r"a\u{1b}[2Jb\u{202e}");
/// assert_eq!(visible("müller's \"東京\""), "müller's \"東京\"");
/// ```
#[must_use]
pub fn visible(text: &str) -> String {
    visible_but(text, &[])
}

/// The same, with the characters in `kept` left as they are.
pub(crate) fn visible_but(text: &str, kept: &[char]) -> String {
    let is_left = |character: char| matches!(character, '"' | '\'' | '\\') || kept.contains(&character);
    let mut shown = String::with_capacity(text.len());
    for piece in text.split_inclusive(is_left) {
        let escaped = piece.trim_end_matches(is_left);
        // As one string, because a mark on a letter is only seen to be one with the letter before it.
        shown.extend(escaped.escape_debug());
        shown.push_str(&piece[escaped.len()..]);
    }
    shown
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_steers_a_terminal_or_is_not_seen_is_escaped() {
        for (text, shown) in [
            ("a\x1b[31mb\tc\nd\u{9b}", r"a\u{1b}[31mb\tc\nd\u{9b}"),
            (
                "a\u{202e}b\u{2066}c\u{200f}d\u{61c}",
                r"a\u{202e}b\u{2066}c\u{200f}d\u{61c}",
            ),
            (
                "a\u{200b}b\u{ad}c\u{feff}d\u{e0041}",
                r"a\u{200b}b\u{ad}c\u{feff}d\u{e0041}",
            ),
            ("a\u{2028}b\u{a0}c\u{e000}", r"a\u{2028}b\u{a0}c\u{e000}"),
        ] {
            assert_eq!(visible(text), shown);
        }
    }

    #[test]
    fn what_people_write_stays() {
        for text in [
            "müller – 東京",
            "it's \"C:\\keys\"",
            "e\u{301}te\u{301}",
            "नमस्ते",
            "🔑",
        ] {
            assert_eq!(visible(text), text);
        }
    }

    #[test]
    fn a_mark_without_a_letter_is_escaped() {
        assert_eq!(visible("\u{301}a"), r"\u{301}a");
        assert_eq!(visible("'\u{301}a'"), r"'\u{301}a'");
    }

    #[test]
    fn what_is_to_be_kept_is_kept() {
        assert_eq!(visible_but("a\n\n\tb\r", &['\n', '\t']), "a\n\n\tb\\r");
    }
}
