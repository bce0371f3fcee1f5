//! The rooms of the command line: what each of them may import.

#![expect(clippy::unwrap_used, reason = "a test may panic")]

use std::fs;
use std::path::{Path, PathBuf};

/// From the top to the bottom. A room imports from those below it.
const ROOMS: [&str; 11] = [
    "commands",
    "diagnose",
    "run",
    "arguments",
    "deliver",
    "session",
    "plan",
    "configuration",
    "ui",
    "host",
    "error",
];

/// The floor that a room is on, counted from the top.
fn floor(room: &str) -> Option<usize> {
    ROOMS.iter().position(|known| *known == room)
}

fn files_below(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let (folders, files): (Vec<_>, Vec<_>) = entries.partition(|path| path.is_dir());
    let inner = folders.iter().flat_map(|folder| files_below(folder));
    files.into_iter().chain(inner).collect()
}

/// The rooms that the code names, without that of unit tests.
fn imported(code: &str) -> Vec<&str> {
    let code = code.split("#[cfg(test)]\nmod tests {").next().unwrap();
    let after = code.split("crate::").skip(1);
    let words =
        after.map(|rest| rest.split(|character: char| !character.is_alphanumeric() && character != '_'));
    words.filter_map(|mut words| words.next()).collect()
}

#[test]
fn no_import_goes_up() {
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut looked_at = 0;
    for file in files_below(&source) {
        let below = file.strip_prefix(&source).unwrap();
        let room = below
            .iter()
            .next()
            .unwrap()
            .to_str()
            .unwrap()
            .trim_end_matches(".rs");
        let is_test = below.iter().any(|name| name == "tests" || name == "tests.rs");
        if is_test || ["lib", "main", "fuzzing"].contains(&room) {
            continue;
        }
        let here = floor(room).unwrap_or_else(|| panic!("{} is in none of the rooms", below.display()));
        let code = fs::read_to_string(&file).unwrap();
        for import in imported(&code).into_iter().filter(|import| *import != room) {
            let there = floor(import);
            assert!(
                there.is_some_and(|there| there > here),
                "{} imports from `{import}`, which is not below `{room}`",
                below.display()
            );
            looked_at += 1;
        }
    }
    assert!(looked_at > 300, "{looked_at} imports were found");
}
