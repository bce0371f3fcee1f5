use figment::value::{Dict, Value};
use rolewrap_role::RoleArn;

use super::files_below::FilesBelow;
use crate::error::Error;

/// What an account can say that neither lets anybody act as somebody else nor limits what can be done.
const HARMLESS: [&str; 5] = ["id", "role", "region", "duration", "delivery"];

/// Refuses an account of the project file that leads to the role of an account of a file below it, without all that is
/// said there about who acts and what can be done. Under another name the same role would have none of it.
pub(super) fn refuse_second_names(files: FilesBelow<'_>) -> Result<(), Error> {
    let own_accounts = files.table("accounts");
    for (name, account) in files.project_accounts() {
        let own = own_accounts.get(name).and_then(Value::as_dict);
        let says = |key: &str| account.contains_key(key) && own.is_none_or(|own| !own.contains_key(key));
        if !says("id") && !says("role") {
            continue;
        }
        let account = together(own, Some(account));
        let target = Target::of(&account);
        // Of several that lead there, the project could choose any, so one has to be repeated.
        let namesakes = own_accounts.iter().filter_map(|(own_name, own)| {
            let own = own.as_dict().filter(|_| own_name != name)?;
            let of_project = files.project_accounts().find(|(known, _)| known == own_name);
            let whole = together(Some(own), of_project.map(|(_, account)| account));
            let lacking = || lacking(files, own_name, own, &account);
            Target::of(&whole).may_be(&target).then(|| (own_name, lacking()))
        });
        let namesakes: Vec<_> = namesakes.collect();
        if namesakes.iter().any(|(_, lacking)| lacking.is_empty()) {
            continue;
        }
        if let Some((own_name, lacking)) = namesakes.first() {
            return Err(refused(files, name, own_name, lacking));
        }
    }
    Ok(())
}

/// The keys of `own`, the account `name` of a file below, that `account` does not repeat.
fn lacking(files: FilesBelow<'_>, name: &str, own: &Dict, account: &Dict) -> Vec<String> {
    let is_repeated = |key: &str, value: &Value| {
        let other = account.get(key);
        other.is_some_and(|other| files.says_the_same(&format!("accounts.{name}.{key}"), value, other))
    };
    let keys = own.iter().filter(|(key, _)| !HARMLESS.contains(&key.as_str()));
    let lacking = keys.filter(|(key, value)| !is_repeated(key, value));
    lacking.map(|(key, _)| key.clone()).collect()
}

fn refused(files: FilesBelow<'_>, name: &str, own_name: &str, lacking: &[String]) -> Error {
    let (key, own) = (format!("accounts.{name}"), format!("accounts.{own_name}"));
    let what = format!(
        "may not give the role of {own} another name, {key}, because the file below it limits or shapes {own}"
    );
    let place = lacking
        .first()
        .map_or(own.clone(), |first| format!("{own}.{first}"));
    let error = files.refused(&what, &key, &place);
    error.with("not repeated", lacking.join(", ")).hint(format!(
        "choose {own_name} in the project file in place of {name}, or repeat in {key} what {own} has"
    ))
}

/// `own` with what `added` says besides.
fn together(own: Option<&Dict>, added: Option<&Dict>) -> Dict {
    let pairs = added.into_iter().chain(own).flatten();
    pairs.map(|(key, value)| (key.clone(), value.clone())).collect()
}

/// Which role an account leads to, as far as it says so.
struct Target {
    id: Option<String>,
    role: Option<String>,
}

impl Target {
    fn of(account: &Dict) -> Self {
        let text = |key: &str| Some(account.get(key)?.as_str()?.trim().to_owned());
        let (id, role) = (text("id"), text("role"));
        match role.as_ref().and_then(|role| role.parse::<RoleArn>().ok()) {
            Some(arn) => Self {
                id: Some(arn.account().to_string()),
                role: Some(arn.name().to_owned()),
            },
            None => Self { id, role },
        }
    }

    /// Whether both may lead to one role. Without a role, any of the account can be named with it. IAM tells the names of
    /// roles apart neither by case nor by path.
    fn may_be(&self, other: &Self) -> bool {
        let name = |role: &str| role.rsplit('/').next().unwrap_or_default().to_lowercase();
        let is_same_role = match (&self.role, &other.role) {
            (Some(one), Some(other)) => name(one) == name(other),
            _ => true,
        };
        self.id.is_some() && self.id == other.id && is_same_role
    }
}
