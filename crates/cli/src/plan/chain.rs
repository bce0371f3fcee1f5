use std::collections::BTreeSet;

use super::{Chosen, check_account};
use crate::configuration::Configuration;
use crate::error::Error;

/// The accounts that lead to `account`, which is the last of them, by `via`. None where no account was chosen.
pub(crate) fn chain(
    configuration: &Configuration,
    account: Option<&Chosen<String>>,
) -> Result<Vec<Chosen<String>>, Error> {
    let accounts = &configuration.settings.accounts;
    let mut backwards: Vec<Chosen<String>> = Vec::new();
    let mut seen = BTreeSet::new();
    let mut next = account.cloned();
    while let Some(account) = next {
        check_account(configuration, &account.value, &account.origin)?;
        if !seen.insert(account.value.clone()) {
            return Err(circle(configuration, &backwards, &account));
        }
        let via = accounts
            .get(&account.value)
            .and_then(|section| section.via.clone());
        next = via.map(|value| Chosen {
            value,
            origin: configuration.origin(&format!("accounts.{}.via", account.value)),
        });
        backwards.push(account);
    }
    backwards.reverse();
    Ok(backwards)
}

/// A `via` that leads back, written out, with every line that is part of it.
fn circle(configuration: &Configuration, backwards: &[Chosen<String>], again: &Chosen<String>) -> Error {
    let start = backwards
        .iter()
        .position(|account| account.value == again.value)
        .unwrap_or_default();
    let around: Vec<&str> = backwards[start..]
        .iter()
        .chain(std::iter::once(again))
        .map(|account| account.value.as_str())
        .collect();
    let error = Error::new(format!(
        "the account `{}` can never be reached, because its `via` leads back to it",
        again.value
    ))
    .cause(around.join(" via "));
    let error = around[..around.len() - 1].iter().fold(error, |error, name| {
        error.from(configuration.origin(&format!("accounts.{name}.via")))
    });
    error.hint("remove `via` from the account whose role the base credentials may assume")
}
