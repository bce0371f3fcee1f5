use std::ffi::{OsStr, OsString};

use crate::ui::posix_word;

/// The command line of rolewrap with these words, to be copied into a shell.
pub(crate) fn to_copy<Word: AsRef<OsStr>>(words: &[Word]) -> String {
    let words = words.iter().map(|word| word_to_copy(word.as_ref()));
    std::iter::once("rolewrap".to_owned())
        .chain(words)
        .collect::<Vec<_>>()
        .join(" ")
}

/// A word of a command line, to be copied into a shell.
pub(crate) fn word_to_copy(word: &OsStr) -> String {
    posix_word(&word.to_string_lossy())
}

/// Such a command line that goes on with the words of a command: up to the first option or URL, since that and what follows may
/// have a secret in it, and an error does not repeat that.
pub(crate) fn to_complete(words: &[OsString], command: &[OsString]) -> String {
    let is_word = |word: &&OsString| {
        let text = word.to_string_lossy();
        !text.starts_with('-') && !text.contains(['=', '@']) && !text.contains("://")
    };
    let shown: Vec<OsString> = command.iter().take_while(is_word).cloned().collect();
    let line = to_copy(&[words, &shown].concat());
    if shown.len() == command.len() && !command.is_empty() {
        line
    } else {
        format!("{line} …")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(line: &str) -> Vec<OsString> {
        line.split_whitespace().map(OsString::from).collect()
    }

    #[test]
    fn what_may_be_secret_is_not_repeated() {
        let line = |command: &str| to_complete(&words("--account dev"), &words(command));
        assert_eq!(line("plan"), "rolewrap --account dev plan");
        assert_eq!(
            line("apply -var password=canary plan"),
            "rolewrap --account dev apply …"
        );
        assert_eq!(line("run password=canary"), "rolewrap --account dev run …");
        for address in [
            "postgres://alice:canary@host/db",
            "alice:canary@host",
            "https://host/canary",
        ] {
            let command = format!("psql {address} more");
            assert_eq!(line(&command), "rolewrap --account dev psql …");
        }
        assert_eq!(line(""), "rolewrap --account dev …");
        assert_eq!(
            to_complete(&[], &["echo".into(), "a b".into()]),
            "rolewrap echo 'a b'"
        );
    }
}
