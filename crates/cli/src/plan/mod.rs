//! The plan: what the configuration comes to for one run. Making it reads nothing but the configuration, and
//! everything that can be wrong without a network is found here.

mod base_plan;
mod choices;
mod network;
mod selection;
mod session_name;

use rolewrap_role::{AssumeRoleRequest, ExternalId, RoleArn, SessionDuration, SessionName, SourceIdentity};

use crate::configuration::{Configuration, Origin};
use crate::error::Error;
use choices::Choices;

pub(crate) use base_plan::BasePlan;
pub(crate) use selection::{Selection, check_account, check_rules, select};
pub(crate) use session_name::Facts;

/// A value with where it came from.
#[derive(Debug, Clone)]
pub(crate) struct Chosen<T> {
    pub(crate) value: T,
    pub(crate) origin: Origin,
}

/// What to ask STS for, with what, and why.
#[derive(Debug)]
pub(crate) struct Plan {
    pub(crate) account: Option<Chosen<String>>,
    pub(crate) role: Chosen<RoleArn>,
    pub(crate) base: BasePlan,
    pub(crate) session_name: Chosen<SessionName>,
    pub(crate) duration: Option<Chosen<SessionDuration>>,
    pub(crate) external_id: Option<Chosen<ExternalId>>,
    pub(crate) source_identity: Option<Chosen<SourceIdentity>>,
}

impl Plan {
    /// Makes the plan for what was selected.
    pub(crate) fn new(
        configuration: &Configuration,
        selection: &Selection,
        facts: &Facts<'_>,
    ) -> Result<Self, Error> {
        let account = selection.account.as_ref().map(|(name, _)| &**name);
        let choices = Choices {
            configuration,
            account,
        };
        let base = BasePlan::new(configuration, account, &*facts.system.environment)?;
        let role = choices.role(selection, base.region.as_ref())?;
        let template = choices.text(
            "session_name",
            |settings| &settings.session_name,
            |account| &account.session_name,
        );
        let template = template.unwrap_or_else(|| Chosen {
            value: facts.default_template().to_owned(),
            origin: Origin::built_in(),
        });
        let name = session_name::fill(&template.value, &template.origin, facts)?;
        Ok(Self {
            account: selection
                .account
                .clone()
                .map(|(value, origin)| Chosen { value, origin }),
            role,
            base,
            session_name: Chosen {
                value: name,
                origin: template.origin,
            },
            duration: choices.parsed(
                "duration",
                |settings| &settings.duration,
                |account| &account.duration,
            )?,
            external_id: choices.parsed(
                "external_id",
                |settings| &settings.external_id,
                |account| &account.external_id,
            )?,
            source_identity: choices.parsed(
                "source_identity",
                |settings| &settings.source_identity,
                |account| &account.source_identity,
            )?,
        })
    }

    /// The request to STS.
    pub(crate) fn request(&self) -> AssumeRoleRequest {
        let mut request = AssumeRoleRequest::new(self.role.value.clone(), self.session_name.value.clone());
        request.duration = self.duration.as_ref().map(|duration| duration.value);
        request.external_id = self.external_id.as_ref().map(|id| id.value.clone());
        request.source_identity = self
            .source_identity
            .as_ref()
            .map(|identity| identity.value.clone());
        request
    }

    /// How a person calls what the command runs under: the account, or else the role.
    pub(crate) fn target(&self) -> String {
        self.account
            .as_ref()
            .map_or_else(|| self.role.value.to_string(), |account| account.value.clone())
    }
}

#[cfg(test)]
mod tests;
