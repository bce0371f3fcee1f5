use serde::{Deserialize, Serialize};

use super::{Chosen, path_rules};
use crate::configuration::{Configuration, Layer, Origin, PROJECT_FILE_NAME};
use crate::error::Error;
use crate::host::work_directory::WorkDirectory;
use crate::ui::text::{list, nearest};

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
pub(crate) fn select(configuration: &Configuration, directory: &WorkDirectory) -> Result<Selection, Error> {
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
        (None, None) => (None, path_rules::select(configuration, directory)?.or(account)),
    };
    if let Some(Chosen { value, origin }) = &account {
        check_account(configuration, value, origin)?;
    }
    Ok(Selection { account, role })
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
