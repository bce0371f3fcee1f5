use rolewrap_core::{BaseCredentials, visible};
use rolewrap_role::{CallerIdentity, WebIdentityClaims};

use super::source_change::{self, Stored};
use super::table::table;
use crate::arguments::SourceCommand;
use crate::configuration::{Configuration, Layer, Origin, SourceSection};
use crate::error::Error;
use crate::host::wait::wait_for;
use crate::plan::{self, BasePlan, Chosen};
use crate::run::Run;
use crate::session::Loaded;
use crate::session::cache;
use crate::session::identify::identify_base;
use crate::session::sources;
use crate::ui::text::time_between;

pub(super) fn run(run: &Run<'_>, command: SourceCommand) -> Result<String, Error> {
    let configuration = run.configuration()?;
    let selected = plan::select(&configuration, &run.directory)?;
    let accounts = plan::chain(&configuration, selected.account.as_ref())?;
    let plan = BasePlan::new(&configuration, &selected, &accounts, run.world.system)?;
    match command {
        SourceCommand::List => Ok(all(&configuration, &plan)),
        SourceCommand::Show { name } => {
            Ok(show(&configuration, &named(&configuration, name, "source show")?))
        }
        SourceCommand::Check { name: Some(name) } => {
            let sources = named(&configuration, name, "source check")?;
            check(run, &configuration, &BasePlan { sources, ..plan })
        }
        SourceCommand::Add { name, csv, yes } => {
            let csv = csv.map(|file| run.world.system.directory.join(file));
            let stored = stored(run, &configuration, name, "source add")?;
            let store = sources::store(
                &configuration,
                &stored.source,
                run.world.system,
                &run.world.prompt,
            )?;
            let said = wait_for(source_change::add(&*store, &stored, csv.as_deref(), yes))?;
            cache::clear_after_change(&run.world, &configuration)?;
            Ok(said)
        }
        SourceCommand::Remove { name, yes } => {
            let stored = stored(run, &configuration, name, "source remove")?;
            let store = sources::store(
                &configuration,
                &stored.source,
                run.world.system,
                &run.world.prompt,
            )?;
            let said = wait_for(source_change::remove(&*store, &stored, yes))?;
            cache::clear_after_change(&run.world, &configuration)?;
            Ok(said)
        }
        SourceCommand::Check { name: None } => check(run, &configuration, &plan),
    }
}

/// The source whose key `command` changes.
fn stored<'a>(
    run: &'a Run<'a>,
    configuration: &'a Configuration,
    name: String,
    command: &str,
) -> Result<Stored<'a>, Error> {
    let source = named(configuration, name, command)?;
    Ok(Stored {
        source,
        configuration,
        run,
    })
}

/// A source that was named as an argument of `command`.
fn named(configuration: &Configuration, name: String, command: &str) -> Result<Chosen<Vec<String>>, Error> {
    let origin = Origin {
        layer: Layer::Argument,
        place: command.to_owned(),
    };
    let chosen = Chosen {
        value: vec![name],
        origin,
    };
    sources::check_names(configuration, &chosen)?;
    Ok(chosen)
}

fn all(configuration: &Configuration, plan: &BasePlan) -> String {
    let mut rows = vec![["", "NAME", "TYPE", "CONFIGURED IN"].map(str::to_owned).to_vec()];
    for name in configuration.source_names() {
        let used = plan.sources.value.iter().any(|used| used == name);
        rows.push(vec![
            if used { "*" } else { "" }.to_owned(),
            name.to_owned(),
            configuration
                .source(name)
                .map_or("", SourceSection::kind)
                .to_owned(),
            configuration.source_origin(name).to_string(),
        ]);
    }
    let order = crate::ui::text::list(&plan.sources.value);
    let origin = visible(&plan.sources.origin.to_string());
    format!("{}* used here, in this order: {order} ({origin})\n", table(&rows))
}

fn show(configuration: &Configuration, source: &Chosen<Vec<String>>) -> String {
    let name = source.value.first().map_or("", String::as_str);
    let prefix = format!("sources.{name}.");
    let values = configuration
        .values()
        .into_iter()
        .filter(|(key, _)| key.starts_with(&prefix));
    let rows: Vec<_> = values
        .map(|(key, value)| {
            let origin = configuration.origin(&key);
            vec![
                format!("{} = {value}", &key[prefix.len()..]),
                format!("# {origin}"),
            ]
        })
        .collect();
    if rows.is_empty() {
        let kind = configuration.source(name).map_or("", SourceSection::kind);
        return format!("type = {kind:?}  # {}\n", Origin::built_in());
    }
    table(&rows)
}

/// Loads, and says what is known about the base credentials without their secret.
fn check(run: &Run<'_>, configuration: &Configuration, plan: &BasePlan) -> Result<String, Error> {
    let source = sources::build(configuration, &plan.sources, run.world.system, &run.world.prompt)?;
    let (loaded, identity) = identify_base(&run.world, configuration, plan, &source)?;
    let mut rows = vec![[
        "source".to_owned(),
        format!("{} ({})", loaded.source_name(), plan.sources.origin),
    ]];
    let expires_at = match &loaded {
        Loaded::Keys(base) => {
            rows.extend(about_key(run, base, identity.as_ref()));
            base.expires_at()
        }
        Loaded::WebIdentity(_, token) => {
            rows.extend(about_web_identity(token.claims()));
            Some(token.claims().expires_at)
        }
    };
    if let Some(expires_at) = expires_at {
        let left = time_between(run.world.system.clock.now(), expires_at);
        rows.push([
            "expires".to_owned(),
            format!("{} (in {left})", humantime::format_rfc3339_seconds(expires_at)),
        ]);
    }
    Ok(table(&rows.into_iter().map(Vec::from).collect::<Vec<_>>()))
}

fn about_key(run: &Run<'_>, base: &BaseCredentials, identity: Option<&CallerIdentity>) -> Vec<[String; 2]> {
    let kind = if base.is_temporary() {
        "temporary"
    } else {
        "long-lived"
    };
    let mut rows = vec![["base key".to_owned(), base.access_key_id().to_owned()]];
    if let Some(identity) = identity {
        rows.push(["base identity".to_owned(), identity.arn.clone()]);
        rows.push(["account id".to_owned(), identity.account.to_string()]);
    }
    rows.push(["kind".to_owned(), kind.to_owned()]);
    rows.push(["stored".to_owned(), stored_since(run, base)]);
    rows
}

/// What the token claims. Only the role that it is used for can tell whether AWS believes it.
fn about_web_identity(claims: &WebIdentityClaims) -> Vec<[String; 2]> {
    let row = |what: &str, value: &str| [what.to_owned(), visible(value)];
    vec![
        row("kind", "web identity"),
        row("issuer", &claims.issuer),
        row("subject", &claims.subject),
        row("audience", &claims.audience.join(", ")),
    ]
}

/// Since when the store has the key. How old the key is, only IAM knows, and that takes a permission of its own.
fn stored_since(run: &Run<'_>, base: &BaseCredentials) -> String {
    let is_made = base.were_made();
    match base.stored_at() {
        Some(stored_at) => {
            let age = time_between(stored_at, run.world.system.clock.now());
            format!("{} ({age} ago)", humantime::format_rfc3339_seconds(stored_at))
        }
        None if is_made => "not at all: it was made for this check".to_owned(),
        None => "not known: the source does not say since when it has the key".to_owned(),
    }
}
