//! `rolewrap source add` and `rolewrap source remove`.

use std::path::Path;

use rolewrap_core::{BaseCredentialStore, BaseCredentials, Secret, SourceError};

use super::access_key_file;
use crate::configuration::Configuration;
use crate::error::Error;
use crate::lease::release;
use crate::messages::Messages;
use crate::plan::Chosen;
use crate::session::wait_for;
use crate::{explain, terminal};

/// Which source is changed, and what is needed to say what went wrong.
pub(super) struct Stored<'a> {
    pub(super) source: Chosen<Vec<String>>,
    pub(super) configuration: &'a Configuration,
    pub(super) messages: Messages,
}

impl Stored<'_> {
    fn explain(&self, error: &SourceError) -> Error {
        explain::source(error, &self.source, self.configuration)
    }
}

/// Puts a key into the store behind a source. It comes from `csv`, from the terminal, or from standard input.
pub(super) fn add(
    store: &dyn BaseCredentialStore,
    stored: &Stored<'_>,
    csv: Option<&Path>,
    yes: bool,
) -> Result<String, Error> {
    let name = store.name();
    if let Some(present) = present_key(store, stored)? {
        confirmed(
            &format!("source {name} holds the key {present}. Replace it?"),
            yes,
            "replaces it",
        )?;
    }
    let (id, secret) = match csv {
        Some(path) => access_key_file::read(path)?,
        None if terminal::is_interactive() => (
            terminal::ask("Access key id: ")?,
            terminal::ask_secret("Secret access key: ")?,
        ),
        None => terminal::two_lines()?,
    };
    let credentials = checked(name, &id, &secret)?;
    wait_for(async {
        store
            .store(&credentials)
            .await
            .map_err(|error| stored.explain(&error))
    })?;
    let mut text = format!(
        "Stored the key {} in source {name}.\n",
        credentials.access_key_id()
    );
    if let Some(path) = csv {
        text += &offer_to_delete(path)?;
    }
    Ok(text)
}

/// Removes the key from the store behind a source.
pub(super) fn remove(
    store: &dyn BaseCredentialStore,
    stored: &Stored<'_>,
    yes: bool,
) -> Result<String, Error> {
    let name = store.name();
    let key = present_key(store, stored)?.unwrap_or_else(|| "that is there".to_owned());
    confirmed(
        &format!("Remove the key {key} from source {name}?"),
        yes,
        "removes it",
    )?;
    wait_for(async { store.remove().await.map_err(|error| stored.explain(&error)) })?;
    Ok(format!("Removed the key {key} from source {name}.\n"))
}

/// The id of the key in the store. An entry that cannot be read as a key is one that may be replaced and removed.
fn present_key(store: &dyn BaseCredentialStore, stored: &Stored<'_>) -> Result<Option<String>, Error> {
    wait_for(async {
        match store.load().await {
            Ok(present) => {
                release(store, &present, stored.messages).await;
                Ok(Some(present.access_key_id().to_owned()))
            }
            Err(SourceError::NotFound { .. }) => Ok(None),
            Err(SourceError::Malformed { .. }) => Ok(Some("that cannot be read".to_owned())),
            Err(error) => Err(stored.explain(&error)),
        }
    })
}

fn checked(name: &str, id: &str, secret: &Secret) -> Result<BaseCredentials, Error> {
    BaseCredentials::new(name, id, secret).map_err(|error| {
        Error::new("this is no access key, so nothing was stored")
            .cause(error)
            .hint("give the access key id first, then the secret access key")
    })
}

/// Asks, unless `yes` was given. Without anybody to ask, that is needed.
fn confirmed(question: &str, yes: bool, does: &str) -> Result<(), Error> {
    let unchanged = || Error::new("nothing was changed");
    if yes {
        return Ok(());
    }
    if !terminal::is_interactive() {
        return Err(unchanged()
            .cause(question)
            .hint(format!("--yes {does} without a question")));
    }
    if terminal::confirm(question)? {
        Ok(())
    } else {
        Err(unchanged().cause("the answer was no"))
    }
}

/// The downloaded file holds the secret in plaintext, which is what a store is for avoiding.
fn offer_to_delete(path: &Path) -> Result<String, Error> {
    // The file itself, and not a link to it.
    let path = &path.canonicalize().unwrap_or_else(|_| path.to_owned());
    let shown = path.display().to_string();
    if terminal::is_interactive() && terminal::confirm(&format!("Delete {shown}, which holds the secret?"))? {
        std::fs::remove_file(path).map_err(|error| {
            Error::new(format!("the key is stored, and {shown} could not be deleted")).cause(error)
        })?;
        return Ok(format!("Deleted {shown}.\n"));
    }
    Ok(format!("{shown} still holds the secret. Delete it.\n"))
}
