//! The rules of `[[paths]]`, held against the directory that a command works in.

use std::path::{Path, PathBuf};

use glob::{MatchOptions, Pattern};

use super::Chosen;
use super::selection::check_account;
use crate::configuration::{Configuration, Origin, PathRule};
use crate::error::Error;
use crate::host::work_directory::WorkDirectory;

/// Where bytes that are not UTF-8 go in the text of a path: into a private plane of Unicode, which no pattern names. So every
/// path has a text, and no two have the same.
const NOT_TEXT: u32 = 0x10_FF00;

/// The account of the first rule that matches `directory`. Its real path and the path as it was written may lead to different
/// rules, through links. Then nobody can say which was meant.
pub(super) fn select(
    configuration: &Configuration,
    directory: &WorkDirectory,
) -> Result<Option<Chosen<String>>, Error> {
    let [real, logical] = directory.deciding();
    let base = base(configuration);
    let real_base = base.as_deref().unwrap_or(real);
    let by_real = first(configuration, |pattern| {
        Ok(is_match(&real_text(pattern, real_base), &text(real)))
    })?;
    let Some(logical) = below(logical, real_base).filter(|logical| logical != real) else {
        return Ok(by_real);
    };
    let by_logical = first(configuration, |pattern| {
        Ok(is_match(&logical_text(pattern, real_base), &text(&logical)))
    })?;
    match (by_real, by_logical) {
        (Some(one), Some(other)) if one.value != other.value => Err(Error::new(format!(
            "a link leads to this directory, and its two paths select different accounts: {} and {}",
            one.value, other.value
        ))
        .from(&one.origin)
        .from(&other.origin)
        .with("real path", real.display())
        .with("path as written", logical.display())
        .hint("go to the directory by its real path, or name the account with --account")),
        (by_real, by_logical) => Ok(by_real.or(by_logical)),
    }
}

/// The folder that relative patterns begin at: the real one, also where --config leads through a link.
fn base(configuration: &Configuration) -> Option<PathBuf> {
    configuration.directory_of("paths")?.canonicalize().ok()
}

fn first(
    configuration: &Configuration,
    is_match: impl Fn(&str) -> Result<bool, Error>,
) -> Result<Option<Chosen<String>>, Error> {
    for (rule, origin) in rules(configuration) {
        check_pattern(&rule.pattern, &origin)?;
        if is_match(&rule.pattern)? {
            let value = rule.account.clone();
            return Ok(Some(Chosen { value, origin }));
        }
    }
    Ok(None)
}

/// Checks that every rule has a pattern that can be matched and an account that is configured.
pub(crate) fn check_rules(configuration: &Configuration) -> Result<(), Error> {
    for (rule, origin) in rules(configuration) {
        check_pattern(&rule.pattern, &origin)?;
        check_account(configuration, &rule.account, &origin)?;
    }
    Ok(())
}

/// The rules that no directory matches as things are.
pub(crate) fn without_directory(configuration: &Configuration) -> Vec<(&PathRule, Origin)> {
    let base = base(configuration).unwrap_or_default();
    let is_empty = |(rule, _): &(&PathRule, Origin)| {
        let pattern = real_text(&rule.pattern, &base);
        let pattern = pattern.strip_suffix("/**").unwrap_or(&pattern);
        let mut found = glob::glob(pattern).into_iter().flatten().flatten();
        !found.any(|path| path.is_dir())
    };
    rules(configuration).filter(is_empty).collect()
}

/// The rules with where each of them stands.
fn rules(configuration: &Configuration) -> impl Iterator<Item = (&PathRule, Origin)> {
    let rules = configuration.settings.paths.iter().enumerate();
    rules.map(|(index, rule)| {
        let of_rule = configuration.origin(&format!("paths[{index}]"));
        let place = format!("{} [[paths]] match = {:?}", of_rule.place, rule.pattern);
        (rule, Origin { place, ..of_rule })
    })
}

/// `logical` as a path below the real `base`, if a folder that it goes through is that one; else as it is.
fn below(logical: &Path, base: &Path) -> Option<PathBuf> {
    let is_base = |folder: &&Path| folder.canonicalize().is_ok_and(|real| real == base);
    match logical.ancestors().find(is_base) {
        Some(folder) => Some(base.join(logical.strip_prefix(folder).ok()?)),
        None => Some(logical.to_owned()),
    }
}

