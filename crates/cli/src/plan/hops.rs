use rolewrap_role::{InvalidRequest, PolicyArn, SessionName, SourceIdentity};

use super::choices::{Choices, invalid};
use super::{
    BasePlan, Chosen, Facts, Hop, HopTags, Selection, chained, contexts, policy, session_name, tags,
};
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
        let target = self.target(selection, accounts.last())?;
        let hops = on_the_way.iter().map(|account| self.before(account, &target));
        let mut hops: Vec<Hop> = hops.collect::<Result<_, _>>()?;
        hops.push(target);
        chained::check_partitions(&hops)?;
        chained::limit_durations(self.configuration, &mut hops)?;
        if self.configuration.is_web_identity(&self.base.sources.value) {
            chained::leave_to_the_second(self.configuration, &mut hops);
        }
        chained::carry_source_identity(&mut hops)?;
        chained::hand_on_tags(&mut hops)?;
        hops.iter().try_for_each(check_together)?;
        Ok(hops)
    }

    fn target(self, selection: &Selection, account: Option<&Chosen<String>>) -> Result<Hop, Error> {
        let choices = Choices::of_target(self.configuration, account);
        let name = match self.session_name(&choices)? {
            Some(name) => name,
            None => self.default_session_name()?,
        };
        let account = account.map(|account| account.value.as_str());
        let tags = tags::of_target(self.configuration, account, self.facts)?;
        let transitive = choices.raw(
            "transitive_tags",
            |settings| &settings.transitive_tags,
            |account| &account.transitive_tags,
        );
        self.hop(&choices, selection, name, HopTags::new(tags, transitive)?)
    }

    /// A hop before the target, which has its session name and its tags from it where its account has none of its own.
    fn before(self, account: &Chosen<String>, target: &Hop) -> Result<Hop, Error> {
        let choices = Choices::on_the_way(self.configuration, account);
        let selection = Selection {
            account: Some(account.clone()),
            role: None,
        };
        let name = self
            .session_name(&choices)?
            .unwrap_or_else(|| target.session_name.clone());
        let transitive = choices.own("transitive_tags", |account| &account.transitive_tags);
        let own = tags::of_account(self.configuration, &account.value, self.facts)?;
        let tags = own.unwrap_or_else(|| target.tags.tags.clone());
        let transitive = transitive.or_else(|| target.tags.transitive_among(&tags));
        let tags = HopTags::new(tags, transitive)?;
        self.hop(&choices, &selection, name, tags)
    }

    fn hop(
        self,
        choices: &Choices<'_>,
        selection: &Selection,
        session_name: Chosen<SessionName>,
        tags: HopTags,
    ) -> Result<Hop, Error> {
        let policy = choices.keyed("policy", |settings| &settings.policy, |account| &account.policy);
        let policy_arns = choices.raw(
            "policy_arns",
            |settings| &settings.policy_arns,
            |account| &account.policy_arns,
        );
        let contexts = choices.keyed(
            "provided_contexts",
            |settings| &settings.provided_contexts,
            |account| &account.provided_contexts,
        );
        Ok(Hop {
            account: selection.account.clone(),
            role: choices.role(
                selection,
                self.base.region.as_ref(),
                &*self.facts.system.environment,
            )?,
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
            policy: policy
                .map(|(policy, key)| {
                    policy::policy(self.configuration, &key, policy, &self.facts.system.directory)
                })
                .transpose()?,
            policy_arns: policy_arns.map(parse_all).transpose()?,
            tags,
            provided_contexts: contexts
                .map(|(contexts, key)| contexts::contexts(self.configuration, &key, contexts))
                .transpose()?,
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
        let value = session_name::session_name(&template, self.facts)?;
        Ok(Chosen {
            value,
            origin: template.origin,
        })
    }

    /// Unlike the rest, one at the top of the files is about each account: it is the same person at every hop.
    fn source_identity(self, selection: &Selection) -> Result<Option<Chosen<SourceIdentity>>, Error> {
        let template = Choices::of_target(self.configuration, selection.account.as_ref()).text(
            "source_identity",
            |settings| &settings.source_identity,
            |account| &account.source_identity,
        );
        let Some(template) = template else { return Ok(None) };
        Ok(Some(Chosen {
            value: session_name::source_identity(&template, self.facts)?,
            origin: template.origin,
        }))
    }
}

fn parse_all(arns: Chosen<Vec<String>>) -> Result<Chosen<Vec<PolicyArn>>, Error> {
    let parsed = arns.value.iter().map(|arn| arn.parse());
    let parsed: Result<Vec<PolicyArn>, _> = parsed.collect();
    Ok(Chosen {
        value: parsed.map_err(|error| invalid(&error, &arns.origin))?,
        origin: arns.origin,
    })
}

/// What AWS demands of the parameters of one request together.
fn check_together(hop: &Hop) -> Result<(), Error> {
    let Err(error) = hop.request().check_parameters() else {
        return Ok(());
    };
    let origins: Vec<&Origin> = match error {
        InvalidRequest::TooManyProvidedContexts { .. } => hop
            .provided_contexts
            .iter()
            .map(|contexts| &contexts.origin)
            .collect(),
        InvalidRequest::TooManyPolicyArns { .. } => hop.policy_arns.iter().map(|arns| &arns.origin).collect(),
        _ => {
            let policy = hop.policy.iter().map(|policy| &policy.origin);
            policy
                .chain(hop.policy_arns.iter().map(|arns| &arns.origin))
                .collect()
        }
    };
    let explained = Error::new(format!(
        "{} cannot be asked for in this way, so nothing was sent",
        hop.role.value
    ))
    .cause(error);
    let explained = origins.into_iter().fold(explained, Error::from);
    Err(explained.hint("make them fewer or shorter; a managed policy of your own takes the place of several"))
}
