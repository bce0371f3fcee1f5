//! What a project file needs trust to say of accounts that others are reached through. The requests on the way to an account are
//! shaped by what its own section says, and AWS hands on what was set there.

use std::collections::{BTreeMap, BTreeSet};

use figment::value::Dict;

use super::files_below::FilesBelow;
use super::tag_limits;
use super::trust::TrustNeed;

/// What an account on the way has from the target unless it says so itself: each with what else says the same thing.
const FROM_THE_TARGET: [&[&str]; 2] = [&tag_limits::KEYS, &["session_name"]];

const OF_WAY_HINT: &str = "define the account in your own file";
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

    /// The nearest account of a file below that `name` is reached through. `known` holds the answers for accounts that were walked
    /// before.
    fn own_before(&self, name: &'a str, known: &mut BTreeMap<&'a str, Option<&'a str>>) -> Option<&'a str> {
        let mut walked = Vec::new();
        let mut here = name;
        let found = loop {
            if let Some(found) = known.get(here) {
                break *found;
            }
            // A circle is an error of its own. Here it leads to nobody.
            known.insert(here, None);
            walked.push(here);
            match self.before(here) {
                None => break None,
                Some(before) if self.0.account(before).is_some() => break Some(before),
                Some(before) => here = before,
            }
        };
        known.extend(walked.into_iter().map(|account| (account, found)));
        found
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

/// What shapes whom an account's role is, and through whom it is reached.
const REACHED: [&str; 3] = ["via", "id", "role"];

/// The accounts that the project file shapes and that are reached through one of a file below: its role would act for a
/// repository. Trust is in the role that it acts for as well.
pub(super) fn own_ways(files: FilesBelow<'_>, needs: &mut Vec<TrustNeed>) {
    let ways = Ways(files);
    let mut own_before = BTreeMap::new();
    for (name, account) in files.project_accounts() {
        let Some(via) = ways.own_before(name, &mut own_before) else {
            continue;
        };
        for said in REACHED {
            let is_below = files.account(name).is_some_and(|own| own.contains_key(said));
            if is_below || !account.contains_key(said) {
                continue;
            }
            let (key, own) = (format!("accounts.{name}.{said}"), format!("accounts.{via}"));
            let what = format!("may not reach accounts.{name} through {own} of the file below it");
            let refusal = files.refused(&what, &key, &own).hint(OF_WAY_HINT);
            needs.push(TrustNeed::new(&["accounts", name, said], refusal));
        }
    }
}

/// What the project file says about accounts that lead to one of a file below which says itself how it is shaped, or about that
/// account.
pub(super) fn changed_ways(files: FilesBelow<'_>, needs: &mut Vec<TrustNeed>) {
    for keys in FROM_THE_TARGET {
        let said = said(files, keys);
        for (name, account) in files.project_accounts() {
            let Some(said) = said.get(name) else { continue };
            let is_own = |key: &str| files.account(name).is_some_and(|own| own.contains_key(key));
            let is_added = |key: &&&str| account.contains_key(**key) && !is_own(key);
            for said_here in keys.iter().filter(is_added) {
                let (key, own) = (format!("accounts.{name}.{said_here}"), said.key());
                let what = format!(
                    "may not set {key}, because the file below it sets {}",
                    said.text(name)
                );
                let refusal = files.refused(&what, &key, &own).hint(HINT);
                needs.push(TrustNeed::new(&["accounts", name, said_here], refusal));
            }
        }
    }
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

/// The tags of a project's own account on the way to another one that change what a file below says for all accounts: the
/// account on the way has the tags of the target, or else its own alone.
pub(super) fn tags_on_the_way(files: FilesBelow<'_>, needs: &mut Vec<TrustNeed>) {
    let Some(for_all) = tag_limits::said_for_all(files) else {
        return;
    };
    let of_all = files.value("tags");
    let through = Ways(files).of_the_project();
    for (name, account) in own_accounts(files) {
        let (Some(after), Some(value)) = (through.get(name), account.get("tags")) else {
            continue;
        };
        let key = format!("accounts.{name}.tags");
        if !of_all.is_some_and(|of_all| files.says_the_same(&key, of_all, value)) {
            let what = format!(
                "may not set {key}, because the file below it sets {for_all} for all accounts, and {after} is reached through {name}"
            );
            let refusal = files.refused(&what, &key, for_all).hint(HINT);
            needs.push(TrustNeed::new(&["accounts", name, "tags"], refusal));
        }
    }
}

/// The accounts that are the project file's alone.
fn own_accounts(files: FilesBelow<'_>) -> impl Iterator<Item = (&str, &Dict)> {
    files
        .project_accounts()
        .filter(move |(name, _)| files.account(name).is_none())
}
