use rolewrap_role::{Partition, Region, StsSettings};

use super::choices::Choices;
use super::region::region;
use super::{CacheSettings, Chosen, Selection, network};
use crate::configuration::{Configuration, Layer, SourceOrder};
use crate::error::Error;
use crate::host::system::System;

/// The part of a plan that needs no role: where the base credentials come from, and how STS is asked about them.
#[derive(Debug)]
pub(crate) struct BasePlan {
    /// The sources of the base credentials, in order.
    pub(crate) sources: Chosen<Vec<String>>,
    pub(crate) region: Option<Chosen<Region>>,
    pub(crate) sts: StsSettings,
    pub(crate) cache: CacheSettings,
}

impl BasePlan {
    /// Makes this part for what was selected, by way of the accounts of a chain, or of none. The base credentials sign for the first of them,
    /// and so are its own; the region is that of the last one, in which the command works.
    pub(crate) fn new(
        configuration: &Configuration,
        selection: &Selection,
        accounts: &[Chosen<String>],
        system: &System,
    ) -> Result<Self, Error> {
        let last = Choices::of_target(configuration, accounts.last());
        let region = region(&last, configuration, selection, &*system.environment)?;
        let known = region.as_ref().map(|region| region.value.clone());
        let sts = network::sts_settings(configuration, system, known)?;
        let sources = Choices::of_target(configuration, accounts.first()).sources()?;
        refuse_unused_source(configuration, accounts, &sources)?;
        let cache = CacheSettings::new(configuration, &*system.environment)?;
        Ok(Self {
            sources,
            region,
            sts,
            cache,
        })
    }

    /// The partition of the region, or AWS's commercial one.
    pub(crate) fn partition(&self) -> Partition {
        self.region
            .as_ref()
            .map_or(Partition::Aws, |region| region.value.partition())
    }
}

/// Refuses a `source` of an account that is reached through another one: nothing would ever be signed with it. An
/// option or a variable for the source has the last word about all accounts, as everywhere.
fn refuse_unused_source(
    configuration: &Configuration,
    accounts: &[Chosen<String>],
    sources: &Chosen<Vec<String>>,
) -> Result<(), Error> {
    if sources.origin.layer >= Layer::Variable {
        return Ok(());
    }
    let Some((first, chained)) = accounts.split_first() else {
        return Ok(());
    };
    for Chosen { value: name, .. } in chained {
        let section = configuration.settings.accounts.get(name);
        let own = section.and_then(|section| section.source.as_ref());
        if own
            .map(SourceOrder::names)
            .is_some_and(|own| own != sources.value)
        {
            return Err(Error::new(format!(
                "the account `{name}` is reached through `{}`, so its own source is never used",
                first.value
            ))
            .from(configuration.origin(&format!("accounts.{name}.source")))
            .from(configuration.origin(&format!("accounts.{name}.via")))
            .hint(format!(
                "remove source from [accounts.{name}], or move it to [accounts.{}]",
                first.value
            )));
        }
    }
    Ok(())
}
