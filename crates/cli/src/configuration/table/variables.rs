use std::borrow::Cow;

use super::{FILE, Key};

/// Each key that variables set, by its dotted path, with its variables.
pub(crate) fn variables() -> impl Iterator<Item = (Cow<'static, str>, &'static [&'static str])> {
    FILE.keys().iter().flat_map(|key| {
        let own = (Cow::Borrowed(key.name), key.variables);
        let inner = key.shape.keys().iter();
        let inner = inner.map(|inner| {
            (
                Cow::Owned(format!("{}.{}", key.name, inner.name)),
                inner.variables,
            )
        });
        std::iter::once(own)
            .chain(inner)
            .filter(|(_, variables)| !variables.is_empty())
    })
}

/// The variables that set the key at the dotted `path`.
pub(crate) fn variables_of(path: &str) -> &'static [&'static str] {
    let find = |keys: &'static [Key], name: &str| keys.iter().find(|key| key.name == name);
    let key = match path.split_once('.') {
        None => find(FILE.keys(), path),
        Some((table, name)) => find(FILE.keys(), table).and_then(|table| find(table.shape.keys(), name)),
    };
    key.map_or(&[], |key| key.variables)
}
