//! What a project file needs trust for where a file below it has spoken.

use figment::value::{Dict, Value};

use super::files_below::FilesBelow;
use super::table::FILE;
use super::trust::Trust;
use super::trust::TrustNeed;
use crate::error::Error;

pub(super) const AT_THE_TOP_HINT: &str = "remove it from one of the two files, or make both say the same";
const OF_SOURCE_HINT: &str = "rename the source in the project file";
const OF_ACCOUNT_HINT: &str = "rename one of the two accounts, or make both say the same";

/// Refuses a source of the project file that has the name of one of a file below it, trusted or not. The two would be put
/// together key by key: the repository's address would get the login of yours.
pub(super) fn refuse_shared_sources(files: FilesBelow<'_>) -> Result<(), Error> {
    let own = files.table("sources");
    let sources = files.project.values.get("sources").and_then(Value::as_dict);
    let mut names = sources.into_iter().flat_map(Dict::keys);
    names.find(|name| own.contains_key(*name)).map_or(Ok(()), |name| {
        let key = format!("sources.{name}");
        let what = format!("may not change {key}, which the file below it defines");
        Err(files.refused(&what, &key, &key).hint(OF_SOURCE_HINT))
    })
}

/// What the project file says otherwise about an account than the files below it. What `prod` is, in a file of your own, is not
/// for a repository to decide. It may add what is not said there, except whom the account is reached through: a way through
/// somebody else's role would show them what is asked for.
pub(super) fn changed_accounts(files: FilesBelow<'_>, needs: &mut Vec<TrustNeed>) {
    for (name, account) in files.project_accounts() {
        let account_key = format!("accounts.{name}");
        for (said, value) in account {
            let key = format!("{account_key}.{said}");
            let refusal = match files.value(&key) {
                Some(own) if !files.says_the_same(&key, own, value) => {
                    let what = format!("says something else about {key} than the file below it");
                    files.refused(&what, &key, &key)
                }
                None if said == "via" && files.account(name).is_some() => {
                    let what = format!("may not add {key} to an account of the file below it");
                    files.refused(&what, &key, &account_key)
                }
                _ => continue,
            };
            needs.push(TrustNeed::new(
                &["accounts", name, said],
                refusal.hint(OF_ACCOUNT_HINT),
            ));
        }
    }
}

/// What the project file puts in the place of what a file below it says for all accounts about who acts and what can be
/// done. That is not for a repository to lift or to disguise.
pub(super) fn lifted_limits(files: FilesBelow<'_>, needs: &mut Vec<TrustNeed>) {
    let limits = FILE.keys().iter();
    let limits = limits.filter(|key| matches!(key.trust, Trust::Limit | Trust::LimitAtTheTop));
    for (limit, trust) in limits.map(|key| (key.name, key.trust)) {
        let Some(own) = files.value(limit) else { continue };
        let of_accounts = files.project_accounts().filter_map(|(name, account)| {
            let key = format!("accounts.{name}.{limit}");
            let value = account.get(limit)?;
            // What the file below it says of the account itself is only repeated, or needs trust anyway.
            let is_new = files.value(&key).is_none();
            (is_new && trust == Trust::Limit).then_some((vec!["accounts", name, limit], key, value))
        });
        let at_the_top = files.project.values.get(limit);
        let at_the_top = at_the_top.map(|value| (vec![limit], limit.to_owned(), value));
        for (path, key, value) in at_the_top.into_iter().chain(of_accounts) {
            if !files.says_the_same(&key, own, value) {
                let what =
                    format!("may not set {key}, because the file below it sets {limit} for all accounts");
                let refusal = files.refused(&what, &key, limit).hint(AT_THE_TOP_HINT);
                needs.push(TrustNeed::new(&path, refusal));
            }
        }
    }
}
