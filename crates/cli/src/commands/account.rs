use crate::arguments::AccountCommand;
use crate::configuration::{Configuration, Layer, Origin};
use crate::error::Error;
use crate::plan::{self, Plan, Selection};
use crate::run::Run;
use crate::sources;
use crate::text::list;

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
    let mut rows = vec![["", "NAME", "ID", "ROLE", "REGION"].map(str::to_owned).to_vec()];
    for (name, account) in &configuration.settings.accounts {
        let mark = selected.as_ref().is_some_and(|(selected, _)| selected == name);
        let cell = |value: &Option<String>| value.clone().unwrap_or_else(|| "-".to_owned());
        rows.push(vec![
            if mark { "*" } else { "" }.to_owned(),
            name.clone(),
            cell(&account.id),
            cell(&account.role),
            cell(&account.region),
        ]);
    }
    let why = match selected {
        Some((name, origin)) => format!("* {name} is selected here by: {origin}\n"),
        None => "No account is selected here.\n".to_owned(),
    };
    Ok(table(&rows) + &crate::text::visible(why.trim_end()) + "\n")
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
                account: Some((name, origin)),
                role: None,
            }
        }
        None => plan::select(configuration, &run.directory)?,
    };
    let plan = Plan::new(configuration, &selection, &run.facts())?;
    sources::build(configuration, &plan.base.sources, run.system, &run.prompt)?;
    Ok(table(&plan_rows(&plan)))
}

/// The plan as rows: what, value, where from.
pub(super) fn plan_rows(plan: &Plan) -> Vec<Vec<String>> {
    let mut rows = Vec::new();
    let mut row = |what: &str, value: String, origin: &Origin| {
        rows.push(vec![what.to_owned(), value, format!("# {origin}")]);
    };
    if let Some(account) = &plan.account {
        row("account", account.value.clone(), &account.origin);
    }
    row("role", plan.role.value.to_string(), &plan.role.origin);
    row(
        "source",
        list(&plan.base.sources.value),
        &plan.base.sources.origin,
    );
    row(
        "session name",
        plan.session_name.value.to_string(),
        &plan.session_name.origin,
    );
    if let Some(duration) = &plan.duration {
        row("duration", duration.value.to_string(), &duration.origin);
    }
    if let Some(id) = &plan.external_id {
        row("external id", id.value.to_string(), &id.origin);
    }
    if let Some(identity) = &plan.source_identity {
        row("source identity", identity.value.to_string(), &identity.origin);
    }
    if let Some(region) = &plan.base.region {
        row("region", region.value.to_string(), &region.origin);
    }
    rows
}
