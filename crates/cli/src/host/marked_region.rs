use rolewrap_core::Environment;

use super::marks::SESSION_REGION;

/// AWS's own variables for a region.
pub(crate) const AWS_REGIONS: [&str; 2] = ["AWS_REGION", "AWS_DEFAULT_REGION"];

/// The region that a run around this one set for the account that it was for. For another account it says nothing.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct MarkedRegion {
    /// The id of the account.
    account: String,
    region: String,
}

impl MarkedRegion {
    /// What is left in an environment for `region` of the account with this id.
    pub(crate) fn written(account: &str, region: &str) -> String {
        format!("{account}:{region}")
    }

    /// The one that is left in `environment`.
    pub(crate) fn of(environment: &dyn Environment) -> Option<Self> {
        Self::read(environment.get(SESSION_REGION)?.to_str()?)
    }

    /// Reads what [`written`](Self::written) wrote.
    pub(crate) fn read(text: &str) -> Option<Self> {
        let (account, region) = text.split_once(':')?;
        Some(Self {
            account: account.to_owned(),
            region: region.to_owned(),
        })
    }

    /// Whether the variable `name` has this region still, and not another one that a person set since.
    pub(crate) fn is_in(&self, name: &str, value: &str) -> bool {
        AWS_REGIONS.contains(&name) && value == self.region
    }

    /// The variable that has this region, and the region, where that is the one of `account`.
    pub(crate) fn of_account(
        &self,
        account: &str,
        environment: &dyn Environment,
    ) -> Option<(&'static str, String)> {
        let has_it = |name: &&str| environment.get(name).is_some_and(|value| *value == *self.region);
        let name = AWS_REGIONS.into_iter().find(has_it)?;
        (self.account == account).then(|| (name, self.region.clone()))
    }
}
