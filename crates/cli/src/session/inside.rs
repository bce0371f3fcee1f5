//! A run inside of a session of another run. What the variables hold there is that session, and signs for nothing.

use std::sync::Arc;

use rolewrap_core::{Environment, NobodyToAsk, Prompt, Secret};
use rolewrap_role::{Session, SessionParts};

use crate::configuration::{Configuration, SourceSection};
use crate::error::Error;
use crate::host::system::System;
use crate::host::{SESSION_KEY, SESSION_LACKS, SESSION_SHAPE};
use crate::plan::Chosen;
use crate::plan::delivery::{Delivery, MARGIN};
use crate::session::Journey;
use crate::session::World;
use crate::session::cache::shape;
use crate::session::sources::{self, Source};

/// What the source for the variables reads.
const KEYS: [&str; 2] = ["AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"];
/// What chooses the key of most programs that know AWS, and is not handed on.
const PROFILES: [&str; 2] = ["AWS_PROFILE", "AWS_DEFAULT_PROFILE"];
/// With what the names of variables begin that no source reads.
const OF_RUNS: [&str; 3] = ["ROLEWRAP_", "TG_", "TERRAGRUNT_"];

/// The session around this run, where it is what this run would ask for.
pub(crate) fn same_session(journey: Journey<'_>) -> Option<Session> {
    let Journey { world, plan, .. } = journey;
    let keys = world.system.outer.as_ref()?.keys.as_ref()?;
    let lives = keys.expires_at >= world.system.clock.now() + MARGIN;
    if plan.delivery.value != Delivery::Env || world.is_refreshed || !lives {
        return None;
    }
    if digest(journey, world.system, &keys.secret_access_key)? != keys.shape {
        return None;
    }
    let hop = plan.target_hop();
    let role = &hop.role.value;
    let parts = SessionParts {
        access_key_id: keys.access_key_id.clone(),
        secret_access_key: keys.secret_access_key.clone(),
        session_token: keys.session_token.clone(),
        expires_at: keys.expires_at,
        assumed_role_arn: format!(
            "arn:{}:sts::{}:assumed-role/{}/{}",
            role.partition(),
            role.account(),
            role.name(),
            hop.session_name.value
        ),
        account: role.account().clone(),
        source_identity: plan.source_identity().map(|identity| identity.value.to_string()),
        packed_policy_size: None,
    };
    Some(parts.into())
}

/// Refuses to ask a source that reads what the run around this one did not hand on: it would fail, or give another key.
pub(crate) fn refuse_what_is_lacking(
    world: &World<'_>,
    configuration: &Configuration,
    order: &Chosen<Vec<String>>,
) -> Result<(), Error> {
    let Some(outer) = &world.system.outer else {
        return Ok(());
    };
    for name in &order.value {
        let source = alone(configuration, name, order, world.system)?;
        let lost = lost(configuration, name, &source, world.system);
        if !lost.is_empty() {
            let ended = outer.keys.as_ref().map(|keys| keys.expires_at);
            let ended = ended.filter(|end| *end < world.system.clock.now() + MARGIN);
            let error = Error::new(format!(
                "you are inside a session of rolewrap for {}, and this run needs another one",
                outer.target
            ))
            .cause(format!(
                "source {name} reads what that session does not hand on: {}",
                lost.join(", ")
            ));
            let error = match ended {
                Some(end) => error.cause(format!(
                    "the session around this run ends at {}",
                    humantime::format_rfc3339_seconds(end)
                )),
                None => error,
            };
            return Err(error
                .with("source", format!("{} ({})", order.value.join(", "), order.origin))
                .hint("leave it, or name a source that can be asked here with --source"));
        }
        if is_settled(&source, world.system) {
            break;
        }
    }
    Ok(())
}

