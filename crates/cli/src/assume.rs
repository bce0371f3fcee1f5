//! From what a source gave to the session of the last role: MFA, and one request after the other.

use std::pin::pin;
use std::time::Duration;

use rolewrap_core::BaseCredentials;
use rolewrap_role::{AssumeRoleRequest, Session, StsClient, StsError};
use tokio::time::timeout;

use crate::configuration::Configuration;
use crate::error::Error;
use crate::explain;
use crate::loaded::Loaded;
use crate::longest;
use crate::mfa;
use crate::plan::{Hop, Plan};
use crate::run::Run;
use crate::signer::Signer;
use crate::wait::boxed;
use crate::web_identity;

/// How long a person waits without wondering.
const PATIENCE: Duration = Duration::from_secs(3);

/// Shows MFA where the plan has it, and asks for the roles. With the session comes the MFA session, where there is one.
pub(crate) async fn show_mfa_and_assume(
    run: &Run<'_>,
    configuration: &Configuration,
    client: &StsClient,
    loaded: &Loaded,
    plan: &Plan,
) -> Result<(Session, Option<BaseCredentials>), Error> {
    let mfa_session = match loaded {
        // Boxed, here and below: the compiler gives up on futures that lie in each other too deeply.
        Loaded::Keys(base) => boxed(mfa::session(run, configuration, client, base, plan)).await?,
        Loaded::WebIdentity(..) => None,
    };
    let Some(mfa_session) = mfa_session else {
        let session = boxed(assume(run, configuration, client, loaded, plan)).await?;
        return Ok((session, None));
    };
    let loaded = Loaded::Keys(mfa_session.clone());
    let session = boxed(assume(run, configuration, client, &loaded, plan)).await?;
    Ok((session, Some(mfa_session)))
}

/// Asks for one role after the other, each with the session of the one before.
pub(crate) async fn assume(
    run: &Run<'_>,
    configuration: &Configuration,
    client: &StsClient,
    loaded: &Loaded,
    plan: &Plan,
) -> Result<Session, Error> {
    let mut session = assume_first(run, configuration, client, loaded, plan).await?;
    for next in 1..plan.hops.len() {
        let signer = Signer::after(&plan.hops[next - 1], &session)?;
        session = assume_one(run, client, &signer, plan, next).await?;
    }
    Ok(session)
}

/// The session of the first role, for which the base credentials sign, or which a web identity token is sent for. The MFA
/// code goes with the request where the plan says so.
async fn assume_first(
    run: &Run<'_>,
    configuration: &Configuration,
    client: &StsClient,
    loaded: &Loaded,
    plan: &Plan,
) -> Result<Session, Error> {
    let signer = loaded.signer();
    let request = plan.hops[0].request();
    let mfa = plan.mfa(loaded.source_name()).filter(|_| plan.is_mfa_direct());
    let (Some(mfa), Loaded::Keys(base)) = (mfa, loaded) else {
        return assume_one(run, client, &signer, plan, 0).await;
    };
    mfa::refuse_temporary(base, mfa)?;
    let answer = mfa::with_code(run, configuration, mfa, async |code| {
        let request = request.clone().with_mfa(mfa.serial.value.clone(), code);
        ask(run, client, &signer, &plan.hops[0], request).await
    });
    answer
        .await?
        .map_err(|error| explain::sts(&error, &signer, &plan.base, Some((plan, 0))))
}

async fn assume_one(
    run: &Run<'_>,
    client: &StsClient,
    signer: &Signer<'_>,
    plan: &Plan,
    index: usize,
) -> Result<Session, Error> {
    let hop = &plan.hops[index];
    ask(run, client, signer, hop, hop.request())
        .await
        .map_err(|error| explain::sts(&error, signer, &plan.base, Some((plan, index))))
}

/// Asks for the role of one hop, and says so where it takes long.
async fn ask(
    run: &Run<'_>,
    client: &StsClient,
    signer: &Signer<'_>,
    hop: &Hop,
    request: AssumeRoleRequest,
) -> Result<Session, StsError> {
    run.messages.step(&format!(
        "asking {} for {} ({})",
        client.endpoint(),
        request.role,
        hop.role.origin
    ));
    let mut answer = pin!(async {
        match signer {
            Signer::Base(base) => longest::assume(run, client, base, request).await,
            Signer::WebIdentity(_, token) => web_identity::assume(run, client, token, request).await,
            Signer::Hop { credentials, .. } => longest::assume(run, client, credentials, request).await,
        }
    });
    if let Ok(answer) = timeout(PATIENCE, &mut answer).await {
        return answer;
    }
    run.messages
        .warning(&format!("still waiting for an answer of {}", client.endpoint()));
    answer.await
}
