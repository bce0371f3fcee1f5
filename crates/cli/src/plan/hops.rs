use rolewrap_role::{SessionName, SourceIdentity};

use super::choices::Choices;
use super::{BasePlan, Chosen, Facts, Hop, Selection, chained, session_name};
use crate::configuration::{Configuration, Origin};
use crate::error::Error;

/// What the hops of a plan are made from.
#[derive(Clone, Copy)]
pub(super) struct Hops<'a> {
    pub(super) configuration: &'a Configuration,
    pub(super) base: &'a BasePlan,
    pub(super) facts: &'a Facts<'a>,
}

impl Hops<'_> {
    /// The requests that lead to what was selected, through `accounts`, first to last.
    pub(super) fn to(self, selection: &Selection, accounts: &[Chosen<String>]) -> Result<Vec<Hop>, Error> {
        let on_the_way = accounts
            .split_last()
            .map_or(accounts, |(_, on_the_way)| on_the_way);
        let choices = Choices::of_target(self.configuration, accounts.last());
        let name = self
            .session_name(&choices)?
            .map_or_else(|| self.default_session_name(), Ok)?;
        let target = self.hop(&choices, selection, name)?;
        let mut hops = Vec::with_capacity(on_the_way.len() + 1);
        for account in on_the_way {
            let choices = Choices::on_the_way(self.configuration, account);
            let selection = Selection {
                account: Some((account.value.clone(), account.origin.clone())),
                role: None,
            };
            let name = self
                .session_name(&choices)?
                .unwrap_or_else(|| target.session_name.clone());
            hops.push(self.hop(&choices, &selection, name)?);
        }
        hops.push(target);
        chained::check_partitions(&hops)?;
        chained::limit_durations(self.configuration, &mut hops)?;
        chained::carry_source_identity(&mut hops)?;
        Ok(hops)
    }

    fn hop(
        self,
        choices: &Choices<'_>,
        selection: &Selection,
        session_name: Chosen<SessionName>,
    ) -> Result<Hop, Error> {
        Ok(Hop {
            account: selection
                .account
                .clone()
                .map(|(value, origin)| Chosen { value, origin }),
            role: choices.role(selection, self.base.region.as_ref())?,
            session_name,
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
            source_identity: self.source_identity(selection)?,
        })
    }

    fn session_name(self, choices: &Choices<'_>) -> Result<Option<Chosen<SessionName>>, Error> {
        let template = choices.text(
            "session_name",
            |settings| &settings.session_name,
            |account| &account.session_name,
        );
        template.map(|template| self.fill(template)).transpose()
    }

    fn default_session_name(self) -> Result<Chosen<SessionName>, Error> {
        self.fill(Chosen {
            value: self.facts.default_template().to_owned(),
            origin: Origin::built_in(),
        })
    }

    fn fill(self, template: Chosen<String>) -> Result<Chosen<SessionName>, Error> {
        let value = session_name::fill(&template.value, &template.origin, self.facts)?;
        Ok(Chosen {
            value,
            origin: template.origin,
        })
    }

    /// Unlike the rest, one at the top of the files is about each account: it is the same person at every hop.
    fn source_identity(self, selection: &Selection) -> Result<Option<Chosen<SourceIdentity>>, Error> {
        let account = selection.account.clone();
        let account = account.map(|(value, origin)| Chosen { value, origin });
        Choices::of_target(self.configuration, account.as_ref()).parsed(
            "source_identity",
            |settings| &settings.source_identity,
            |account| &account.source_identity,
        )
    }
}