/// What `session` leaves for runs inside of it, which see the variables of `view` beside it.
pub(crate) fn marks(
    journey: Journey<'_>,
    session: Option<&Session>,
    view: Arc<dyn Environment>,
) -> Vec<(&'static str, String)> {
    let system = journey.world.system;
    let mut lacks = system.environment.names();
    lacks.retain(|name| view.get(name).is_none() && !OF_RUNS.iter().any(|start| name.starts_with(start)));
    let outer = system.outer.as_ref();
    lacks.extend(outer.iter().flat_map(|outer| outer.lacks.clone()));
    // The list may become a line that a shell runs.
    lacks.retain(|name| {
        name.chars()
            .all(|character| character.is_ascii_alphanumeric() || character == '_')
    });
    lacks.sort_unstable();
    lacks.dedup();
    let mut marks = Vec::new();
    if !lacks.is_empty() {
        marks.push((SESSION_LACKS, lacks.join(",")));
    }
    if let Some(session) = session {
        marks.push((SESSION_KEY, session.access_key_id().to_owned()));
        let inside = system.seen_from_inside(view, lacks);
        if let Some(digest) = digest(journey, &inside, session.secret_access_key()) {
            marks.push((SESSION_SHAPE, digest));
        }
    }
    marks
}

/// The keyed digest of everything that shapes the session that is planned, as a run in the world of `system` sees it. A source
/// that reads what is not handed on is known by its section. Without the session's own secret nobody can tell anything from it.
fn digest(journey: Journey<'_>, system: &System, key: &Secret) -> Option<String> {
    let Journey {
        configuration, plan, ..
    } = journey;
    let order = &plan.base.sources;
    let mut parts = Vec::new();
    for name in &order.value {
        let source = alone(configuration, name, order, system).ok()?;
        parts.push(("source".to_owned(), name.clone().into_bytes()));
        let lost = lost(configuration, name, &source, system);
        if !lost.is_empty() {
            let section = format!("{:?} {lost:?}", configuration.source(name));
            parts.push(("section".to_owned(), section.into_bytes()));
            break;
        }
        let fingerprint = source.fingerprint(system.clock.now())?;
        let own = fingerprint.parts();
        parts.extend(own.map(|(name, value)| (name.to_owned(), value.to_vec())));
        for name in fingerprint.variables() {
            let value = system.environment.get(name).unwrap_or_default();
            parts.push(((*name).to_owned(), value.as_encoded_bytes().to_vec()));
        }
        if fingerprint.depends_on_directory() {
            let directory = system.directory.as_os_str().as_encoded_bytes();
            parts.push(("directory".to_owned(), directory.to_vec()));
        }
        if fingerprint.is_settled() {
            break;
        }
    }
    Some(shape(plan, &parts).digest(key))
}

/// The variables that the source called `name` reads, and that are neither set nor were handed on.
fn lost(configuration: &Configuration, name: &str, source: &Source, system: &System) -> Vec<String> {
    let Some(outer) = &system.outer else {
        return Vec::new();
    };
    let mut reads: Vec<String> = source
        .environment_variables()
        .into_iter()
        .map(str::to_owned)
        .collect();
    match configuration.source(name) {
        Some(SourceSection::Env { .. }) => reads.extend(KEYS.map(str::to_owned)),
        Some(SourceSection::Process { chooses_by, .. }) => match chooses_by {
            Some(choice) => reads.extend(choice.variables.iter().flatten().cloned()),
            None => reads.extend(PROFILES.map(str::to_owned)),
        },
        _ => {}
    }
    reads.retain(|name| outer.lacks.contains(name) && system.environment.get(name).is_none());
    reads
}

fn is_settled(source: &Source, system: &System) -> bool {
    let fingerprint = source.fingerprint(system.clock.now());
    fingerprint.is_some_and(|fingerprint| fingerprint.is_settled())
}

fn alone(
    configuration: &Configuration,
    name: &str,
    order: &Chosen<Vec<String>>,
    system: &System,
) -> Result<Source, Error> {
    let order = Chosen {
        value: vec![name.to_owned()],
        origin: order.origin.clone(),
    };
    let nobody: Arc<dyn Prompt> = Arc::new(NobodyToAsk);
    sources::assemble(configuration, &order, system, &nobody)
}
