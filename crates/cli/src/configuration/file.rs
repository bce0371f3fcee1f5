use std::collections::BTreeMap;
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use figment::value::{Dict, Value};
use rolewrap_core::RegularFile;
use toml::de::DeTable;

use super::inline_policy;
use super::keys::Keys;
use super::origin::Layer;
use super::settings::Settings;
use super::snippet::Snippet;
use super::terraform_program;
use super::trust::TrustNeed;
use crate::error::Error;

/// The longest configuration file, in bytes. One with a thousand accounts has a tenth of this.
const LONGEST: u64 = 1024 * 1024;

/// One configuration file, read and checked by itself, so that every error can show its line.
#[derive(Debug)]
pub(crate) struct File {
    pub(crate) layer: Layer,
    pub(crate) path: PathBuf,
    pub(crate) values: Dict,
    /// The line of each key, by dotted path.
    pub(crate) lines: BTreeMap<String, usize>,
    /// What of a project file needs trust whatever the files below it say.
    pub(super) needs_trust: Vec<TrustNeed>,
}

impl File {
    /// Reads the file at `path`; `None` when there is none.
    pub(crate) fn read(layer: Layer, path: &Path) -> Result<Option<Self>, Error> {
        // A link that leads nowhere is not the same as no file: something was meant to be there.
        if let Err(error) = std::fs::symlink_metadata(path)
            && error.kind() == io::ErrorKind::NotFound
        {
            return Ok(None);
        }
        let text = read_text(path).map_err(|error| unreadable(layer, path, &error))?;
        Self::parse(layer, path, &text).map(Some)
    }

    /// Reads the project file at `path`. It has to be a regular file, and neither it nor a link to it may be another
    /// user's: a stranger could have it block, or never end.
    pub(super) fn read_project(path: &Path) -> Result<Self, Error> {
        let unreadable = |error: &io::Error| unreadable(Layer::Project, path, error);
        let file = RegularFile::open(path).map_err(|error| unreadable(&error))?;
        super::project_owner::refuse_foreign_owner(path, &file)?;
        let text = file.read_text(LONGEST).map_err(|error| unreadable(&error))?;
        Self::parse(Layer::Project, path, text.expose())
    }

    /// Checks `text` as the content of the file at `path`.
    pub(crate) fn parse(layer: Layer, path: &Path, text: &str) -> Result<Self, Error> {
        let snippet = Snippet { path, text };
        let broken = |error: &toml::de::Error| {
            // A repository can have a link in this place, to any file of its user's.
            let place = match layer {
                Layer::Project => snippet.show_known(error.span()),
                _ => snippet.show(error.span()),
            };
            Error::new(format!("{} is not valid TOML", path.display()))
                .snippet(place)
                .cause(without_quoted(error.message()))
                .hint("text stands in quotes, and so do numbers that begin with a zero")
        };
        let document = DeTable::parse(text).map_err(|error| broken(&error))?;
        let keys = Keys::of(document.get_ref(), text);
        if let Some(error) = keys.error(snippet) {
            return Err(error);
        }
        let needs_trust = match layer {
            Layer::Project => super::project::needs_trust(document.get_ref(), snippet),
            _ => Vec::new(),
        };
        toml::from_str::<Settings>(text).map_err(|error| wrong_type(&error, snippet))?;
        terraform_program::refuse_relative(document.get_ref(), snippet)?;
        let mut table: toml::Table = toml::from_str(text).map_err(|error| broken(&error))?;
        inline_policy::to_text(&mut table);
        let values = Value::serialize(table)
            .ok()
            .and_then(Value::into_dict)
            .unwrap_or_default();
        Ok(Self {
            layer,
            path: path.to_owned(),
            values,
            lines: keys.lines,
            needs_trust,
        })
    }
}

/// The text of a file that may be a pipe, as a shell makes one for `--config <(…)`.
fn read_text(path: &Path) -> io::Result<String> {
    let mut text = String::new();
    std::fs::File::open(path)?
        .take(LONGEST + 1)
        .read_to_string(&mut text)?;
    if text.len() as u64 > LONGEST {
        return Err(io::Error::other("it is longer than 1 MiB"));
    }
    Ok(text)
}

fn unreadable(layer: Layer, path: &Path, error: &io::Error) -> Error {
    Error::new(format!("cannot read the {} {}", layer.name(), path.display()))
        .cause(error)
        .hint(match error.kind() {
            io::ErrorKind::PermissionDenied => {
                "let the user that runs rolewrap read it: chmod u+r, or chown where it is somebody else's. The folders above it need x"
            }
            _ => "correct it, or remove it",
        })
}

fn wrong_type(error: &toml::de::Error, snippet: Snippet<'_>) -> Error {
    let wrong = Error::new(format!(
        "a value in {} has the wrong type",
        snippet.path.display()
    ));
    let value = error
        .span()
        .and_then(|span| snippet.text.get(span))
        .unwrap_or_default();
    if !value.is_empty() && value.bytes().all(|byte| byte.is_ascii_digit()) {
        return wrong
            .snippet(snippet.show_value(error.span()))
            .cause(error.message())
            .hint(format!("write it in quotes: \"{value}\""));
    }
    wrong
        .snippet(snippet.show(error.span()))
        .cause(without_quoted(error.message()))
        .hint("`rolewrap config schema` says which type each key has")
}

/// What a parser says, without the text that it quotes from the file.
fn without_quoted(message: &str) -> String {
    match (message.find('"'), message.rfind('"')) {
        (Some(first), Some(last)) if first < last => {
            format!("{}…{}", &message[..first], &message[last + 1..])
        }
        _ => message.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_that_may_not_be_read_is_told_from_one_that_is_broken() {
        let hint = |kind: io::ErrorKind| unreadable(Layer::User, "x.toml".as_ref(), &kind.into()).to_string();
        assert!(hint(io::ErrorKind::PermissionDenied).contains("chmod u+r"));
        assert!(hint(io::ErrorKind::IsADirectory).contains("hint: correct it"));
    }
}
