//! Whom base credentials belong to.

use rolewrap_role::{CallerIdentity, Session, StsClient, StsError};

use crate::configuration::Configuration;
use crate::error::Error;
use crate::host::wait::{boxed, wait_for};
use crate::plan::BasePlan;
use crate::session::Journey;
use crate::session::Loaded;
use crate::session::World;
use crate::session::asking::refuse_circle_of_mfa;
use crate::session::assume::show_mfa_and_assume;
use crate::session::cache::RunCache;
use crate::session::explain;
use crate::session::fresh::say_who;
use crate::session::inside;
use crate::session::lease::while_new;
use crate::session::load::load;
use crate::session::sources::Source;
use crate::session::sts_client::{beside_connecting, client, client_for};

/// A session, and whom the base credentials belong to that it was obtained with.
pub(crate) struct Identified {
    pub(crate) loaded: Loaded,
    /// What STS says of the base credentials; a web identity says it itself.
    pub(crate) identity: Option<CallerIdentity>,
    pub(crate) session: Session,
    /// The endpoint that was asked.
    pub(crate) endpoint: String,
}

/// Obtains a session, and asks STS as well whom the base credentials belong to.
pub(crate) fn identify(journey: Journey<'_>, source: &Source) -> Result<Identified, Error> {
    let (world, plan) = (journey.world, journey.plan);
    refuse_circle_of_mfa(journey)?;
    inside::refuse_what_is_lacking(world, journey.configuration, &plan.base.sources)?;
    let client = client_for(journey)?;
    let cache = RunCache::open(journey, source)?;
    wait_for(beside_connecting(&client, async {
        let loaded = load(world, journey.configuration, source, &plan.base).await?;
        let identified = async {
            let identity = whose(world, &client, &loaded, &plan.base).await?;
            let assume = async || {
                let work = show_mfa_and_assume(journey, &client, &loaded);
                boxed(work).await.map(|(session, _)| session)
            };
            let session = match &cache {
                Some(cache) => cache.obtain(world, None, assume).await,
                None => assume().await,
            };
            let session = session.map_err(|error| match &identity {
                Some(identity) => error.with("base identity", &identity.arn),
                None => error,
            })?;
            say_who(world, &session);
            Ok((identity, session))
        }
        .await;
        source.release(&loaded, world.messages).await;
        let (identity, session) = identified?;
        Ok(Identified {
            loaded,
            identity,
            session,
            endpoint: client.endpoint().to_owned(),
        })
    }))
}

/// Loads the base credentials and asks STS whom they belong to; a web identity says so itself. No role is assumed.
pub(crate) fn identify_base(
    world: &World<'_>,
    configuration: &Configuration,
    plan: &BasePlan,
    source: &Source,
) -> Result<(Loaded, Option<CallerIdentity>), Error> {
    inside::refuse_what_is_lacking(world, configuration, &plan.sources)?;
    let client = client(world, configuration, plan, plan.partition())?;
    wait_for(beside_connecting(&client, async {
        let loaded = load(world, configuration, source, plan).await?;
        let identity = whose(world, &client, &loaded, plan).await;
        source.release(&loaded, world.messages).await;
        Ok((loaded, identity?))
    }))
}

/// Whom base credentials belong to. Nobody can be asked about a web identity.
async fn whose(
    world: &World<'_>,
    client: &StsClient,
    loaded: &Loaded,
    plan: &BasePlan,
) -> Result<Option<CallerIdentity>, Error> {
    let base = match loaded {
        Loaded::Keys(base) => base,
        Loaded::WebIdentity(_, token) => {
            let expired_at = token.claims().expires_at;
            if expired_at > world.system.clock.now() {
                return Ok(None);
            }
            let expired = StsError::ExpiredWebIdentity {
                operation: "use the web identity".to_owned(),
                expired_at,
                answer: None,
            };
            return Err(explain::sts(&expired, &loaded.signer(), plan, None));
        }
    };
    while_new(base, async || client.caller_identity(base).await)
        .await
        .map(Some)
        .map_err(|error| explain::sts(&error, &loaded.signer(), plan, None))
}
