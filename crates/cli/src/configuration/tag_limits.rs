//! What a project file may not say about tags where a file below it has spoken.

use std::collections::BTreeMap;

use figment::value::{Dict, Value};

use super::files_below::FilesBelow;
use super::project_limits::AT_THE_TOP_HINT;
use crate::error::Error;

/// What says which tags a session has, and which of them the sessions after it have as well.
pub(super) const KEYS: [&str; 2] = ["tags", "transitive_tags"];

const OF_ADDED_TAG_HINT: &str = "set it in the accounts of the project file that are to have it";

/// Refuses a project file that changes a tag which a file below it sets for all accounts.
pub(super) fn refuse_changed_tags(files: FilesBelow<'_>) -> Result<(), Error> {
    let own = by_key(files.table("tags"));
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
            let Some((own_tag, own)) = own.get(&tag.to_lowercase()) else {
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

/// Refuses a project file that says something about tags for all accounts, where a file below it says which ones there
/// are, for all accounts or for one.
pub(super) fn refuse_tags_for_all_accounts(files: FilesBelow<'_>) -> Result<(), Error> {
    let Some(own) = said_anywhere(files) else {
        return Ok(());
    };
    let own_tags = by_key(files.table("tags"));
    let tags = files.project.values.get("tags").and_then(Value::as_dict);
    let added = tags.into_iter().flat_map(Dict::keys);
    let mut added = added.filter(|tag| !own_tags.contains_key(&tag.to_lowercase()));
    let tag = added.next().map(|tag| format!("tags.{tag}"));
    let transitive = files.project.values.get("transitive_tags");
    let transitive = transitive.filter(|_| files.value("transitive_tags").is_none());
    let key = tag.or_else(|| transitive.map(|_| "transitive_tags".to_owned()));
    key.map_or(Ok(()), |key| {
        let what = format!("may not set {key} for all accounts, because the file below it sets {own}");
        Err(files.refused(&what, &key, &own).hint(OF_ADDED_TAG_HINT))
    })
}

/// Whether `value` of `key`, of an account of the project file, says more than the files below say for all accounts.
pub(super) fn adds(files: FilesBelow<'_>, key: &str, value: &Value) -> bool {
    let of_all = files.value(key);
    match (of_all.and_then(Value::as_dict), value.as_dict()) {
        (Some(of_all), Some(tags)) => {
            let of_all = by_key(of_all);
            tags.keys().any(|tag| !of_all.contains_key(&tag.to_lowercase()))
        }
        _ => !of_all.is_some_and(|of_all| files.says_the_same(key, of_all, value)),
    }
}

/// What the files below say about tags for all accounts.
pub(super) fn said_for_all(files: FilesBelow<'_>) -> Option<&'static str> {
    KEYS.into_iter().find(|key| files.value(key).is_some())
}

/// What `account` of a file below says about tags.
pub(super) fn said_by(account: &Dict) -> Option<&'static str> {
    KEYS.into_iter().find(|key| account.contains_key(*key))
}

fn said_anywhere(files: FilesBelow<'_>) -> Option<String> {
    let of_account = |(name, account)| Some(format!("accounts.{name}.{}", said_by(account)?));
    let for_all = said_for_all(files).map(str::to_owned);
    for_all.or_else(|| files.accounts().find_map(of_account))
}

/// The tags by what AWS compares their keys by: it does not regard case.
fn by_key(tags: &Dict) -> BTreeMap<String, (&String, &Value)> {
    tags.iter().map(|tag| (tag.0.to_lowercase(), tag)).collect()
}
