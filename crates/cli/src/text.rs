//! Text for people.

use rolewrap_core::visible;

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
    fn the_nearest_known_word_is_suggested_and_no_far_one() {
        let known = ["external_id", "region", "role"];
        assert_eq!(nearest("externalid", known), Some("external_id"));
        assert_eq!(nearest("Regoin", known), Some("region"));
        assert_eq!(nearest("xyz", known), None);
    }
}
