//! Text for people.

use std::time::{Duration, SystemTime};

use rolewrap_core::visible;

/// A moment, in UTC and whole seconds: `2026-11-23T11:25:11Z`.
pub(crate) fn time(time: SystemTime) -> String {
    humantime::format_rfc3339_seconds(time).to_string()
}

/// How long it is from `earlier` to `later`, in whole seconds, to read: `59m 12s`. No time where it is the other way round.
pub(crate) fn time_between(earlier: SystemTime, later: SystemTime) -> String {
    let between = later.duration_since(earlier).unwrap_or_default();
    humantime::format_duration(Duration::from_secs(between.as_secs())).to_string()
}

/// The one of `known` that `word` is most likely a misspelling of, if any is near enough.
pub(crate) fn nearest<'a>(word: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    /// Below this similarity a suggestion confuses more than it helps; the same threshold as in clap.
    const NEAR_ENOUGH: f64 = 0.7;
    let word = word.to_lowercase();
    known
        .into_iter()
        .filter(|candidate| is_near(&word, &candidate.to_lowercase()))
        .map(|candidate| (strsim::jaro(&word, &candidate.to_lowercase()), candidate))
        .filter(|(similarity, _)| *similarity > NEAR_ENOUGH)
        .max_by(|left, right| left.0.total_cmp(&right.0))
        .map(|(_, candidate)| candidate)
}

/// Whether `word` is `known` with a mistake in it, or one of the two is the beginning of the other. Words that are only alike,
/// such as `profile` and `policy`, are not meant for each other.
pub(crate) fn is_near(word: &str, known: &str) -> bool {
    /// The fewest letters of a beginning.
    const SHORTEST_BEGINNING: usize = 3;
    let furthest = (word.chars().count() / 3).clamp(1, 2);
    let shorter = word.len().min(known.len());
    let is_beginning = word.starts_with(known) || known.starts_with(word);
    (is_beginning && shorter >= SHORTEST_BEGINNING) || strsim::osa_distance(word, known) <= furthest
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

/// A document for programs, which a person may look at on a terminal: what [`visible`] escapes is escaped as JSON has it.
pub(crate) fn json(document: &serde_json::Value) -> String {
    let mut text = String::new();
    for character in format!("{document:#}\n").chars() {
        // Outside of its strings a document is ASCII, and in them other control characters are escaped already.
        if character == '\n' || visible(character.encode_utf8(&mut [0; 4])).starts_with(character) {
            text.push(character);
        } else {
            let units = character.encode_utf16(&mut [0; 2]).to_vec();
            text.extend(units.iter().map(|unit| format!("\\u{unit:04x}")));
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_document_says_the_same_and_steers_no_terminal() {
        let value = serde_json::json!({ "a\u{9b}": "b\"\\\n\u{202e}\u{e0041}\u{7f} müller e\u{301}" });
        let text = json(&value);
        assert_eq!(serde_json::from_str::<serde_json::Value>(&text).unwrap(), value);
        assert!(
            text.contains(r"\u009b") && text.contains(r"\u202e") && text.contains(r"\udb40\udc41"),
            "{text}"
        );
        assert!(text.contains(r"\u007f müller e"), "{text}");
    }

    #[test]
    fn a_time_between_is_whole_and_never_negative() {
        let now = SystemTime::UNIX_EPOCH + Duration::from_hours(500_000);
        assert_eq!(
            time_between(now, now + Duration::from_millis(3_552_900)),
            "59m 12s"
        );
        assert_eq!(time_between(now, now - Duration::from_secs(1)), "0s");
    }

    #[test]
    fn the_nearest_known_word_is_suggested_and_no_far_one() {
        let known = ["external_id", "region", "role"];
        assert_eq!(nearest("externalid", known), Some("external_id"));
        assert_eq!(nearest("Regoin", known), Some("region"));
        assert_eq!(nearest("role_arn", known), Some("role"));
        assert_eq!(nearest("xyz", known), None);
        assert_eq!(nearest("profile", ["policy"]), None);
    }
}