/// The pattern for real paths. Links in its literal part are followed: a rule that goes through one would never match.
fn real_text(pattern: &str, base: &Path) -> String {
    let is_literal = |name: &&str| !name.contains(['*', '?', '[']);
    let names: Vec<&str> = pattern.trim_start_matches('/').split('/').collect();
    let literal = names.iter().copied().take_while(is_literal).count();
    let (literal, signs) = names.split_at(literal);
    let place = start(pattern, base).join(literal.join("/"));
    let place = place.canonicalize().unwrap_or(place);
    joined(&place, signs)
}

/// The pattern for paths as they are written.
fn logical_text(pattern: &str, base: &Path) -> String {
    let names: Vec<&str> = pattern.trim_start_matches('/').split('/').collect();
    joined(start(pattern, base), &names)
}

fn start<'a>(pattern: &str, base: &'a Path) -> &'a Path {
    if Path::new(pattern).is_absolute() {
        Path::new("/")
    } else {
        base
    }
}

fn joined(place: &Path, signs: &[&str]) -> String {
    let place = text(place);
    let signs = signs.iter().map(|name| (*name).to_owned());
    std::iter::once(Pattern::escape(place.trim_end_matches('/')))
        .chain(signs)
        .collect::<Vec<_>>()
        .join("/")
}

/// The text of a path.
fn text(path: &Path) -> String {
    let mut text = String::new();
    for chunk in path.as_os_str().as_encoded_bytes().utf8_chunks() {
        text.push_str(chunk.valid());
        let bytes = chunk.invalid().iter();
        text.extend(bytes.filter_map(|byte| char::from_u32(NOT_TEXT + u32::from(*byte))));
    }
    text
}

fn is_match(pattern: &str, subject: &str) -> bool {
    let options = MatchOptions {
        require_literal_separator: true,
        ..MatchOptions::new()
    };
    // `live/prod/**` is meant to include `live/prod` itself, for which a name below it stands in.
    Pattern::new(pattern).is_ok_and(|compiled| {
        compiled.matches_with(subject, options)
            || (pattern.ends_with("/**") && compiled.matches_with(&format!("{subject}/_"), options))
    })
}

/// A rule that can never match would let another account be chosen, so what no directory looks like is refused.
fn check_pattern(pattern: &str, origin: &Origin) -> Result<(), Error> {
    let invalid = |cause: &str, hint: &str| {
        Error::new(format!("`{pattern}` is not a pattern for directories"))
            .cause(cause)
            .from(origin)
            .hint(hint)
    };
    if pattern.contains(['{', '}', '\\']) || pattern.starts_with('~') {
        return Err(invalid(
            "the signs of patterns are *, **, ? and […]",
            "write a rule for each alternative, and the full path for ~",
        ));
    }
    let relative = pattern.strip_prefix('/').unwrap_or(pattern);
    if relative.split('/').any(|name| matches!(name, "" | "." | "..")) {
        return Err(invalid(
            "a part of it is empty, `.` or `..`",
            "write it as the directory's path below the folder of this file, without a slash at the end",
        ));
    }
    match Pattern::new(pattern) {
        Ok(_) => Ok(()),
        Err(error) => Err(invalid(
            &error.to_string(),
            "the signs of patterns are *, **, ? and […]",
        )),
    }
}

#[cfg(all(test, unix))]
mod tests {
    use std::ffi::OsStr;
    use std::os::unix::ffi::OsStrExt;

    use super::*;

    #[test]
    fn every_path_has_a_text_of_its_own_and_wildcards_match_it() {
        let path = |bytes: &[u8]| text(Path::new(OsStr::from_bytes(bytes)));
        assert_eq!(path(b"/live/z"), "/live/z");
        assert_ne!(path(b"/live/z\xff"), path(b"/live/z\xfe"));
        assert_ne!(path(b"/live/z\xff"), path("/live/z\u{fffd}".as_bytes()));
        assert!(is_match("/live/*", &path(b"/live/z\xff")));
        assert!(is_match("/live/z?", &path(b"/live/z\xff")));
        assert!(!is_match("/live/z", &path(b"/live/z\xff")));
        assert!(!is_match("/live/z\u{fffd}", &path(b"/live/z\xff")));
    }
}
