use std::fs;
use std::path::Path;

use crate::Outcome;

/// Asserts that a secret was neither written to a file below `directory` nor printed in one of `outcomes`.
///
/// # Panics
/// When the secret is found, naming the place, and where [`find_secret`] panics.
#[track_caller]
pub fn assert_secret_absent(secret: &str, directory: &Path, outcomes: &[&Outcome]) {
    if let Some(place) = find_secret(secret, directory, outcomes) {
        panic!("{place}");
    }
}

/// Says where a secret was printed in one of `outcomes` or written to a file below `directory`, without the secret
/// itself. Links are not followed.
///
/// # Panics
/// When the secret is too short to tell, or when a file cannot be read.
#[track_caller]
pub fn find_secret(secret: &str, directory: &Path, outcomes: &[&Outcome]) -> Option<String> {
    assert!(secret.len() >= 8, "a secret this short occurs by chance");
    let printed = outcomes
        .iter()
        .map(ToString::to_string)
        .find(|text| text.contains(secret))
        .map(|text| format!("the secret was printed\n{}", text.replace(secret, "<the secret>")));
    printed.or_else(|| {
        files_below(directory)
            .into_iter()
            .find(|(_, content)| {
                content
                    .windows(secret.len())
                    .any(|window| window == secret.as_bytes())
            })
            .map(|(path, _)| format!("the secret was written to {path}"))
    })
}

fn files_below(directory: &Path) -> Vec<(String, Vec<u8>)> {
    let mut files = Vec::new();
    for entry in fs::read_dir(directory).expect("the directory can be read") {
        let entry = entry.expect("the directory can be read");
        let kind = entry.file_type().expect("a file has a type");
        if kind.is_dir() {
            files.extend(files_below(&entry.path()));
        } else if kind.is_file() {
            let content = fs::read(entry.path()).expect("a file can be read");
            files.push((entry.path().display().to_string(), content));
        }
    }
    files
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Sandbox;

    #[test]
    fn a_secret_that_is_nowhere_is_not_found() {
        let sandbox = Sandbox::new().file("deep/down.txt", "nothing to see");
        let outcome = sandbox.run("/bin/echo", ["hello"]);
        assert_secret_absent("canary-81be05", sandbox.root(), &[&outcome]);
    }

    #[test]
    #[should_panic(expected = "the secret was written to ")]
    fn a_secret_in_a_file_is_found() {
        let sandbox = Sandbox::new().file("deep/down.txt", "key=canary-81be05;");
        assert_secret_absent("canary-81be05", sandbox.root(), &[]);
    }

    #[test]
    #[should_panic(expected = "the secret was printed")]
    fn a_secret_that_was_printed_is_found() {
        let sandbox = Sandbox::new();
        let outcome = sandbox.run("/bin/echo", ["key=canary-81be05;"]);
        assert_secret_absent("canary-81be05", sandbox.root(), &[&outcome]);
    }
}
