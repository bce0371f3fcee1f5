use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use toml::de::DeTable;

use super::repository_root::{GIT, Root};
use super::snippet::Snippet;
use super::table::{ACCOUNT, FILE, Shape};
use super::trust::Trust;
use super::trust::TrustNeed;
use crate::error::Error;

/// The name of a project's configuration file.
pub(crate) const FILE_NAME: &str = "rolewrap.toml";

/// The project file for `directory`: the nearest one upwards. The search ends at the root of a Git repository,
/// so that a file which somebody left in a shared parent directory does not decide for a project below it. Where a file is
/// found above what may be such a root, it is an error.
pub(crate) fn find(directory: &Path) -> Result<Option<PathBuf>, Error> {
    let mut perhaps_root: Option<PathBuf> = None;
    for directory in directory.ancestors() {
        let file = directory.join(FILE_NAME);
        // Also a link that leads nowhere, and one that may not be looked at: reading it says what is wrong.
        if is_there(&file) {
            return match perhaps_root {
                Some(link) => Err(unclear_root(&file, &link)),
                None => Ok(Some(file)),
            };
        }
        match Root::of(directory) {
            Root::Certain => return Ok(None),
            Root::Unclear => {
                perhaps_root.get_or_insert(directory.join(GIT));
            }
            Root::None => {}
        }
    }
    Ok(None)
}

/// Whether there is something of that name, even if nobody can say what.
fn is_there(path: &Path) -> bool {
    !matches!(path.symlink_metadata(), Err(error) if error.kind() == ErrorKind::NotFound)
}

fn unclear_root(file: &Path, link: &Path) -> Error {
    Error::new(format!("cannot tell whether {} counts here", file.display()))
        .cause(format!(
            "{} leads to no repository: where one begins there, a file above it does not count",
            link.display()
        ))
        .hint("mend it, or remove it where no repository begins there")
}

/// The root of the repository that `folder` is in, or the folder itself.
pub(super) fn repository(folder: &Path) -> PathBuf {
    let root = folder.ancestors().find(|folder| Root::of(folder) != Root::None);
    root.unwrap_or(folder).to_owned()
}

/// What of a project file lets it reach keys or run a program whatever the files below it say.
pub(super) fn needs_trust(document: &DeTable<'_>, snippet: Snippet<'_>) -> Vec<TrustNeed> {
    let mut needs = Vec::new();
    add_needs(document, &FILE, &[], snippet, &mut needs);
    let accounts = document.get("accounts");
    let accounts = accounts.and_then(|accounts| accounts.get_ref().as_table());
    for (name, account) in accounts.into_iter().flatten() {
        if let Some(account) = account.get_ref().as_table() {
            let path: [&str; 2] = ["accounts", name.get_ref()];
            add_needs(account, &ACCOUNT, &path, snippet, &mut needs);
        }
    }
    needs
}

fn add_needs(
    table: &DeTable<'_>,
    shape: &Shape,
    path: &[&str],
    snippet: Snippet<'_>,
    needs: &mut Vec<TrustNeed>,
) {
    for (key, value) in table {
        let name: &str = key.get_ref();
        let known = shape.keys().iter().find(|known| known.name == name);
        let Some(Trust::Trusted(what)) = known.map(|known| known.trust) else {
            continue;
        };
        // The first line that says something shows more than that of the table's name.
        let span = match value.get_ref().as_table().and_then(|table| table.iter().next()) {
            Some((inner, _)) => inner.span(),
            None => key.span(),
        };
        let refusal = Error::new(format!("the project file {} may not {what}", snippet.path.display()))
            .snippet(snippet.show(Some(span)))
            .cause("a project file arrives with a clone of the repository, so whoever can write there could use it to reach your keys")
            .hint(format!(
                "move `{name}` into your own file; `rolewrap config path` shows where that is"
            ));
        needs.push(TrustNeed::new(&[path, &[name]].concat(), refusal));
    }
}
