use std::fmt::Display;

use crate::arguments::AccountCommand;
use crate::configuration::{Configuration, Layer, Origin};
use crate::error::Error;
use crate::plan::{self, Chosen, Hop, Mfa, Plan, Selection};
use crate::run::Run;
use crate::session::sources;
use crate::ui::text::list;

use super::table::table;

pub(super) fn run(run: &Run<'_>, command: AccountCommand) -> Result<String, Error> {
    let configuration = run.configuration()?;
    match command {
        AccountCommand::List => all(run, &configuration),
        AccountCommand::Show { name } => show(run, &configuration, name),
    }
}

fn all(run: &Run<'_>, configuration: &Configuration) -> Result<String, Error> {
    if configuration.settings.accounts.is_empty() {
        return Ok(
            "No accounts are configured. Add [accounts.NAME] with id and role to a configuration file.\n"
                .to_owned(),
        );
    }
    let selected = plan::select(configuration, &run.directory)?.account;
    let accounts = &configuration.settings.accounts;
    let has_chains = accounts.values().any(|account| account.via.is_some());
    let columns = if has_chains { 6 } else { 5 };
    let mut rows = vec![
        ["", "NAME", "ID", "ROLE", "REGION", "VIA"]
            .map(str::to_owned)
            .to_vec(),
    ];
    for (name, account) in accounts {
        let mark = selected.as_ref().is_some_and(|selected| selected.value == *name);
        let cell = |value: &Option<String>| value.clone().unwrap_or_else(|| "-".to_owned());
        rows.push(vec![
            if mark { "*" } else { "" }.to_owned(),
            name.clone(),
            cell(&account.id),
            cell(&account.role),
            cell(&account.region),
            cell(&account.via),
        ]);
    }
    for row in &mut rows {
        row.truncate(columns);
    }
    let why = match selected {
        Some(Chosen { value, origin }) => format!("* {value} is selected here by: {origin}\n"),
        None => "No account is selected here.\n".to_owned(),
    };
    Ok(table(&rows) + &rolewrap_core::visible(why.trim_end()) + "\n")
}

/// The plan for one account: what STS would be asked for, and where each value is from.
fn show(run: &Run<'_>, configuration: &Configuration, name: Option<String>) -> Result<String, Error> {
    let selection = match name {
        Some(name) => {
            let origin = Origin {
                layer: Layer::Argument,
                place: "account show".to_owned(),
            };
            plan::check_account(configuration, &name, &origin)?;
            Selection {
                account: Some(Chosen { value: name, origin }),
                role: None,
            }
        }
        None => plan::select(configuration, &run.directory)?,
    };
    let plan = Plan::new(configuration, selection, &run.facts())?;
    sources::build(
        configuration,
        &plan.base.sources,
        run.world.system,
        &run.world.prompt,
    )?;
    Ok(table(&plan_rows(&plan)))
}

/// The plan as rows: what, value, where from. A chain stands there backwards, from the target to the source.
pub(super) fn plan_rows(plan: &Plan) -> Vec<Vec<String>> {
    let mut rows = Rows::default();
    if let Some(account) = plan.account() {
        rows.add("account", &account.value, &account.origin);
    }
    rows.hop(plan.target_hop());
    for hop in plan.hops.iter().rev().skip(1) {
        rows.add_optional("via", hop.account.as_ref());
        rows.hop(hop);
    }
    rows.add(
        "source",
        list(&plan.base.sources.value),
        &plan.base.sources.origin,
    );
    let several = plan.base.sources.value.len() > 1;
    for mfa in plan.mfa_of_sources() {
        rows.mfa(mfa, several);
    }
    rows.add_optional("region", plan.base.region.as_ref());
    if plan.delivery.origin.layer > Layer::BuiltIn {
        rows.add("delivery", plan.delivery.value, &plan.delivery.origin);
    }
    rows.0
}

#[derive(Default)]
struct Rows(Vec<Vec<String>>);

impl Rows {
    fn add(&mut self, what: &str, value: impl Display, origin: &Origin) {
        self.0
            .push(vec![what.to_owned(), value.to_string(), format!("# {origin}")]);
    }

    fn add_optional(&mut self, what: &str, value: Option<&Chosen<impl Display>>) {
        if let Some(chosen) = value {
            self.add(what, &chosen.value, &chosen.origin);
        }
    }

    fn mfa(&mut self, mfa: &Mfa, names_source: bool) {
        let (serial, source) = (&mfa.serial.value, &mfa.source);
        let device = if names_source {
            format!("{serial} for {source}")
        } else {
            serial.to_string()
        };
        self.add("mfa device", device, &mfa.serial.origin);
        let (place, origin) = mfa.code.shown();
        self.add("mfa code", place, origin.unwrap_or(&Origin::built_in()));
    }

    fn hop(&mut self, hop: &Hop) {
        self.add("role", &hop.role.value, &hop.role.origin);
        self.add("session name", &hop.session_name.value, &hop.session_name.origin);
        self.add_optional("duration", hop.duration.as_ref());
        self.add_optional("external id", hop.external_id.as_ref());
        self.add_optional("source identity", hop.source_identity.as_ref());
        if let Some(policy) = &hop.policy {
            let characters = policy.value.as_str().chars().count();
            self.add("policy", format!("{characters} characters"), &policy.origin);
        }
        if let Some(arns) = &hop.policy_arns {
            arns.value
                .iter()
                .for_each(|arn| self.add("policy ARN", arn, &arns.origin));
        }
        for tag in &hop.tags.tags {
            self.add("tag", &tag.value, &tag.origin);
        }
        if let Some(keys) = &hop.tags.transitive {
            self.add("transitive tags", list(&keys.value), &keys.origin);
        }
        if let Some(contexts) = &hop.provided_contexts {
            for context in &contexts.value {
                self.add("provided context", context.provider(), &contexts.origin);
            }
        }
    }
}
