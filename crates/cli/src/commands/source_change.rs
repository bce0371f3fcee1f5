//! `rolewrap source add` and `rolewrap source remove`.

use std::path::Path;

use rolewrap_core::{BaseCredentialStore, BaseCredentials, Secret, SourceError};

use super::access_key_file;
use crate::configuration::Configuration;
use crate::error::Error;
use crate::lease::release;
use crate::plan::Chosen;
use crate::run::Run;
use crate::{explain, terminal};

/// Which source is changed, by which run, and what is needed to say what went wrong.
pub(super) struct Stored<'a> {
    pub(super) source: Chosen<Vec<String>>,
    pub(super) configuration: &'a Configuration,
    pub(super) run: &'a Run<'a>,
}

impl Stored<'_> {
    fn explain(&self, error: &SourceError) -> Error {
        explain::source(error, &self.source, self.configuration)
    }

    /// Asks, unless `yes` was given. Without anybody to ask, that is needed.
    async fn confirmed(&self, question: &str, yes: bool, does: &str) -> Result<(), Error> {
        let unchanged = || Error::new("nothing was changed");
        if yes {
            return Ok(());
        }
        if !self.run.is_interactive {
            return Err(unchanged()
                .cause(question)
                .hint(format!("--yes {does} without a question")));
        }
        if terminal::confirm(&*self.run.prompt, question).await? {
            Ok(())
        } else {
            Err(unchanged().cause("the answer was no"))
        }
    }
}

/// Puts a key into the store behind a source. It comes from `csv`, from the terminal, or from standard input.
pub(super) async fn add(
    store: &dyn BaseCredentialStore,
    stored: &Stored<'_>,
    csv: Option<&Path>,
    yes: bool,
) -> Result<String, Error> {
    let name = store.name();
    if let Some(present) = present_key(store, stored).await? {
        let question = format!("source {name} holds the key {present}. Replace it?");
        stored.confirmed(&question, yes, "replaces it").await?;
    }
    let prompt = &*stored.run.prompt;
    let (id, secret) = match csv {
        Some(path) => access_key_file::read(path)?,
        None if stored.run.is_interactive => (
            terminal::ask(prompt, "Access key id: ").await?,
            terminal::ask_secret(prompt, "Secret access key: ").await?,
        ),
        None => terminal::two_lines()?,
    };
    let credentials = checked(name, &id, &secret)?;
    store
        .store(&credentials)
        .await
        .map_err(|error| stored.explain(&error))?;
    let mut text = format!(
        "Stored the key {} in source {name}.\n",
        credentials.access_key_id()
    );
    if let Some(path) = csv {
        text += &offer_to_delete(path, stored).await?;
    }
    Ok(text)
}

/// Removes the key from the store behind a source.
pub(super) async fn remove(
    store: &dyn BaseCredentialStore,
    stored: &Stored<'_>,
    yes: bool,
) -> Result<String, Error> {
    let name = store.name();
    let present = present_key(store, stored).await?;
    let key = present.unwrap_or_else(|| "that is there".to_owned());
    let question = format!("Remove the key {key} from source {name}?");
    stored.confirmed(&question, yes, "removes it").await?;
    store.remove().await.map_err(|error| stored.explain(&error))?;
    Ok(format!("Removed the key {key} from source {name}.\n"))
}

/// The id of the key in the store. An entry that cannot be read as a key is one that may be replaced and removed.
async fn present_key(store: &dyn BaseCredentialStore, stored: &Stored<'_>) -> Result<Option<String>, Error> {
    match store.load().await {
        Ok(present) => {
            release(store, &present, stored.run.messages).await;
            Ok(Some(present.access_key_id().to_owned()))
        }
        Err(SourceError::NotFound { .. }) => Ok(None),
        Err(SourceError::Malformed { .. }) => Ok(Some("that cannot be read".to_owned())),
        Err(error) => Err(stored.explain(&error)),
    }
}

fn checked(name: &str, id: &str, secret: &Secret) -> Result<BaseCredentials, Error> {
    BaseCredentials::new(name, id, secret).map_err(|error| {
        Error::new("this is no access key, so nothing was stored")
            .cause(error)
            .hint("give the access key id first, then the secret access key")
    })
}

/// The downloaded file holds the secret in plaintext, which is what a store is for avoiding.
async fn offer_to_delete(path: &Path, stored: &Stored<'_>) -> Result<String, Error> {
    // The file itself, and not a link to it.
    let path = &path.canonicalize().unwrap_or_else(|_| path.to_owned());
    let shown = path.display().to_string();
    let question = format!("Delete {shown}, which holds the secret?");
    if stored.run.is_interactive && terminal::confirm(&*stored.run.prompt, &question).await? {
        std::fs::remove_file(path).map_err(|error| {
            Error::new(format!("the key is stored, and {shown} could not be deleted")).cause(error)
        })?;
        return Ok(format!("Deleted {shown}.\n"));
    }
    Ok(format!("{shown} still holds the secret. Delete it.\n"))
}
