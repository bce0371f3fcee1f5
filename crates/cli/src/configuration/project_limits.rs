//! What a project file may not say where a file below it has spoken.

use figment::value::{Dict, Value};

use super::files_below::FilesBelow;
use crate::error::Error;

/// What at the top of a file says who acts, or limits what can be done, in all accounts.
const OF_ALL_ACCOUNTS: [&str; 7] = [
    "source",
    "session_name",
    "source_identity",
    "mfa_serial",
    "policy",
    "policy_arns",
    "transitive_tags",
];

/// What at the top of a file would change accounts of the files below, and what a project's own account may say otherwise:
/// an external id belongs to a role.
const AT_THE_TOP: [&str; 2] = ["external_id", "mfa_duration"];

const AT_THE_TOP_HINT: &str = "remove it from one of the two files, or make both say the same";
const OF_ADDED_TAG_HINT: &str = "set it in the accounts of the project file that are to have it";
const OF_ACCOUNT_HINT: &str = "rename one of the two accounts, or make both say the same";

/// Refuses a project file that says something else about an account than the files below it. What `prod` is, in
/// a file of your own, is not for a repository to decide; it may add what is not said there, except who assumes its
/// role: a way through somebody else's role would show them what is asked for.
pub(super) fn refuse_changed_accounts(files: FilesBelow<'_>) -> Result<(), Error> {
    for (name, account) in files.project_accounts() {
        let account_key = format!("accounts.{name}");
        for (key, value) in account {
            let is_way = key == "via";
            let key = format!("{account_key}.{key}");
            match files.value(&key) {
                Some(own) if !files.says_the_same(&key, &own, value) => {
                    let what = format!("says something else about {key} than the file below it");
                    return Err(files.refused(&what, &key, &key).hint(OF_ACCOUNT_HINT));
                }
                None if is_way && files.figment.contains(&account_key) => {
                    let what = format!("may not add {key} to an account of the file below it");
                    return Err(files.refused(&what, &key, &account_key).hint(OF_ACCOUNT_HINT));
                }
                _ => {}
            }
        }
    }
    Ok(())
}

/// Refuses a project file that puts something else in the place of what a file below it says for all accounts about who
/// acts and what can be done. That is not for a repository to lift or to disguise.
pub(super) fn refuse_lifted_limits(files: FilesBelow<'_>) -> Result<(), Error> {
    for limit in OF_ALL_ACCOUNTS.into_iter().chain(AT_THE_TOP) {
        let Some(own) = files.value(limit) else { continue };
        let of_accounts = files.project_accounts().filter_map(|(name, account)| {
            let key = format!("accounts.{name}.{limit}");
            let value = account.get(limit)?;
            // What the file below it says of the account itself is only repeated, or was refused before.
            let is_new = files.value(&key).is_none();
            (is_new && OF_ALL_ACCOUNTS.contains(&limit)).then_some((key, value))
        });
        let at_the_top = files.project.values.get(limit);
        let at_the_top = at_the_top.map(|value| (limit.to_owned(), value));
        for (key, value) in at_the_top.into_iter().chain(of_accounts) {
            if !files.says_the_same(&key, &own, value) {
                let what =
                    format!("may not set {key}, because the file below it sets {limit} for all accounts");
                return Err(files.refused(&what, &key, limit).hint(AT_THE_TOP_HINT));
            }
        }
    }
    Ok(())
}

/// Refuses a project file that changes a tag which a file below it sets for all accounts.
pub(super) fn refuse_changed_tags(files: FilesBelow<'_>) -> Result<(), Error> {
    let own = files.table("tags");
    let at_the_top = files.project.values.get("tags").and_then(Value::as_dict);
    let at_the_top = at_the_top.map(|tags| ("tags".to_owned(), tags));
    let of_accounts = files.project_accounts().filter_map(|(name, account)| {
        let key = format!("accounts.{name}.tags");
        let tags = account.get("tags")?.as_dict()?;
        files.value(&key).is_none().then_some((key, tags))
    });
    for (place, tags) in at_the_top.into_iter().chain(of_accounts) {
        for (tag, value) in tags {
            let key = format!("{place}.{tag}");
            let Some((own_tag, own)) = same_tag(&own, tag) else {
                continue;
            };
            if !files.says_the_same(&key, own, value) {
                let own = format!("tags.{own_tag}");
                let what =
                    format!("may not set {key}, because the file below it sets {own} for all accounts");
                return Err(files.refused(&what, &key, &own).hint(AT_THE_TOP_HINT));
            }
        }
    }
    Ok(())
}

/// Refuses a project file that sets a tag for all accounts, where it would be added to those of an account of a file
/// below.
pub(super) fn refuse_added_tags(files: FilesBelow<'_>) -> Result<(), Error> {
    let own = files.table("tags");
    let accounts = files.table("accounts");
    let at_the_top = files.project.values.get("tags").and_then(Value::as_dict);
    for tag in at_the_top.into_iter().flat_map(Dict::keys) {
        for name in accounts.keys() {
            let account_key = format!("accounts.{name}.tags");
            let of_account = files.table(&account_key);
            let is_known = same_tag(&own, tag)
                .or_else(|| same_tag(&of_account, tag))
                .is_some();
            if !of_account.is_empty() && !is_known {
                let key = format!("tags.{tag}");
                let what = format!(
                    "may not set {key}, because it would be added to {account_key} of the file below it"
                );
                return Err(files.refused(&what, &key, &account_key).hint(OF_ADDED_TAG_HINT));
            }
        }
    }
    Ok(())
}

/// The tag of this key. AWS compares keys without regard to case.
fn same_tag<'a>(tags: &'a Dict, key: &str) -> Option<(&'a String, &'a Value)> {
    tags.iter()
        .find(|(known, _)| known.to_lowercase() == key.to_lowercase())
}
