use std::collections::BTreeMap;

use rolewrap_role::SessionTag;

use super::choices::invalid;
use super::session_name::Template;
use super::{Chosen, Facts};
use crate::configuration::{Configuration, Layer, Origin, Scalar};
use crate::error::Error;

/// A tag's value, before it is filled in. Nothing of it is cut, since policies compare it: one that is too long is an
/// error.
const VALUE: Template = Template {
    what: "value of a session tag",
    longest: usize::MAX,
    allows: SessionTag::allows,
};

/// A tag as it was given.
struct Given {
    key: String,
    value: String,
    origin: Origin,
    /// Of two with the same key, the one with the higher rank counts.
    rank: (Place, Layer),
}

#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Place {
    TopOfFiles,
    Account,
    VariableOrOption,
}

/// The tags of the target: those at the top of the files, of its account, of the variable and of the options. A later
/// one replaces an earlier one with the same key.
pub(super) fn of_target(
    configuration: &Configuration,
    account: Option<&str>,
    facts: &Facts<'_>,
) -> Result<Vec<Chosen<SessionTag>>, Error> {
    let top = given(
        configuration,
        "tags",
        configuration.settings.tags.as_ref(),
        |layer| {
            if layer >= Layer::Variable {
                Place::VariableOrOption
            } else {
                Place::TopOfFiles
            }
        },
    );
    let own = account.map(|account| of_section(configuration, account));
    fill(top.chain(own.into_iter().flatten().flatten()), facts)
}

/// The tags of an account on the way to the target, where it has any of its own, or has them none.
pub(super) fn of_account(
    configuration: &Configuration,
    account: &str,
    facts: &Facts<'_>,
) -> Result<Option<Vec<Chosen<SessionTag>>>, Error> {
    of_section(configuration, account)
        .map(|tags| fill(tags, facts))
        .transpose()
}

fn of_section<'a>(
    configuration: &'a Configuration,
    account: &str,
) -> Option<impl Iterator<Item = Given> + use<'a>> {
    let tags = configuration.settings.accounts.get(account)?.tags.as_ref()?;
    let key = format!("accounts.{account}.tags");
    Some(given(configuration, &key, Some(tags), |_| Place::Account))
}

fn given<'a>(
    configuration: &Configuration,
    key: &str,
    tags: Option<&'a BTreeMap<String, Scalar>>,
    place: fn(Layer) -> Place,
) -> impl Iterator<Item = Given> + use<'a> {
    let mut origins: BTreeMap<String, Origin> = configuration.entries(key).into_iter().collect();
    tags.into_iter().flatten().map(move |(key, value)| {
        let origin = origins.remove(key).unwrap_or_else(Origin::built_in);
        Given {
            key: key.clone(),
            value: value.to_string(),
            rank: (place(origin.layer), origin.layer),
            origin,
        }
    })
}

/// One tag for each key, sorted by it, with its value filled in. AWS compares keys without regard to case.
fn fill(given: impl Iterator<Item = Given>, facts: &Facts<'_>) -> Result<Vec<Chosen<SessionTag>>, Error> {
    let mut tags: BTreeMap<String, Given> = BTreeMap::new();
    for tag in given {
        let key = tag.key.to_lowercase();
        match tags.get(&key) {
            Some(other) if other.rank == tag.rank => return Err(twice(other, &tag)),
            Some(other) if other.rank > tag.rank => {}
            _ => drop(tags.insert(key, tag)),
        }
    }
    let tag = |tag: Given| {
        let value = VALUE.fill(&tag.value, &tag.origin, facts)?;
        let value = SessionTag::new(&tag.key, &value).map_err(|error| invalid(&error, &tag.origin))?;
        Ok(Chosen {
            value,
            origin: tag.origin,
        })
    };
    tags.into_values().map(tag).collect()
}

fn twice(one: &Given, other: &Given) -> Error {
    Error::new(format!(
        "the tags `{}` and `{}` are one to AWS",
        one.key, other.key
    ))
    .cause("it compares their keys without regard to case")
    .from(&one.origin)
    .from(&other.origin)
    .hint("remove one of the two")
}
