//! From what a source gave to the session of the last role: MFA, and one request after the other.

use std::pin::pin;
use std::time::Duration;

use rolewrap_core::BaseCredentials;
use rolewrap_role::{AssumeRoleRequest, Session, StsClient, StsError};
use tokio::time::timeout;

use crate::error::Error;
use crate::host::wait::boxed;
use crate::plan::Hop;
use crate::session::Journey;
use crate::session::Loaded;
use crate::session::World;
use crate::session::explain;
use crate::session::longest;
use crate::session::mfa;
use crate::session::signer::Signer;
use crate::session::web_identity;

/// How long a person waits without wondering.
const PATIENCE: Duration = Duration::from_secs(3);

/// Shows MFA where the plan has it, and asks for the roles. With the session comes the MFA session, where there is one.
pub(crate) async fn show_mfa_and_assume(
    journey: Journey<'_>,
    client: &StsClient,
    loaded: &Loaded,
) -> Result<(Session, Option<BaseCredentials>), Error> {
    let mfa_session = match loaded {
        // Boxed, here and below: the compiler gives up on futures that lie in each other too deeply.
        Loaded::Keys(base) => boxed(mfa::session(journey, client, base)).await?,
        Loaded::WebIdentity(..) => None,
    };
    let Some(mfa_session) = mfa_session else {
        let session = boxed(assume(journey, client, loaded)).await?;
        return Ok((session, None));
    };
    let loaded = Loaded::Keys(mfa_session.clone());
    let session = boxed(assume(journey, client, &loaded)).await?;
    Ok((session, Some(mfa_session)))
}

/// Asks for one role after the other, each with the session of the one before.
pub(crate) async fn assume(
    journey: Journey<'_>,
    client: &StsClient,
    loaded: &Loaded,
) -> Result<Session, Error> {
    let mut session = assume_first(journey, client, loaded).await?;
    for next in 1..journey.plan.hops.len() {
        let signer = Signer::after(&journey.plan.hops[next - 1], &session)?;
        session = assume_one(journey, client, &signer, next).await?;
    }
    Ok(session)
}

/// The session of the first role, for which the base credentials sign, or which a web identity token is sent for. The MFA
/// code goes with the request where the plan says so.
async fn assume_first(journey: Journey<'_>, client: &StsClient, loaded: &Loaded) -> Result<Session, Error> {
    let (world, plan) = (journey.world, journey.plan);
    let signer = loaded.signer();
    let request = plan.hops[0].request();
    let mfa = plan.mfa(loaded.source_name()).filter(|_| plan.is_mfa_direct());
    let (Some(mfa), Loaded::Keys(base)) = (mfa, loaded) else {
        return assume_one(journey, client, &signer, 0).await;
    };
    mfa::refuse_temporary(base, mfa)?;
    let answer = mfa::with_code(journey, mfa, async |code| {
        let request = request.clone().with_mfa(mfa.serial.value.clone(), code);
        ask(world, client, &signer, &plan.hops[0], request).await
    });
    answer
        .await?
        .map_err(|error| explain::sts(&error, &signer, &plan.base, Some((plan, 0))))
}

async fn assume_one(
    journey: Journey<'_>,
    client: &StsClient,
    signer: &Signer<'_>,
    index: usize,
) -> Result<Session, Error> {
    let plan = journey.plan;
    let hop = &plan.hops[index];
    ask(journey.world, client, signer, hop, hop.request())
        .await
        .map_err(|error| explain::sts(&error, signer, &plan.base, Some((plan, index))))
}

/// Asks for the role of one hop, and says so where it takes long.
async fn ask(
    world: &World<'_>,
    client: &StsClient,
    signer: &Signer<'_>,
    hop: &Hop,
    request: AssumeRoleRequest,
) -> Result<Session, StsError> {
    world.messages.step(&format!(
        "asking {} for {} ({})",
        client.endpoint(),
        request.role,
        hop.role.origin
    ));
    let mut answer = pin!(async {
        match signer {
            Signer::Base(base) => longest::assume(world, client, base, request).await,
            Signer::WebIdentity(_, token) => web_identity::assume(world, client, token, request).await,
            Signer::Hop { credentials, .. } => longest::assume(world, client, credentials, request).await,
        }
    });
    if let Ok(answer) = timeout(PATIENCE, &mut answer).await {
        return answer;
    }
    world
        .messages
        .warning(&format!("still waiting for an answer of {}", client.endpoint()));
    answer.await
}
