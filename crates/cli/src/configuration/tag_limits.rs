//! What a project file needs trust to say about tags where a file below it has spoken.

use std::collections::BTreeMap;

use figment::value::{Dict, Value};

use super::files_below::FilesBelow;
use super::project_limits::AT_THE_TOP_HINT;
use super::trust::TrustNeed;

/// What says which tags a session has, and which of them the sessions after it have as well.
pub(super) const KEYS: [&str; 2] = ["tags", "transitive_tags"];

const OF_ADDED_TAG_HINT: &str = "set it in the accounts of the project file that are to have it";

/// The tags of the project file that change one which a file below it sets for all accounts.
pub(super) fn changed_tags(files: FilesBelow<'_>, needs: &mut Vec<TrustNeed>) {
    let own = by_key(files.table("tags"));
    let at_the_top = files.project.values.get("tags").and_then(Value::as_dict);
    let at_the_top = at_the_top.map(|tags| (vec!["tags"], "tags".to_owned(), tags));
    let of_accounts = files.project_accounts().filter_map(|(name, account)| {
        let key = format!("accounts.{name}.tags");
        let tags = account.get("tags")?.as_dict()?;
        let is_new = files.value(&key).is_none();
        is_new.then_some((vec!["accounts", name, "tags"], key, tags))
    });
    for (path, place, tags) in at_the_top.into_iter().chain(of_accounts) {
        for (tag, value) in tags {
            let key = format!("{place}.{tag}");
            let Some((own_tag, own)) = own.get(&tag.to_lowercase()) else {
                continue;
            };
            if !files.says_the_same(&key, own, value) {
                let own = format!("tags.{own_tag}");
                let what =
                    format!("may not set {key}, because the file below it sets {own} for all accounts");
                let refusal = files.refused(&what, &key, &own).hint(AT_THE_TOP_HINT);
                needs.push(TrustNeed::new(&path, refusal));
            }
        }
    }
}

/// What the project file says about tags for all accounts, where a file below it says which ones there are, for all accounts or
/// for one.
pub(super) fn tags_for_all_accounts(files: FilesBelow<'_>, needs: &mut Vec<TrustNeed>) {
    let Some(own) = said_anywhere(files) else { return };
    let own_tags = by_key(files.table("tags"));
    let tags = files.project.values.get("tags").and_then(Value::as_dict);
    let added = tags.into_iter().flat_map(Dict::keys);
    let added = added.filter(|tag| !own_tags.contains_key(&tag.to_lowercase()));
    let added = added.map(|tag| ("tags", format!("tags.{tag}")));
    let transitive = files.project.values.get("transitive_tags");
    let transitive = transitive.filter(|_| files.value("transitive_tags").is_none());
    let transitive = transitive.map(|_| ("transitive_tags", "transitive_tags".to_owned()));
    for (path, key) in added.chain(transitive) {
        let what = format!("may not set {key} for all accounts, because the file below it sets {own}");
        let refusal = files.refused(&what, &key, &own).hint(OF_ADDED_TAG_HINT);
        needs.push(TrustNeed::new(&[path], refusal));
    }
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
