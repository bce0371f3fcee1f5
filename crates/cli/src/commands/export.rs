use crate::run::auth_provider;
use std::sync::Arc;

use rolewrap_core::Environment;
use rolewrap_role::Region;

use crate::deliver;
use crate::host::hidden_profiles::hiding;
use crate::host::outer_session::SESSION;

use crate::deliver::SessionMarks;
use crate::deliver::SessionVariables;
use crate::deliver::export::{Exported, Format, github};
use crate::deliver::java_properties;
use crate::error::Error;
use crate::host::changed_environment::ChangedEnvironment;
use crate::host::{AWS_REGIONS, MarkedRegion};
use crate::plan::Plan;
use crate::plan::delivery::{self, Delivery};
use crate::run::Run;
use crate::session::Journey;
use crate::session::inside;
use crate::session::obtain;
use crate::session::sources;
use crate::ui::output;

/// Prints the session in `format`.
pub(super) fn run(run: &Run<'_>, format: Format) -> Result<(), Error> {
    let configuration = run.configuration()?;
    if format != Format::Terragrunt {
        auth_provider::refuse(&*run.world.system.environment)?;
    }
    let kept = run.kept_variables(Delivery::Env)?;
    if format != Format::Process {
        java_properties::refuse(&*run.world.system.environment, &kept)?;
    }
    let environment_file = match format {
        Format::Github => Some(github::environment_file(
            &*run.world.system.environment,
            &run.world.system.directory,
        )?),
        _ => None,
    };
    let plan = run.plan_to_give_away(&configuration)?;
    let source = sources::build(
        &configuration,
        &plan.base.sources,
        run.world.system,
        &run.world.prompt,
    )?;
    let journey = Journey::new(&run.world, &configuration, &plan);
    let session = obtain(journey, &source)?.session;
    let region = plan.base.region.as_ref().map(|region| &region.value);
    let marks = SessionMarks::new(&plan, &*run.world.system.environment);
    let mut rivals = rivals(run, &kept);
    if region.is_none() {
        rivals.extend(region_of_another(run));
    }
    let view = seen_from_inside(run, region, &marks, &rivals);
    let mut marks = marks.with(inside::marks(journey, Some(&session), view));
    if plan.hides_profiles {
        marks = marks.with(hiding(&*run.world.system.environment, &kept));
    }
    let exported = Exported {
        variables: SessionVariables::new(&session, region, marks),
        account_id: session.account().as_str(),
        arn: session.assumed_role_arn(),
        profile: profile(&plan),
        rivals,
    };
    let text = exported.text(format).map_err(|error| error.explained())?;
    let added = environment_file
        .map(|file| exported.for_github().map(|text| (file, text)))
        .transpose()
        .map_err(|error| error.explained())?;
    warn_of_rivals(run, exported.remaining_rivals(format));
    delivery::refuse_ending(&session, run.world.system.clock.now())?;
    if output::is_shown() {
        run.world
            .messages
            .warning("the secrets of the session follow on this terminal");
    }
    let Some((file, added)) = added else {
        return output::print_all(text.expose());
    };
    // What nobody has read hides nothing.
    output::print_to_a_reader(text.expose()).map_err(|error| output::not_printed(&error))?;
    github::add(&added, &file)
}

/// The account's name, or else the role's, for a profile.
fn profile(plan: &Plan) -> &str {
    match plan.account() {
        Some(account) => &account.value,
        None => plan.target_hop().role.value.name(),
    }
}

/// What a run sees beside the session where that was exported to.
fn seen_from_inside(
    run: &Run<'_>,
    region: Option<&Region>,
    marks: &SessionMarks,
    rivals: &[String],
) -> Arc<dyn Environment> {
    let changed = ChangedEnvironment::new(run.world.system.environment.clone());
    let removed = SESSION.into_iter().map(str::to_owned);
    let removed = removed.chain(rivals.iter().cloned());
    let changed = removed.fold(changed, ChangedEnvironment::without);
    let regions = region
        .iter()
        .flat_map(|region| AWS_REGIONS.map(|name| (name, region.as_str())));
    let set = regions.chain(marks.pairs());
    Arc::new(set.fold(changed, |changed, (name, value)| changed.with(name, value.into())))
}

/// The variables that are set here, and that some programs prefer to the session.
fn rivals(run: &Run<'_>, kept: &[String]) -> Vec<String> {
    let mut names = run.world.system.environment.names();
    names.retain(|name| deliver::rivals_the_session(name) && !kept.contains(name));
    names.sort_unstable();
    names
}

/// The variables that have the region of a session that was exported or delivered before, for another account.
fn region_of_another(run: &Run<'_>) -> Vec<String> {
    let environment = &*run.world.system.environment;
    let Some(marked) = MarkedRegion::of(environment) else {
        return Vec::new();
    };
    let has_it = |name: &&str| {
        let value = environment.get(name);
        value.is_some_and(|value| value.to_str().is_some_and(|value| marked.is_in(name, value)))
    };
    AWS_REGIONS
        .into_iter()
        .filter(has_it)
        .map(str::to_owned)
        .collect()
}

fn warn_of_rivals(run: &Run<'_>, rivals: &[String]) {
    if !rivals.is_empty() {
        run.world.messages.warning(&format!(
            "set here, and preferred to the session by some programs: {}; unset it where the session is used",
            rivals.join(", ")
        ));
    }
}
