use std::path::Path;

use glob::{MatchOptions, Pattern};
use serde::{Deserialize, Serialize};

use super::Chosen;
use crate::configuration::{Configuration, Layer, Origin, PROJECT_FILE_NAME, PathRule};
use crate::error::Error;
use crate::text::{list, nearest};

/// Which account and role were chosen, by name and with where the choice was made.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Selection {
    /// The account, where one was chosen.
    pub(crate) account: Option<Chosen<String>>,
    /// The role, where it was named by itself.
    pub(crate) role: Option<Chosen<String>>,
}

/// Chooses by the order that is documented: the role option, the account option, the role variable, the
/// account variable, the rules for directories, the account of the files.
///
/// An account and a role that were named in the same layer belong together: the role then replaces that of
/// the account. Of two different layers, the higher one decides alone.
pub(crate) fn select(configuration: &Configuration, directory: &Path) -> Result<Selection, Error> {
    let settings = &configuration.settings;
    let chosen = |key: &str, value: &Option<String>| {
        let origin = configuration.origin(key);
        value.clone().map(|value| Chosen { value, origin })
    };
    let role = chosen("iam_role", &settings.iam_role);
    let account = chosen("account", &settings.account);
    let layer = |choice: &Option<Chosen<String>>| choice.as_ref().map(|choice| choice.origin.layer);
    let (role_layer, account_layer) = (
        layer(&role),
        layer(&account).filter(|layer| *layer >= Layer::Variable),
    );
    let (role, account) = match (role_layer, account_layer) {
        (Some(role_layer), Some(account_layer)) if role_layer > account_layer => (role, None),
        (Some(role_layer), Some(account_layer)) if role_layer < account_layer => (None, account),
        (Some(_), None) => (role, None),
        (Some(_), Some(_)) => (role, account),
        (None, Some(_)) => (None, account),
        (None, None) => (None, by_directory(configuration, directory)?.or(account)),
    };
    if let Some(Chosen { value, origin }) = &account {
        check_account(configuration, value, origin)?;
    }
    Ok(Selection { account, role })
}

/// The account of the first rule that matches `directory`.
fn by_directory(configuration: &Configuration, directory: &Path) -> Result<Option<Chosen<String>>, Error> {
    let base = configuration.directory_of("paths");
    // As the directory, the folder of the file is the real one, also where --config leads through a link.
    let base = base
        .and_then(|base| base.canonicalize().ok())
        .unwrap_or_else(|| directory.to_owned());
    for (rule, origin) in rules(configuration) {
        if matches(&rule.pattern, &base, directory, &origin)? {
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

/// The rules with where each of them stands.
fn rules(configuration: &Configuration) -> impl Iterator<Item = (&PathRule, Origin)> {
    let all = configuration.origin("paths");
    configuration.settings.paths.iter().map(move |rule| {
        let place = format!("{} [[paths]] match = {:?}", all.place, rule.pattern);
        (
            rule,
            Origin {
                layer: all.layer,
                place,
            },
        )
    })
}

fn matches(pattern: &str, base: &Path, directory: &Path, origin: &Origin) -> Result<bool, Error> {
    check_pattern(pattern, origin)?;
    let not_text = |path: &Path| {
        Error::new(format!("the directory {} is not UTF-8 text", path.display()))
            .cause("so no rule for directories can be held against it")
            .hint("rename it, or name the account with --account")
    };
    let is_literal = |name: &&str| !name.contains(['*', '?', '[']);
    let names: Vec<&str> = pattern.trim_start_matches('/').split('/').collect();
    let literal = names.iter().copied().take_while(is_literal).count();
    let (literal, signs) = names.split_at(literal);
    let start = if Path::new(pattern).is_absolute() {
        Path::new("/")
    } else {
        base
    };
    let place = start.join(literal.join("/"));
    // As `directory`, the real one: a rule that goes through a link would otherwise never match.
    let place = place.canonicalize().unwrap_or(place);
    let place = place
        .to_str()
        .ok_or_else(|| not_text(&place))?
        .trim_end_matches('/');
    let signs = signs.iter().map(|name| (*name).to_owned());
    let real = std::iter::once(Pattern::escape(place))
        .chain(signs)
        .collect::<Vec<_>>()
        .join("/");
    let compiled = compile(&real, pattern, origin)?;
    let subject = directory.to_str().ok_or_else(|| not_text(directory))?;
    let options = MatchOptions {
        require_literal_separator: true,
        ..MatchOptions::new()
    };
    // `live/prod/**` is meant to include `live/prod` itself, for which a name below it stands in.
    Ok(compiled.matches_with(subject, options)
        || (real.ends_with("/**") && compiled.matches_with(&format!("{subject}/_"), options)))
}

/// A rule that can never match would let another account be chosen, so what no directory looks like is refused.
fn check_pattern(pattern: &str, origin: &Origin) -> Result<(), Error> {
    let invalid = |cause: &str, hint: &str| {
        Error::new(format!("`{pattern}` is no pattern for directories"))
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
    compile(pattern, pattern, origin).map(|_| ())
}

/// `real`, which came from the rule's `pattern`, ready to be held against a directory.
fn compile(real: &str, pattern: &str, origin: &Origin) -> Result<Pattern, Error> {
    Pattern::new(real).map_err(|error| {
        Error::new(format!("`{pattern}` is no pattern for directories"))
            .cause(error)
            .from(origin)
            .hint("the signs of patterns are *, **, ? and […]")
    })
}

/// Checks that an account of this name is configured.
pub(crate) fn check_account(configuration: &Configuration, name: &str, origin: &Origin) -> Result<(), Error> {
    let accounts = &configuration.settings.accounts;
    if accounts.contains_key(name) {
        return Ok(());
    }
    if name.is_empty() {
        return Err(
            Error::new("the account has an empty name, so nothing was started")
                .from(origin)
                .hint(
                    "name the account; where it comes from a variable of a script, that variable is not set",
                ),
        );
    }
    let names = || accounts.keys().map(String::as_str);
    let error = Error::new(format!("there is no account `{name}` in the configuration")).from(origin);
    if accounts.is_empty() {
        return Err(error.cause("no accounts are configured").hint(format!(
            "add [accounts.{name}] with id and role to {PROJECT_FILE_NAME}, or name a role with --iam-role"
        )));
    }
    let error = error.cause(format!("the accounts are {}", list(names())));
    Err(match nearest(name, names()) {
        Some(nearest) => error.hint(format!("did you mean `{nearest}`?")),
        None => error.hint("`rolewrap account list` shows them all"),
    })
}
