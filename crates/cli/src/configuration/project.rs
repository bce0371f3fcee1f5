use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use toml::de::DeTable;

use super::snippet::Snippet;
use crate::error::Error;

/// The name of a project's configuration file.
pub(crate) const FILE_NAME: &str = "rolewrap.toml";

/// What a project file may not have, and what that would let it do.
const NEEDS_TRUST: [(&str, &str); 7] = [
    ("sources", "define a source"),
    ("terraform", "name a command"),
    ("mfa_command", "name a command"),
    ("mfa_vault", "say where MFA codes come from"),
    ("sts", "name an address or a certificate"),
    (CONTEXTS, "have a file of yours sent to AWS"),
    ("cache", "say how sessions are kept"),
];

/// What of [`NEEDS_TRUST`] an account can have as well.
const CONTEXTS: &str = "provided_contexts";

/// The project file for `directory`: the nearest one upwards. The search ends at the root of a Git repository,
/// so that a file which somebody left in a shared parent directory does not decide for a project below it.
pub(crate) fn find(directory: &Path) -> Option<PathBuf> {
    for directory in directory.ancestors() {
        let file = directory.join(FILE_NAME);
        // Also a link that leads nowhere, and one that may not be looked at: reading it says what is wrong.
        if !matches!(file.symlink_metadata(), Err(error) if error.kind() == ErrorKind::NotFound) {
            return Some(file);
        }
        if directory.join(".git").exists() {
            return None;
        }
    }
    None
}

/// A project file arrives with a `git clone`. It may choose among the accounts and roles; what could send keys
/// elsewhere or run a program is for the user's own file.
pub(super) fn refuse_what_needs_trust(document: &DeTable<'_>, snippet: Snippet<'_>) -> Result<(), Error> {
    let accounts = document
        .get("accounts")
        .and_then(|accounts| accounts.get_ref().as_table());
    let of_accounts = accounts.into_iter().flatten().flat_map(|(_, account)| {
        let keys = account.get_ref().as_table().into_iter().flatten();
        keys.filter(|(key, _)| key.get_ref() == CONTEXTS)
    });
    for (key, value) in document.iter().chain(of_accounts) {
        let Some((name, what)) = NEEDS_TRUST.iter().find(|(name, _)| *name == key.get_ref()) else {
            continue;
        };
        let span = match value.get_ref().as_table().and_then(|table| table.iter().next()) {
            Some((inner, _)) if *name != "terraform" => inner.span(),
            _ => key.span(),
        };
        return Err(Error::new(format!("the project file {} may not {what}", snippet.path.display()))
            .snippet(snippet.show(Some(span)))
            .cause("a project file arrives with a clone of the repository, so whoever can write there could use it to reach your keys")
            .hint(format!("move `{name}` into your own file; `rolewrap config path` shows where that is")));
    }
    Ok(())
}
