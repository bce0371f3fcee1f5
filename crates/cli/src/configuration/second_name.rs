use std::collections::BTreeMap;

use figment::value::{Dict, Value};
use rolewrap_role::RoleArn;

use super::files_below::FilesBelow;
use super::table::ACCOUNT;
use super::tag_limits;
use super::trust::Trust;
use super::trust::TrustNeed;
use crate::error::Error;

/// Whether an account's `key` neither lets anybody act as somebody else nor limits what can be done.
fn is_harmless(key: &str) -> bool {
    let mut keys = ACCOUNT.keys().iter();
    keys.any(|known| known.name == key && known.trust == Trust::Anybody)
}

/// The accounts of the project file that lead to the role of an account of a file below it, without all that is said there
/// about who acts and what can be done. Under another name the same role would have none of it.
pub(super) fn second_names(files: FilesBelow<'_>, needs: &mut Vec<TrustNeed>) {
    let accounts = Accounts::of(files);
    for (name, added) in files.project_accounts() {
        let account = Account {
            own: files.account(name),
            added: Some(added),
        };
        let says =
            |key: &str| added.contains_key(key) && account.own.is_none_or(|own| !own.contains_key(key));
        if !says("id") && !says("role") {
            continue;
        }
        // Of several that lead there, the project could choose any, so one has to be repeated.
        let target = account.target();
        let others = || accounts.may_be(&target).filter(|other| *other != name);
        if others().any(|other| is_second(files, other, account)) {
            continue;
        }
        if let Some(other) = others().min() {
            let refusal = refused(files, name, other, account);
            needs.push(TrustNeed::new(&["accounts", name], refusal));
        }
    }
}

/// Whether `account` is shaped as the account `name` of a file below is.
fn is_second(files: FilesBelow<'_>, name: &str, account: Account<'_>) -> bool {
    lacking(files, name, account).next().is_none() && added(files, name, account).is_none()
}

/// The keys of the account `name` of a file below that `account` does not repeat.
fn lacking<'a>(files: FilesBelow<'a>, name: &'a str, account: Account<'a>) -> impl Iterator<Item = &'a str> {
    let own = files.account(name).into_iter().flatten();
    let limits = own.filter(|(key, _)| !is_harmless(key));
    let is_repeated = move |key: &str, value: &Value| {
        let other = account.get(key);
        other.is_some_and(|other| files.says_the_same(&format!("accounts.{name}.{key}"), value, other))
    };
    limits
        .filter(move |(key, value)| !is_repeated(key, value))
        .map(|(key, _)| key.as_str())
}

/// What `account` says about tags, where the files below say for the account `name` which ones there are.
fn added(files: FilesBelow<'_>, name: &str, account: Account<'_>) -> Option<&'static str> {
    let own = files.account(name)?;
    let is_said = tag_limits::said_for_all(files).or_else(|| tag_limits::said_by(own));
    is_said.and_then(|_| {
        let is_added = |key: &str, value| !own.contains_key(key) && tag_limits::adds(files, key, value);
        tag_limits::KEYS
            .into_iter()
            .find(|key| account.get(key).is_some_and(|value| is_added(key, value)))
    })
}

fn refused(files: FilesBelow<'_>, name: &str, own_name: &str, account: Account<'_>) -> Error {
    let (key, own) = (format!("accounts.{name}"), format!("accounts.{own_name}"));
    let what = format!(
        "may not give the role of {own} another name, {key}, because the file below it limits or shapes {own}"
    );
    let lacking: Vec<&str> = lacking(files, own_name, account).collect();
    let place = lacking
        .first()
        .map_or(own.clone(), |first| format!("{own}.{first}"));
    let mut error = files.refused(&what, &key, &place);
    if !lacking.is_empty() {
        error = error.with("not repeated", lacking.join(", "));
    }
    if let Some(added) = added(files, own_name, account) {
        error = error.with("added", added);
    }
    error.hint(format!(
        "choose {own_name} in the project file in place of {name}, or repeat in {key} what {own} has"
    ))
}

/// An account as a file below says it, with what the project file adds.
#[derive(Clone, Copy)]
struct Account<'a> {
    own: Option<&'a Dict>,
    added: Option<&'a Dict>,
}

impl<'a> Account<'a> {
    fn get(self, key: &str) -> Option<&'a Value> {
        let own = self.own.and_then(|own| own.get(key));
        own.or_else(|| self.added?.get(key))
    }

    fn target(self) -> Target {
        let text = |key: &str| Some(self.get(key)?.as_str()?.trim().to_owned());
        let (id, role) = (text("id"), text("role"));
        match role.as_ref().and_then(|role| role.parse::<RoleArn>().ok()) {
            Some(arn) => Target::new(Some(arn.account().to_string()), Some(arn.name())),
            None => Target::new(id, role.as_deref()),
        }
    }
}

/// Which role an account leads to, as far as it says so.
struct Target {
    id: Option<String>,
    /// IAM tells the names of roles apart neither by case nor by path.
    role: Option<String>,
}

impl Target {
    fn new(id: Option<String>, role: Option<&str>) -> Self {
        let name = |role: &str| role.rsplit('/').next().unwrap_or_default().to_lowercase();
        Self {
            id,
            role: role.map(name),
        }
    }
}

/// The names of the accounts of the files below by their id and role: a file with thousands of accounts is not to be searched
/// for each of them.
struct Accounts<'a>(BTreeMap<String, BTreeMap<Option<String>, Vec<&'a str>>>);

impl<'a> Accounts<'a> {
    fn of(files: FilesBelow<'a>) -> Self {
        let mut accounts: BTreeMap<_, BTreeMap<_, Vec<_>>> = BTreeMap::new();
        for (name, own) in files.accounts() {
            let account = Account {
                own: Some(own),
                added: files.project_account(name),
            };
            let Target { id: Some(id), role } = account.target() else {
                continue;
            };
            accounts
                .entry(id)
                .or_default()
                .entry(role)
                .or_default()
                .push(name);
        }
        Self(accounts)
    }

    /// Those that may lead to `target`. Without a role, any of the account can be named with it.
    fn may_be<'t>(&'t self, target: &'t Target) -> impl Iterator<Item = &'a str> + 't {
        let roles = target.id.as_ref().and_then(|id| self.0.get(id));
        let one = [Some(&target.role), target.role.as_ref().map(|_| &None)]
            .into_iter()
            .flatten();
        let some = roles
            .filter(|_| target.role.is_some())
            .map(|roles| one.filter_map(|role| roles.get(role)));
        let all = roles.filter(|_| target.role.is_none()).map(BTreeMap::values);
        some.into_iter()
            .flatten()
            .chain(all.into_iter().flatten())
            .flatten()
            .copied()
    }
}
