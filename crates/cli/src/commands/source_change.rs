//! `rolewrap source add` and `rolewrap source remove`.

use std::path::Path;

use rolewrap_core::{BaseCredentialStore, BaseCredentials, Held, Secret, SourceError};

use super::access_key_file;
use crate::configuration::Configuration;
use crate::error::Error;
use crate::plan::Chosen;
use crate::run::Run;
use crate::session::explain;
use crate::ui::terminal;

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
        if !self.run.is_interactive() {
            return Err(unchanged()
                .cause(question)
                .hint(format!("--yes {does} without a question")));
        }
        if terminal::confirm(&*self.run.world.prompt, question).await? {
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
    // Before anybody is asked for anything else.
    let key = csv.map(access_key_file::read).transpose()?;
    let held = store.held().await.map_err(|error| stored.explain(&error))?;
    let added = add_instead_of(&held, store, stored, csv.zip(key), yes).await;
    if added.is_err() {
        store.leave().await;
    }
    added
}

async fn add_instead_of(
    held: &Held,
    store: &dyn BaseCredentialStore,
    stored: &Stored<'_>,
    csv: Option<(&Path, (String, Secret))>,
    yes: bool,
) -> Result<String, Error> {
    let name = store.name();
    let (csv, key) = csv.unzip();
    if let Some(present) = described(held, name) {
        stored
            .confirmed(&format!("{present}. Replace it?"), yes, "replaces it")
            .await?;
    }
    let prompt = &*stored.run.world.prompt;
    let (id, secret) = match key {
        Some(key) => key,
        None if stored.run.is_interactive() => (
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
    let held = store.held().await.map_err(|error| stored.explain(&error))?;
    let key = match &held {
        Held::Key(id) => id,
        _ => "that is there",
    };
    let question = match (&held, described(&held, name)) {
        (Held::Unknown { .. }, Some(present)) => format!("{present}. Remove it?"),
        _ => format!("Remove the key {key} from source {name}?"),
    };
    if let Err(error) = stored.confirmed(&question, yes, "removes it").await {
        store.leave().await;
        return Err(error);
    }
    store.remove().await.map_err(|error| stored.explain(&error))?;
    Ok(format!("Removed the key {key} from source {name}.\n"))
}

/// What would be lost; nothing where there is nothing. What cannot be read as a key may be replaced and removed too.
fn described(held: &Held, name: &str) -> Option<String> {
    Some(match held {
        Held::Nothing => return None,
        Held::Key(id) => format!("source {name} holds the key {id}"),
        Held::Unreadable => format!("source {name} holds what cannot be read as a key"),
        Held::Unknown { reason } => format!("source {name} may hold a key, and does not say: {reason}"),
        _ => format!("source {name} may hold a key"),
    })
}

fn checked(name: &str, id: &str, secret: &Secret) -> Result<BaseCredentials, Error> {
    BaseCredentials::new(name, id, secret).map_err(|error| {
        Error::new("this is not an access key, so nothing was stored")
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
    let by_hand =
        format!("the key is stored; delete {shown} yourself, since it holds the secret in plaintext");
    let prompt = &*stored.run.world.prompt;
    let is_wanted = stored.run.is_interactive()
        && terminal::confirm(prompt, &question)
            .await
            .map_err(|error| error.hint_instead(&by_hand))?;
    if !is_wanted {
        return Ok(format!("{shown} still holds the secret. Delete it.\n"));
    }
    std::fs::remove_file(path).map_err(|error| {
        Error::new(format!("the key is stored, and {shown} could not be deleted"))
            .cause(error)
            .hint(by_hand)
    })?;
    Ok(format!("Deleted {shown}.\n"))
}
