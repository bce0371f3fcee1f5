//! From the plan to a session: the two arrows of the journey that wait for somebody else.

use rolewrap_core::BaseCredentials;
use rolewrap_role::Session;

use crate::error::Error;
use crate::session::Journey;
use crate::session::Loaded;
use crate::session::World;
#[cfg(unix)]
use crate::session::assume::assume;
use crate::session::assume::show_mfa_and_assume;
use crate::session::load::load;
use crate::session::mfa;
use crate::session::sources::Source;
use crate::session::sts_client::{beside_connecting, client_for};
use crate::ui::text::time_between;

/// A session, and what is kept for the next one.
#[derive(Debug)]
pub(crate) struct Obtained {
    pub(crate) session: Session,
    /// Whether it is another run's, from the cache.
    #[cfg_attr(not(unix), expect(dead_code, reason = "only an endpoint renews it"))]
    pub(crate) is_shared: bool,
    /// What signs for the next one, where a person would be needed for it again: the MFA session, or the base
    /// credentials.
    pub(crate) kept: Option<BaseCredentials>,
}

/// A session as the one before, from within a process that runs on: with the base credentials that were `kept`, as long
/// as AWS takes them, and otherwise with what the source gives now. What is kept for the next one is then there.
#[cfg(unix)]
pub(crate) async fn assume_again(
    journey: Journey<'_>,
    source: &Source,
    kept: &mut Option<BaseCredentials>,
) -> Result<Session, Error> {
    let now = journey.world.system.clock.now();
    kept.take_if(|base| base.expires_at().is_some_and(|expiry| expiry <= now));
    let Some(base) = kept.clone() else {
        let obtained = load_and_assume(journey, source).await?;
        *kept = obtained.kept;
        return Ok(obtained.session);
    };
    let client = client_for(journey)?;
    let assumed = assume(journey, &client, &Loaded::Keys(base)).await;
    // The key has been rotated or has expired, so the source has another one by now.
    kept.take_if(|_| assumed.as_ref().is_err_and(Error::is_about_the_key));
    assumed
}

/// Loads the base credentials and assumes the role, hop by hop.
pub(crate) async fn load_and_assume(journey: Journey<'_>, source: &Source) -> Result<Obtained, Error> {
    let client = client_for(journey)?;
    // On the heap, because it is large.
    let work = Box::pin(async {
        let loaded = load(journey.world, journey.configuration, source, &journey.plan.base).await?;
        let assumed = show_mfa_and_assume(journey, &client, &loaded).await;
        source.release(&loaded, journey.world.messages).await;
        let (session, mfa_session) = assumed?;
        Ok(Obtained {
            session,
            is_shared: false,
            kept: kept(source, loaded, mfa_session),
        })
    });
    beside_connecting(&client, work).await
}

/// What is kept of the base credentials for the next session, for one that is here already.
pub(crate) async fn load_to_keep(
    journey: Journey<'_>,
    source: &Source,
) -> Result<Option<BaseCredentials>, Error> {
    let plan = journey.plan;
    let loaded = load(journey.world, journey.configuration, source, &plan.base).await?;
    let shown = match &loaded {
        Loaded::Keys(base) if plan.mfa(base.source_name()).is_some() => {
            let client = client_for(journey)?;
            mfa::session(journey, &client, base).await
        }
        _ => Ok(None),
    };
    source.release(&loaded, journey.world.messages).await;
    Ok(kept(source, loaded, shown?))
}

/// What signs for the next session, where a person would be needed for it again.
fn kept(source: &Source, loaded: Loaded, mfa_session: Option<BaseCredentials>) -> Option<BaseCredentials> {
    let keeps = source.is_worth_keeping(&loaded);
    match loaded {
        Loaded::Keys(base) if keeps && mfa_session.is_none() => Some(base),
        _ => mfa_session,
    }
}

/// Says what the command runs as.
pub(crate) fn say_who(world: &World<'_>, session: &Session) {
    world.messages.step(&format!(
        "running as {}, for {}",
        session.assumed_role_arn(),
        time_between(world.system.clock.now(), session.expires_at())
    ));
}
