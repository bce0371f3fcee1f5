use rolewrap_core::Environment;
use rolewrap_role::{Region, RoleArn};

use super::choices::{Choices, parse};
use super::{Chosen, Selection};
use crate::configuration::{Configuration, Layer, Origin};
use crate::error::Error;
use crate::host::MarkedRegion;

/// The region that was chosen. One that a run around this one set counts for the account that it was set for, and there as
/// variables do.
pub(super) fn region(
    choices: &Choices<'_>,
    configuration: &Configuration,
    selection: &Selection,
    environment: &dyn Environment,
) -> Result<Option<Chosen<Region>>, Error> {
    let chosen = choices.parsed("region", |settings| &settings.region, |account| &account.region)?;
    if chosen
        .as_ref()
        .is_some_and(|chosen| chosen.origin.layer >= Layer::Variable)
    {
        return Ok(chosen);
    }
    let account = account_id(configuration, selection);
    let marked = MarkedRegion::of(environment).zip(account);
    let marked = marked.and_then(|(marked, account)| marked.of_account(&account, environment));
    match marked {
        Some((name, value)) => parse(Chosen {
            value,
            origin: Origin {
                layer: Layer::Variable,
                place: name.to_owned(),
            },
        })
        .map(Some),
        None => Ok(chosen),
    }
}

/// The id of the account that was selected, as far as that is known without a region.
fn account_id(configuration: &Configuration, selection: &Selection) -> Option<String> {
    let of_role = |role: &String| {
        let role: RoleArn = role.parse().ok()?;
        Some(role.account().to_string())
    };
    let named = selection.role.as_ref().and_then(|role| of_role(&role.value));
    let section = || {
        let account = selection.account.as_ref()?;
        configuration.settings.accounts.get(&account.value)
    };
    let of_section = || {
        let id = section()?.id.as_ref().map(ToString::to_string);
        id.or_else(|| of_role(section()?.role.as_ref()?))
    };
    named.or_else(of_section)
}
