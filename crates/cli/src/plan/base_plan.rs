use rolewrap_core::Environment;
use rolewrap_role::{Partition, Region, StsSettings};

use super::choices::Choices;
use super::{Chosen, network};
use crate::configuration::Configuration;
use crate::error::Error;

/// The part of a plan that needs no role: where the base credentials come from, and how STS is asked about them.
#[derive(Debug)]
pub(crate) struct BasePlan {
    /// The sources of the base credentials, in order.
    pub(crate) sources: Chosen<Vec<String>>,
    pub(crate) region: Option<Chosen<Region>>,
    pub(crate) sts: StsSettings,
}

impl BasePlan {
    /// Makes this part for `account`, or for none.
    pub(crate) fn new(
        configuration: &Configuration,
        account: Option<&str>,
        environment: &dyn Environment,
    ) -> Result<Self, Error> {
        let choices = Choices {
            configuration,
            account,
        };
        let region: Option<Chosen<Region>> =
            choices.parsed("region", |settings| &settings.region, |account| &account.region)?;
        let known = region.as_ref().map(|region| region.value.clone());
        let sts = network::sts_settings(configuration, environment, known)?;
        Ok(Self {
            sources: choices.sources()?,
            region,
            sts,
        })
    }

    /// The partition of the region, or AWS's commercial one.
    pub(crate) fn partition(&self) -> Partition {
        self.region
            .as_ref()
            .map_or(Partition::Aws, |region| region.value.partition())
    }
}
