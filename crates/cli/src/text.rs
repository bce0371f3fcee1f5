//! Text for people.

use std::fmt::Write;

/// `text` from outside, with everything in it made visible that a terminal would act on: control characters,
/// and the characters that turn the writing direction around. Line ends and tabs of our own layout are added
/// later, so they are made visible as well.
pub(crate) fn visible(text: &str) -> String {
    let mut shown = String::with_capacity(text.len());
    for character in text.chars() {
        if character.is_control() || is_invisible(character) {
            let _ = write!(shown, "{}", character.escape_default());
        } else {
            shown.push(character);
        }
    }
    shown
}

/// Characters that reorder or hide text (Unicode Technical Report 36, "Bidirectional Text Spoofing"), and the
/// line separators that are no control characters.
fn is_invisible(character: char) -> bool {
    matches!(character, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}')
}

/// The one of `known` that `word` is most likely a misspelling of, if any is near enough.
pub(crate) fn nearest<'a>(word: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    /// Below this similarity a suggestion confuses more than it helps; the same threshold as in clap.
    const NEAR_ENOUGH: f64 = 0.7;
    let word = word.to_lowercase();
    known
        .into_iter()
        .map(|candidate| (strsim::jaro(&word, &candidate.to_lowercase()), candidate))
        .filter(|(similarity, _)| *similarity > NEAR_ENOUGH)
        .max_by(|left, right| left.0.total_cmp(&right.0))
        .map(|(_, candidate)| candidate)
}

/// `words` as a list to read: `a, b, c`, or `none`.
pub(crate) fn list<Word: AsRef<str>>(words: impl IntoIterator<Item = Word>) -> String {
    let words: Vec<String> = words.into_iter().map(|word| visible(word.as_ref())).collect();
    if words.is_empty() {
        "none".to_owned()
    } else {
        words.join(", ")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_terminal_would_act_on_is_made_visible() {
        assert_eq!(
            visible("a\x1b[31mb\nc\u{202e}d\u{9b}e"),
            r"a\u{1b}[31mb\nc\u{202e}d\u{9b}e"
        );
        assert_eq!(visible("müller – 東京"), "müller – 東京");
    }

    #[test]
    fn the_nearest_known_word_is_suggested_and_no_far_one() {
        let known = ["external_id", "region", "role"];
        assert_eq!(nearest("externalid", known), Some("external_id"));
        assert_eq!(nearest("Regoin", known), Some("region"));
        assert_eq!(nearest("xyz", known), None);
    }
}
