use crate::visible::visible_but;

/// Turns what a program writes, as it arrives, into [`visible`](fn@crate::visible) text. What is not UTF-8 is replaced. Line
/// ends and tabs stay.
#[derive(Debug, Default)]
pub(crate) struct VisibleText {
    /// The beginning of a character, or of a line end, whose rest has not arrived yet.
    held: Vec<u8>,
}

impl VisibleText {
    /// The text for the next `bytes`.
    pub(crate) fn push(&mut self, bytes: &[u8]) -> String {
        self.held.extend_from_slice(bytes);
        let complete = self.held.len() - unfinished(&self.held);
        let rest = self.held.split_off(complete);
        visible(&std::mem::replace(&mut self.held, rest))
    }

    /// The text for what is still held when nothing more will come.
    pub(crate) fn finish(&mut self) -> String {
        visible(&std::mem::take(&mut self.held))
    }
}

/// How many bytes at the end of `bytes` can only be understood with those that follow.
fn unfinished(bytes: &[u8]) -> usize {
    if bytes.ends_with(b"\r") {
        return 1;
    }
    // Of a character of up to four bytes, at most three can have arrived without the rest.
    (1..=bytes.len().min(3))
        .find(|&count| {
            std::str::from_utf8(&bytes[bytes.len() - count..])
                .is_err_and(|error| error.valid_up_to() == 0 && error.error_len().is_none())
        })
        .unwrap_or(0)
}

fn visible(bytes: &[u8]) -> String {
    let text = String::from_utf8_lossy(bytes).replace("\r\n", "\n");
    visible_but(&text, &['\n', '\t'])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(pieces: &[&[u8]]) -> String {
        let mut text = VisibleText::default();
        let mut shown: String = pieces.iter().map(|piece| text.push(piece)).collect();
        shown.push_str(&text.finish());
        shown
    }

    #[test]
    fn what_a_terminal_would_act_on_is_escaped() {
        assert_eq!(
            shown(&[b"a\x1b[2J\r\nb\tc\x07\rd'\"\\", "\u{9b}\u{202e}é\n".as_bytes()]),
            "a\\u{1b}[2J\nb\tc\\u{7}\\rd'\"\\\\u{9b}\\u{202e}é\n"
        );
    }

    #[test]
    fn characters_and_line_ends_that_arrive_in_pieces_are_put_together() {
        let text = "é€𝄞\r\nß";
        for piece in 1..text.len() {
            let pieces: Vec<&[u8]> = text.as_bytes().chunks(piece).collect();
            assert_eq!(shown(&pieces), "é€𝄞\nß", "in pieces of {piece}");
        }
    }

    #[test]
    fn what_is_not_utf_8_is_replaced_and_never_held_for_ever() {
        let mut text = VisibleText::default();
        assert_eq!(
            text.push(b"a\xff\xff\xff\xff"),
            "a\u{fffd}\u{fffd}\u{fffd}\u{fffd}"
        );
        assert_eq!(text.push(b"\xf0\x9d"), "");
        assert_eq!(text.push(b"x"), "\u{fffd}x");
        text.push(b"\xe2\x82");
        assert_eq!(text.finish(), "\u{fffd}");
    }
}
