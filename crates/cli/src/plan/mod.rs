//! The plan: what the configuration comes to for one run. Making it reads nothing but the configuration and the files that
//! it names for policies and assertions, and everything that can be wrong without a network is found here.

mod base_plan;
mod cache_settings;
mod chain;
mod chained;
mod choices;
mod ci_system;
mod contexts;
pub(crate) mod delivery;
mod hop;
mod hop_tags;
mod hops;
mod mfa;
pub(crate) mod misspelt_region;
mod network;
mod nothing_chosen;
pub(crate) mod overridden_region;
mod path_rules;
mod policy;
mod region;
mod selection;
pub(crate) mod session_name;
mod tags;
mod web_identity;

use rolewrap_role::SourceIdentity;
use serde::{Deserialize, Serialize};

use crate::configuration::{Configuration, Origin};
use crate::error::Error;
use choices::Choices;
use hops::Hops;

pub(crate) use base_plan::BasePlan;
pub(crate) use cache_settings::{CacheSettings, CacheStore};
pub(crate) use chain::chain;
pub(crate) use delivery::Delivery;
pub(crate) use hop::Hop;
pub(crate) use hop_tags::HopTags;
pub(crate) use mfa::{CodePlace, Mfa, VaultCode};
pub(crate) use path_rules::{check_rules, without_directory};
pub(crate) use selection::{Selection, check_account, select};
pub(crate) use session_name::{Facts, is_ci};

/// A value with where it came from.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Chosen<T> {
    pub(crate) value: T,
    pub(crate) origin: Origin,
}

/// What to ask STS for, with what, and why.
#[derive(Debug)]
pub(crate) struct Plan {
    /// What it is for.
    pub(crate) selection: Selection,
    pub(crate) base: BasePlan,
    /// The requests, first to last. There is at least one.
    pub(crate) hops: Vec<Hop>,
    /// The MFA of the sources whose owner shows it.
    mfa: Vec<Mfa>,
    pub(crate) delivery: Chosen<Delivery>,
    /// Whether the command is to find no profiles of the user's.
    pub(crate) hides_profiles: bool,
}

impl Plan {
    /// Makes the plan for what was selected.
    pub(crate) fn new(
        configuration: &Configuration,
        selection: Selection,
        facts: &Facts<'_>,
    ) -> Result<Self, Error> {
        let accounts = chain(configuration, selection.account.as_ref())?;
        let base = BasePlan::new(configuration, &selection, &accounts, facts.system)?;
        let hops = Hops {
            configuration,
            base: &base,
            facts,
        };
        let mut hops = hops.to(&selection, &accounts)?;
        let target = Choices::of_target(configuration, accounts.last());
        let hides_profiles = target.hides_profiles()?;
        let mut delivery = target.delivery()?;
        delivery.value = facts.delivery.unwrap_or(delivery.value);
        let mfa = mfa::of_sources(configuration, &accounts, &base.sources.value, facts.mfa_code)?;
        let mfa = if configuration.is_web_identity(&base.sources.value) {
            web_identity::check(&hops[0], &base.sources)?;
            let own = accounts
                .first()
                .and_then(|first| configuration.settings.accounts.get(&first.value));
            let own = own.is_some_and(|account| account.mfa_serial.is_some());
            web_identity::refuse_mfa(&mfa, &base.sources, own)?;
            Vec::new()
        } else {
            mfa
        };
        if delivery.value == Delivery::Endpoint && !mfa.is_empty() {
            chained::limit_for_mfa_session(&mut hops);
        }
        Ok(Self {
            selection,
            base,
            hops,
            mfa,
            delivery,
            hides_profiles,
        })
    }

    /// The last hop, whose session the command gets.
    pub(crate) fn target_hop(&self) -> &Hop {
        &self.hops[self.hops.len() - 1]
    }

    /// The MFA of all sources that may be used.
    pub(crate) fn mfa_of_sources(&self) -> &[Mfa] {
        &self.mfa
    }

    /// The MFA of base credentials from this source, if their owner shows it.
    pub(crate) fn mfa(&self, source: &str) -> Option<&Mfa> {
        self.mfa.iter().find(|mfa| mfa.source == source)
    }

    /// Whether the MFA code goes with the request for the first role, and not into an MFA session, which is good for
    /// renewals as well.
    pub(crate) fn is_mfa_direct(&self) -> bool {
        self.delivery.value == Delivery::Env && mfa::is_direct(&self.hops)
    }

    /// What the chain carries from the hop that sets it.
    pub(crate) fn source_identity(&self) -> Option<&Chosen<SourceIdentity>> {
        self.hops.iter().find_map(|hop| hop.source_identity.as_ref())
    }

    /// The account that was chosen, if one was.
    pub(crate) fn account(&self) -> Option<&Chosen<String>> {
        self.selection.account.as_ref()
    }

    /// All that STS is asked and of whom the base credentials come, to compare with that of another plan. It holds no
    /// secret.
    #[cfg(unix)]
    pub(crate) fn in_full(&self) -> String {
        format!("{:?} {:?}", self.base, self.hops)
    }

    /// How a person calls what the command runs under: the account, or else the role.
    pub(crate) fn target(&self) -> String {
        self.target_hop().name()
    }
}

#[cfg(test)]
mod tests;
