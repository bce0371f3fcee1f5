use std::collections::BTreeMap;
use std::ops::Range;

use toml::Spanned;
use toml::de::{DeString, DeTable, DeValue};

use super::line_starts::LineStarts;
use super::secret_key;

use super::snippet::Snippet;
use super::table::{FILE, Key, Shape, Tagged};
use crate::error::Error;
use crate::ui::text::{list, nearest};

/// How many of a file's problems are shown. A person corrects some and asks again.
const MOST_SHOWN: usize = 10;

/// The longest name of an account or a source. It is a part of the dotted path of each key below it.
const LONGEST_NAME: usize = 128;

/// Walks a document along its shape, remembers the line of each key, and collects the keys that do not belong.
pub(super) struct Keys {
    /// The line of each key, by dotted path.
    pub(super) lines: BTreeMap<String, usize>,
    /// The first ones, each with its place and what to do about it.
    problems: Vec<(Range<usize>, String, String)>,
    /// How many there are with the rest.
    count: usize,
    starts: LineStarts,
}

impl Keys {
    pub(super) fn of(document: &DeTable<'_>, text: &str) -> Self {
        let mut keys = Self {
            lines: BTreeMap::new(),
            problems: Vec::new(),
            count: 0,
            starts: LineStarts::of(text),
        };
        keys.check(document, &FILE, "");
        keys
    }

    fn check(&mut self, table: &DeTable<'_>, shape: &Shape, prefix: &str) {
        for (key, value) in table {
            let name: &str = key.get_ref();
            let path = self.note(key, prefix);
            match shape {
                Shape::Table(known) => self.check_key(key, value.get_ref(), known, None, &path),
                Shape::Named(shape) if is_name(name) => self.check_value(value.get_ref(), shape, &path),
                Shape::Named(_) => self.problem(key.span(), || no_name(name)),
                _ => {}
            }
        }
    }

    /// Remembers the line of `key`, and gives its dotted path.
    fn note(&mut self, key: &Spanned<DeString<'_>>, prefix: &str) -> String {
        let name: &str = key.get_ref();
        let path = if prefix.is_empty() {
            name.to_owned()
        } else {
            format!("{prefix}.{name}")
        };
        let line = self.starts.line_of(key.span().start);
        self.lines.insert(path.clone(), line);
        path
    }

    /// Checks a key of a table that may have the keys `known`, and `tag`, which names the table's kind.
    fn check_key(
        &mut self,
        key: &Spanned<DeString<'_>>,
        value: &DeValue<'_>,
        known: &[Key],
        tag: Option<&str>,
        path: &str,
    ) {
        let name: &str = key.get_ref();
        match for_files(known).find(|known| known.name == name).map(|known| &known.shape) {
            Some(Shape::Words) if value.is_str() => self.problem(key.span(), || (
                format!("`{path}` is not a list"),
                format!("there is no shell, so write the program and each argument by itself: {name} = [\"program\", \"argument\"]"),
            )),
            Some(shape) => self.check_value(value, shape, path),
            None if tag == Some(name) => {}
            None => self.problem(key.span(), || unknown_key(path, name, known, tag)),
        }
    }

    fn check_value(&mut self, value: &DeValue<'_>, shape: &Shape, path: &str) {
        match (shape, value) {
            (Shape::Table(_) | Shape::Named(_) | Shape::Free, DeValue::Table(table)) => {
                self.check(table, shape, path);
            }
            (Shape::List(shape), DeValue::Array(items)) => {
                for (index, item) in items.iter().enumerate() {
                    let path = format!("{path}[{index}]");
                    self.lines
                        .insert(path.clone(), self.starts.line_of(item.span().start));
                    if let Some(item) = item.get_ref().as_table() {
                        self.check(item, shape, &path);
                    }
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
        let Some(known) = tagged.kinds.iter().find(|known| known.name == name) else {
            self.problem(kind.span(), || {
                let kinds = tagged.kinds.iter().map(|kind| kind.name);
                (
                    format!("unknown {} `{name}`", tagged.what),
                    suggestion(name, kinds, tagged.all),
                )
            });
            return;
        };
        for (key, value) in table {
            let path = self.note(key, path);
            self.check_key(key, value.get_ref(), known.shape.keys(), Some(tagged.key), &path);
        }
    }

    fn problem(&mut self, span: Range<usize>, what_and_hint: impl FnOnce() -> (String, String)) {
        self.count += 1;
        if self.problems.len() < MOST_SHOWN {
            let (what, hint) = what_and_hint();
            self.problems.push((span, what, hint));
        }
    }

    /// The problems, if there are any.
    pub(super) fn error(&self, snippet: Snippet<'_>) -> Option<Error> {
        let (_, first, _) = self.problems.first()?;
        let what = match self.count {
            1 => format!("{first} in {}", snippet.path.display()),
            count => format!("{first} and {} more in {}", count - 1, snippet.path.display()),
        };
        let shown = |error: Error, (span, _, hint): &(Range<usize>, String, String)| {
            error.snippet(snippet.show(Some(span.clone()))).hint(hint)
        };
        let error = self.problems.iter().fold(Error::new(what), shown);
        Some(match self.count - self.problems.len() {
            0 => error,
            more => error.hint(format!("correct the ones below first; {more} more are not shown")),
        })
    }
}

/// The keys that a file may say.
fn for_files(keys: &[Key]) -> impl Iterator<Item = &Key> {
    keys.iter().filter(|key| key.is_for_files())
}

fn unknown_key(path: &str, name: &str, known: &[Key], tag: Option<&str>) -> (String, String) {
    let hint = if matches!(path, "iam_role" | "role_arn" | "role") {
        "a file names roles by account: [accounts.NAME] with id and role".to_owned()
    } else {
        let known: Vec<&str> = tag
            .into_iter()
            .chain(for_files(known).map(|known| known.name))
            .collect();
        secret_key::hint(path, name, &known)
            .unwrap_or_else(|| suggestion(name, known.iter().copied(), "the keys here are"))
    };
    (format!("unknown key `{path}`"), hint)
}

fn no_name(name: &str) -> (String, String) {
    if name.len() > LONGEST_NAME {
        let what = format!("a name of {} characters", name.chars().count());
        return (what, format!("use at most {LONGEST_NAME}"));
    }
    let hint = "use letters, digits, _ and - for names";
    (format!("`{name}` is not a valid name"), hint.to_owned())
}

fn suggestion<'a>(word: &str, known: impl Iterator<Item = &'a str> + Clone, otherwise: &str) -> String {
    match nearest(word, known.clone()) {
        Some(nearest) => format!("did you mean `{nearest}`?"),
        None => format!("{otherwise} {}", list(known)),
    }
}

/// Names become parts of dotted keys and of messages, so they are kept plain.
fn is_name(name: &str) -> bool {
    (1..=LONGEST_NAME).contains(&name.len())
        && name
            .chars()
            .all(|character| character.is_ascii_alphanumeric() || matches!(character, '_' | '-'))
}
