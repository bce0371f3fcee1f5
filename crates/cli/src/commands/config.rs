use std::path::Path;

use crate::arguments::ConfigCommand;
use crate::configuration::{Configuration, Layer, PROJECT_FILE_NAME, schema};
use crate::error::Error;
use crate::plan::misspelt_region;
use crate::plan::{self, CacheSettings, Chosen, Plan, Selection};
use crate::run::Run;
use crate::session::sources;
use crate::ui::text;

use super::table::table;

pub(super) fn run(run: &Run<'_>, command: ConfigCommand) -> Result<String, Error> {
    match command {
        ConfigCommand::Show => Ok(show(&run.configuration()?)),
        ConfigCommand::Check => check(run),
        ConfigCommand::Path => path(run),
        ConfigCommand::Schema => Ok(text::json(&schema())),
    }
}

fn show(configuration: &Configuration) -> String {
    let row = |(key, value): (String, String)| {
        let origin = configuration.origin(&key);
        vec![format!("{key} = {value}"), format!("# {origin}")]
    };
    table(&configuration.values().into_iter().map(row).collect::<Vec<_>>())
}

/// Makes the plan for every account, every source, and what this directory selects, and asks nobody.
fn check(run: &Run<'_>) -> Result<String, Error> {
    let configuration = run.configuration()?;
    CacheSettings::new(&configuration, &*run.world.system.environment)?;
    let mut rows = Vec::new();
    for name in configuration.settings.accounts.keys() {
        let origin = configuration.origin(&format!("accounts.{name}"));
        let selection = Selection {
            account: Some(Chosen {
                value: name.clone(),
                origin,
            }),
            role: None,
        };
        let plan = Plan::new(&configuration, selection, &run.facts())?;
        misspelt_region::warn(run.world.messages, &plan.base);
        sources::build(
            &configuration,
            &plan.base.sources,
            run.world.system,
            &run.world.prompt,
        )?;
        rows.push(vec![
            format!("account {name}"),
            plan.target_hop().role.value.to_string(),
        ]);
    }
    for name in configuration.settings.sources.keys() {
        let origin = configuration.origin(&format!("sources.{name}"));
        let alone = Chosen {
            value: vec![name.clone()],
            origin,
        };
        sources::build(&configuration, &alone, run.world.system, &run.world.prompt)?;
        rows.push(vec![format!("source {name}"), alone.origin.to_string()]);
    }
    for rule in &configuration.settings.paths {
        rows.push(vec![
            format!("directory {}", rule.pattern),
            format!("account {}", rule.account),
        ]);
    }
    plan::check_rules(&configuration)?;
    for (rule, origin) in plan::without_directory(&configuration) {
        run.world.messages.warning(&format!(
            "no directory matches `{}` ({origin}), so this rule selects nothing",
            rule.pattern
        ));
    }
    let selection = plan::select(&configuration, &run.directory)?;
    if selection.role.is_some() || selection.account.is_some() {
        let plan = Plan::new(&configuration, selection.clone(), &run.facts())?;
        sources::build(
            &configuration,
            &plan.base.sources,
            run.world.system,
            &run.world.prompt,
        )?;
    }
    rows.push(vec![
        "here".to_owned(),
        match (selection.role, selection.account) {
            (Some(role), _) => format!("{} ({})", role.value, role.origin),
            (None, Some(account)) => format!("account {} ({})", account.value, account.origin),
            (None, None) => "no role is chosen: name one with --iam-role or --account".to_owned(),
        },
    ]);
    Ok(format!("{}The configuration is valid.\n", table(&rows)))
}

/// Where the files are looked for, whether they are valid or not: this is what one asks when something is wrong.
fn path(run: &Run<'_>) -> Result<String, Error> {
    let places = run.places()?;
    let place = |file: Option<&Path>, otherwise: String| match file {
        Some(file) => [
            if file.exists() { "present" } else { "absent" }.to_owned(),
            file.display().to_string(),
        ],
        None => ["absent".to_owned(), otherwise],
    };
    let no_project = format!("{PROJECT_FILE_NAME} in {} or above", run.directory.real.display());
    let user = places.user.as_ref().map(|file| file.path.as_path());
    let rows = [
        (
            Layer::System,
            place(places.system.as_deref(), "no folder is known".to_owned()),
        ),
        (Layer::User, place(user, "no home directory is known".to_owned())),
        (Layer::Project, place(places.project.as_deref(), no_project)),
    ];
    let rows = rows.map(|(layer, [state, place])| vec![layer.name().to_owned(), state, place]);
    Ok(table(&rows))
}
