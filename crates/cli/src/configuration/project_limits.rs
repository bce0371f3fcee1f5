//! What a project file may not say where a file below it has spoken.

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

pub(super) const AT_THE_TOP_HINT: &str = "remove it from one of the two files, or make both say the same";
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
                Some(own) if !files.says_the_same(&key, own, value) => {
                    let what = format!("says something else about {key} than the file below it");
                    return Err(files.refused(&what, &key, &key).hint(OF_ACCOUNT_HINT));
                }
                None if is_way && files.account(name).is_some() => {
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
            if !files.says_the_same(&key, own, value) {
                let what =
                    format!("may not set {key}, because the file below it sets {limit} for all accounts");
                return Err(files.refused(&what, &key, limit).hint(AT_THE_TOP_HINT));
            }
        }
    }
    Ok(())
}
