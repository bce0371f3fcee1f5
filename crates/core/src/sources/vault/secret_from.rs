use std::io;
use std::path::{Path, PathBuf};

use super::error::VaultError;
use crate::{Environment, Prompt, PromptError, Question, RegularFile, Secret};

/// The most bytes that such a file has. The longest secrets are web tokens of some kilobytes.
const LONGEST: u64 = 1024 * 1024;

/// Where a secret for a login is. It is read, or asked for, anew for each login.
#[derive(Debug, Clone)]
pub enum SecretFrom {
    /// The whole content of a file.
    File(PathBuf),
    /// An environment variable.
    Variable(String),
    /// A person, who is asked by the source's [`Prompt`].
    Person,
}

impl SecretFrom {
    /// The secret, without the white space around it. `key` is the configuration key's beginning, such as `jwt`.
    /// A person is asked `question`.
    pub(super) async fn read(
        &self,
        key: &str,
        question: &str,
        environment: &dyn Environment,
        prompt: &dyn Prompt,
    ) -> Result<Secret, VaultError> {
        match self {
            Self::Person => typed(key, prompt.ask(&Question::secret(question)).await),
            Self::File(path) => {
                let key = format!("{key}_file");
                let invalid = |reason| VaultError::invalid(&key, reason);
                read_file(path)
                    .map_err(|error| invalid(format!("{} cannot be read: {error}", path.display())))?
                    .ok_or_else(|| invalid(format!("{} does not exist", path.display())))
                    .and_then(|secret| checked(secret, &path.display().to_string()).map_err(invalid))
            }
            Self::Variable(name) => {
                let invalid = |reason| VaultError::invalid(&format!("{key}_variable"), reason);
                read_variable(name, environment)
                    .and_then(|value| value.ok_or_else(|| format!("{name} is not set")))
                    .and_then(|secret| checked(secret, name))
                    .map_err(invalid)
            }
        }
    }
}

/// What a person typed, white space included: a password may have some.
fn typed(key: &str, answer: Result<Secret, PromptError>) -> Result<Secret, VaultError> {
    match answer {
        Ok(secret) => checked(secret, &format!("the {key} that was typed"))
            .map_err(|reason| VaultError::invalid(key, reason)),
        Err(error @ PromptError::NotInteractive { .. }) => Err(VaultError::invalid(
            key,
            format!("neither {key}_file nor {key}_variable says where it is, and {error}"),
        )),
        Err(cause) => Err(VaultError::NotAnswered {
            asked_for: key.to_owned(),
            cause,
        }),
    }
}

/// The content of the file at `path` without the white space around it; `None` where there is no such file.
pub(super) fn read_file(path: &Path) -> io::Result<Option<Secret>> {
    match RegularFile::open(path).and_then(|file| file.read_text(LONGEST)) {
        Ok(text) => Ok(Some(Secret::new(text.expose().trim()))),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error),
    }
}

/// The value of the variable without the white space around it; `None` where it is unset or empty.
pub(super) fn read_variable(name: &str, environment: &dyn Environment) -> Result<Option<Secret>, String> {
    let Some(raw) = environment.get(name) else {
        return Ok(None);
    };
    let value = raw
        .into_string()
        .map(Secret::new)
        .map_err(|_| format!("{name} is not UTF-8 text"))?;
    let value = Secret::new(value.expose().trim());
    Ok(Some(value).filter(|value| !value.expose().is_empty()))
}

/// Refuses what cannot be sent in a header, and what is no secret that Vault or a directory would know.
pub(super) fn checked(secret: Secret, place: &str) -> Result<Secret, String> {
    if secret.expose().is_empty() {
        return Err(format!("{place} is empty"));
    }
    if secret.expose().contains(char::is_control) {
        return Err(format!(
            "{place} has a line end or another control character in it"
        ));
    }
    Ok(secret)
}

/// As [`checked`], for a client token: Vault's consist of visible ASCII characters.
pub(super) fn checked_for_header(secret: Secret, place: &str) -> Result<Secret, String> {
    let secret = checked(secret, place)?;
    if secret.expose().bytes().all(|byte| byte.is_ascii_graphic()) {
        Ok(secret)
    } else {
        Err(format!("{place} has characters in it that no token of Vault has"))
    }
}
