//! What a project file may not say of accounts that others are reached through. The requests on the way to an account are
//! shaped by what its own section says, and AWS hands on what was set there.

use std::collections::{BTreeMap, BTreeSet};

use figment::value::Dict;

use super::files_below::FilesBelow;
use super::tag_limits;
use crate::error::Error;

/// What an account on the way has from the target unless it says so itself: each with what else says the same thing.
const FROM_THE_TARGET: [&[&str]; 2] = [&tag_limits::KEYS, &["session_name"]];

const HINT: &str = "remove it from the project file; what is to hold there is for the file below to say";

/// Which account leads to which, in the files below and in the project file.
struct Ways<'a>(FilesBelow<'a>);

impl<'a> Ways<'a> {
    /// The account that `name` is reached through.
    fn before(&self, name: &str) -> Option<&'a str> {
        let via = |account: Option<&'a Dict>| account?.get("via")?.as_str();
        via(self.0.account(name)).or_else(|| via(self.0.project_account(name)))
    }

    /// An account of the project's own behind each one that leads to such an account.
    fn of_the_project(&self) -> BTreeMap<&'a str, &'a str> {
        let via = |(name, account): (&'a str, &'a Dict)| Some((account.get("via")?.as_str()?, name));
        own_accounts(self.0).filter_map(via).collect()
    }

    /// `name` and the accounts before it, up to one that is in `known`. All of them are in `known` afterwards, so that
    /// no part of a way is walked twice.
    fn unknown(&self, name: &'a str, known: &mut BTreeSet<&'a str>) -> Vec<&'a str> {
        let mut accounts = Vec::new();
        let mut next = Some(name);
        while let Some(name) = next.filter(|name| known.insert(*name)) {
            accounts.push(name);
            next = self.before(name);
        }
        accounts
    }
}

/// Refuses a project file that shapes what leads to an account of a file below which says itself how it is shaped, or
/// that account.
pub(super) fn refuse_changed_ways(files: FilesBelow<'_>) -> Result<(), Error> {
    for keys in FROM_THE_TARGET {
        let said = said(files, keys);
        for (name, account) in files.project_accounts() {
            let Some(said) = said.get(name) else { continue };
            let is_own = |key: &str| files.account(name).is_some_and(|own| own.contains_key(key));
            let Some(key) = keys
                .iter()
                .find(|key| account.contains_key(**key) && !is_own(key))
            else {
                continue;
            };
            let (key, own) = (format!("accounts.{name}.{key}"), said.key());
            let what = format!(
                "may not set {key}, because the file below it sets {}",
                said.text(name)
            );
            return Err(files.refused(&what, &key, &own).hint(HINT));
        }
    }
    Ok(())
}

/// Which of the files' own words hold for an account.
#[derive(Clone, Copy)]
struct Said<'a> {
    /// The account that says so, or none where it holds for all.
    account: Option<&'a str>,
    what: &'static str,
}

impl Said<'_> {
    fn key(&self) -> String {
        self.account.map_or(self.what.to_owned(), |account| {
            format!("accounts.{account}.{}", self.what)
        })
    }

    /// The same as a part of a sentence about the account `name`.
    fn text(&self, name: &str) -> String {
        match self.account {
            None => format!("{} for all accounts", self.what),
            Some(account) if account == name => self.key(),
            Some(account) => format!("{}, and {account} is reached through {name}", self.key()),
        }
    }
}

/// The accounts of the files below for which one of `keys` is said there, and those that lead to them.
fn said<'a>(files: FilesBelow<'a>, keys: &[&'static str]) -> BTreeMap<&'a str, Said<'a>> {
    let ways = Ways(files);
    let for_all = keys.iter().find(|key| files.value(key).is_some());
    let mut said = BTreeMap::new();
    let mut known = BTreeSet::new();
    for (name, own) in files.accounts() {
        let by_account = keys.iter().find(|key| own.contains_key(**key));
        let account = by_account.map(|_| name);
        let Some(what) = by_account.or(for_all) else {
            continue;
        };
        let of_way = ways.unknown(name, &mut known).into_iter();
        said.extend(of_way.map(|on_the_way| (on_the_way, Said { account, what })));
    }
    said
}

/// Refuses tags of a project's own account that change what a file below says for all accounts. An account on the way has the
/// tags of the target, or else its own alone.
pub(super) fn refuse_tags_on_the_way(files: FilesBelow<'_>) -> Result<(), Error> {
    let Some(for_all) = tag_limits::said_for_all(files) else {
        return Ok(());
    };
    let ways = Ways(files);
    let through = ways.of_the_project();
    for key in tag_limits::KEYS {
        let mut known = BTreeSet::new();
        for (name, value) in own_accounts(files).filter_map(|(name, own)| Some((name, own.get(key)?))) {
            let of_account = format!("accounts.{name}.{key}");
            let refused = |why: &str| {
                let what = format!(
                    "may not set {of_account}, because the file below it sets {for_all} for all accounts, and {why}"
                );
                files.refused(&what, &of_account, for_all)
            };
            let is_changed = || {
                let of_all = files.value(key);
                !of_all.is_some_and(|of_all| files.says_the_same(&of_account, of_all, value))
            };
            let after = through.get(name).filter(|_| key == "tags");
            if let Some(after) = after.filter(|_| is_changed()) {
                return Err(refused(&format!("{after} is reached through {name}")).hint(HINT));
            }
            let lacks = |before: &&str| files.account(before).is_some_and(|own| !own.contains_key(key));
            let mut before = ways.unknown(name, &mut known).into_iter();
            if let Some(before) = before.find(lacks).filter(|_| tag_limits::adds(files, key, value)) {
                let why = format!("{name} is reached through {before}, which would have them as well");
                return Err(refused(&why).hint(HINT));
            }
        }
    }
    Ok(())
}

/// The accounts that are the project file's alone.
fn own_accounts(files: FilesBelow<'_>) -> impl Iterator<Item = (&str, &Dict)> {
    files
        .project_accounts()
        .filter(move |(name, _)| files.account(name).is_none())
}
