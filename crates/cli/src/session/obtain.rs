//! A session that this run may share with others: from the cache, or from STS and then for the cache.

use std::time::SystemTime;

#[cfg(unix)]
use rolewrap_core::BaseCredentials;
#[cfg(unix)]
use rolewrap_role::Session;

use crate::error::Error;
use crate::host::wait::{boxed, wait_for};
use crate::plan::Plan;
use crate::plan::delivery::{Delivery, MARGIN};
use crate::session::Journey;
use crate::session::World;
use crate::session::asking::refuse_circle_of_mfa;
use crate::session::cache::RunCache;
#[cfg(unix)]
use crate::session::fresh::assume_again;
use crate::session::fresh::{Obtained, load_and_assume, load_to_keep, say_who};
use crate::session::inside;
use crate::session::sources::Source;

/// A session of the role: from the cache, or from STS.
pub(crate) fn obtain(journey: Journey<'_>, source: &Source) -> Result<Obtained, Error> {
    let (world, plan) = (journey.world, journey.plan);
    refuse_circle_of_mfa(journey)?;
    if let Some(session) = inside::same_session(journey) {
        world
            .messages
            .step("the session around this run is what it needs");
        say_who(world, &session);
        return Ok(Obtained {
            session,
            is_shared: true,
            kept: None,
        });
    }
    inside::refuse_what_is_lacking(world, journey.configuration, &plan.base.sources)?;
    let cache = RunCache::open(journey, source)?;
    // Nothing is waited for, so nothing is prepared for waiting: many runs at once notice.
    let found = cache.as_ref().filter(|_| !is_renewed(plan, source));
    if let Some(session) = found.and_then(|cache| cache.find(world, least_expiry(world, plan))) {
        say_who(world, &session);
        return Ok(Obtained {
            session,
            is_shared: true,
            kept: None,
        });
    }
    wait_for(async {
        let mut kept = None;
        let mut ask = async || {
            let obtained = boxed(load_and_assume(journey, source)).await?;
            kept = Some(obtained.kept);
            Ok(obtained.session)
        };
        let session = match cache {
            Some(cache) => cache.obtain(world, least_expiry(world, plan), ask).await?,
            None => ask().await?,
        };
        say_who(world, &session);
        let is_shared = kept.is_none();
        let kept = match kept {
            Some(kept) => kept,
            None if is_renewed(plan, source) => {
                let loaded = boxed(load_to_keep(journey, source)).await;
                loaded.unwrap_or_else(|error| {
                    world
                        .messages
                        .warning(&format!("the session cannot be renewed: {}", error.in_one_line()));
                    None
                })
            }
            None => None,
        };
        Ok(Obtained {
            session,
            is_shared,
            kept,
        })
    })
}

/// Until when a session of the cache has to live at least, whatever `min_remaining` says. One that is renewed need not.
fn least_expiry(world: &World<'_>, plan: &Plan) -> Option<SystemTime> {
    match plan.delivery.value {
        Delivery::Env => Some(world.system.clock.now() + MARGIN),
        Delivery::Endpoint => None,
    }
}

/// Whether what signs for the next session has to be at hand although this one is from the cache: a person can be asked
/// now, and not when the time comes. Reading the environment asks nobody.
fn is_renewed(plan: &Plan, source: &Source) -> bool {
    let Source::Keys(keys) = source else {
        // A token is read anew each time.
        return false;
    };
    let is_known = keys
        .fingerprint()
        .is_some_and(|fingerprint| fingerprint.is_settled());
    plan.delivery.value == Delivery::Endpoint && (!is_known || !plan.mfa_of_sources().is_empty())
}

/// A session in the place of one that expires at `expires_at`, from within a process that runs on: another process's, or
/// one that is asked for with what was `kept`. Says with it whether it is another's.
#[cfg(unix)]
pub(crate) async fn obtain_again(
    journey: Journey<'_>,
    source: &Source,
    kept: &mut Option<BaseCredentials>,
    expires_at: SystemTime,
) -> Result<(Session, bool), Error> {
    let journey = Journey {
        replaces: Some(expires_at),
        ..journey
    };
    let cache = RunCache::open_at_once(journey, source)?;
    let mut is_shared = true;
    let mut ask = async || {
        let session = boxed(assume_again(journey, source, kept)).await?;
        is_shared = false;
        Ok(session)
    };
    let session = match cache {
        Some(cache) => cache.obtain(journey.world, Some(expires_at), ask).await?,
        None => ask().await?,
    };
    Ok((session, is_shared))
}
