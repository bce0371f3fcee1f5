use std::collections::BTreeMap;
use std::io::{self, Read};
use std::ops::Range;
use std::path::{Path, PathBuf};

use figment::value::{Dict, Value};
use rolewrap_core::RegularFile;
use toml::de::{DeTable, DeValue};

use super::inline_policy;
use super::origin::Layer;
use super::secret_key;
use super::settings::Settings;
use super::shape::{self, Shape, Tagged};
use super::snippet::{Snippet, line_of};
use crate::error::Error;
use crate::text::{list, nearest};

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
        let mut keys = Keys {
            lines: BTreeMap::new(),
            problems: Vec::new(),
            text,
        };
        keys.check(document.get_ref(), &shape::FILE, "");
        if let Some(error) = keys.error(snippet) {
            return Err(error);
        }
        if layer == Layer::Project {
            super::project::refuse_what_needs_trust(document.get_ref(), snippet)?;
        }
        toml::from_str::<Settings>(text).map_err(|error| wrong_type(&error, snippet))?;
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

/// Walks a document along its shape, remembers the line of each key, and collects the keys that do not belong.
struct Keys<'a> {
    lines: BTreeMap<String, usize>,
    problems: Vec<(Range<usize>, String, String)>,
    text: &'a str,
}

impl Keys<'_> {
    fn check(&mut self, table: &DeTable<'_>, shape: &Shape, prefix: &str) {
        for (key, value) in table {
            let name: &str = key.get_ref();
            let path = if prefix.is_empty() {
                name.to_owned()
            } else {
                format!("{prefix}.{name}")
            };
            self.lines
                .insert(path.clone(), line_of(self.text, key.span().start));
            match shape {
                Shape::Table(known) => match known.iter().find(|(known, _)| *known == name) {
                    Some((_, Shape::Words)) if value.get_ref().is_str() => self.problems.push((
                        key.span(),
                        format!("`{path}` is no list"),
                        format!("there is no shell, so write the program and each argument by itself: {name} = [\"program\", \"argument\"]"),
                    )),
                    Some((_, shape)) => self.check_value(value.get_ref(), shape, &path),
                    None => self.unknown_key(key.span(), &path, name, known),
                },
                Shape::Named(shape) if is_name(name) => self.check_value(value.get_ref(), shape, &path),
                Shape::Named(_) => self.problems.push((
                    key.span(),
                    format!("`{name}` is no name"),
                    "use letters, digits, _ and - for names".to_owned(),
                )),
                Shape::Value | Shape::Words | Shape::Free | Shape::List(_) | Shape::Tagged(_) => {}
            }
        }
    }

    fn check_value(&mut self, value: &DeValue<'_>, shape: &Shape, path: &str) {
        match (shape, value) {
            (Shape::Table(_) | Shape::Named(_) | Shape::Free, DeValue::Table(table)) => {
                self.check(table, shape, path);
            }
            (Shape::List(shape), DeValue::Array(items)) => {
                for item in items.iter().filter_map(|item| item.get_ref().as_table()) {
                    self.check(item, shape, path);
                }
            }
            (Shape::Tagged(tagged), DeValue::Table(table)) => self.check_tagged(table, tagged, path),
            // What is left is a value of the wrong type, which deserialising reports.
            _ => {}
        }
    }

    fn check_tagged(&mut self, table: &DeTable<'_>, tagged: &Tagged, path: &str) {
        let Some(kind) = table.get(tagged.key) else { return };
        let Some(name) = kind.get_ref().as_str() else {
            return;
        };
        match tagged.kinds.iter().find(|(known, _)| *known == name) {
            Some((_, shape)) => self.check(table, shape, path),
            None => self.problems.push((
                kind.span(),
                format!("unknown {} `{name}`", tagged.what),
                suggestion(name, tagged.kinds.iter().map(|(known, _)| *known), tagged.all),
            )),
        }
    }

    fn unknown_key(&mut self, span: Range<usize>, path: &str, name: &str, known: &[(&'static str, Shape)]) {
        let hint = if matches!(path, "iam_role" | "role_arn" | "role") {
            "a file names roles by account: [accounts.NAME] with id and role".to_owned()
        } else {
            let known: Vec<&str> = known.iter().map(|(known, _)| *known).collect();
            secret_key::hint(path, name, &known)
                .unwrap_or_else(|| suggestion(name, known.iter().copied(), "the keys here are"))
        };
        self.problems.push((span, format!("unknown key `{path}`"), hint));
    }

    fn error(&self, snippet: Snippet<'_>) -> Option<Error> {
        let (_, first, _) = self.problems.first()?;
        let what = match self.problems.len() {
            1 => format!("{first} in {}", snippet.path.display()),
            count => format!("{first} and {} more in {}", count - 1, snippet.path.display()),
        };
        Some(
            self.problems
                .iter()
                .fold(Error::new(what), |error, (span, _, hint)| {
                    error.snippet(snippet.show(Some(span.clone()))).hint(hint)
                }),
        )
    }
}

fn suggestion<'a>(word: &str, known: impl Iterator<Item = &'a str> + Clone, otherwise: &str) -> String {
    match nearest(word, known.clone()) {
        Some(nearest) => format!("did you mean `{nearest}`?"),
        None => format!("{otherwise} {}", list(known)),
    }
}

/// Names become parts of dotted keys and of messages, so they are kept plain.
fn is_name(name: &str) -> bool {
    !name.is_empty()
        && name
            .chars()
            .all(|character| character.is_ascii_alphanumeric() || matches!(character, '_' | '-'))
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
