//! From the plan to a session: the two arrows of the journey that wait for somebody else.

use std::time::Duration;

use rolewrap_core::{BaseCredentialSource, BaseCredentials};
use rolewrap_role::{CallerIdentity, Session, StsClient, StsError};
use tokio::runtime::Builder;
use tokio::time::Instant;

use crate::configuration::Configuration;
use crate::error::Error;
use crate::explain;
use crate::messages::Messages;
use crate::plan::Plan;
use crate::system::System;

/// How long a key that was just made may be unknown to IAM: it takes seconds, and hardly ever more than ten.
const NEW_KEY_LONGEST: Duration = Duration::from_secs(30);
/// The first pause between two requests with such a key. It doubles.
const NEW_KEY_PAUSE: Duration = Duration::from_millis(500);

/// Loads the base credentials and assumes the role.
pub(crate) fn obtain(
    configuration: &Configuration,
    plan: &Plan,
    source: &dyn BaseCredentialSource,
    system: &System,
    messages: Messages,
) -> Result<Session, Error> {
    let client = client(configuration, plan, system, messages)?;
    wait_for(async {
        let base = load(source, plan, configuration, messages).await?;
        let session = assume(&client, &base, plan, system, messages).await;
        release(source, &base, messages).await;
        session
    })
}

/// As [`obtain`], and asks STS as well whom the base credentials belong to.
pub(crate) fn identify(
    configuration: &Configuration,
    plan: &Plan,
    source: &dyn BaseCredentialSource,
    system: &System,
    messages: Messages,
) -> Result<(BaseCredentials, CallerIdentity, Session, String), Error> {
    let client = client(configuration, plan, system, messages)?;
    wait_for(async {
        let base = load(source, plan, configuration, messages).await?;
        let identified = async {
            let identity = while_new(&base, async || client.caller_identity(&base).await)
                .await
                .map_err(|error| explain::sts(&error, &base, plan))?;
            let session = assume(&client, &base, plan, system, messages).await?;
            Ok((identity, session))
        }
        .await;
        release(source, &base, messages).await;
        let (identity, session) = identified?;
        Ok((base, identity, session, client.endpoint().to_owned()))
    })
}

/// The client for STS. While the base credentials are loaded, it reads the certificates that it will need.
fn client(
    configuration: &Configuration,
    plan: &Plan,
    system: &System,
    messages: Messages,
) -> Result<StsClient, Error> {
    let partition = plan.role.value.partition();
    let client = StsClient::new(plan.sts.clone(), partition, system.clock.clone())
        .map_err(|error| explain::settings(&error, plan, configuration))?;
    messages.detail(&format!(
        "STS endpoint {}, region {}",
        client.endpoint(),
        client.region()
    ));
    Ok(client)
}

async fn load(
    source: &dyn BaseCredentialSource,
    plan: &Plan,
    configuration: &Configuration,
    messages: Messages,
) -> Result<BaseCredentials, Error> {
    let base = source
        .load()
        .await
        .map_err(|error| explain::source(&error, &plan.sources, configuration))?;
    messages.step(&format!(
        "base credentials {} from source {} ({})",
        base.access_key_id(),
        base.source_name(),
        plan.sources.origin
    ));
    Ok(base)
}

/// Asks again while IAM does not know a key yet that was made for this run.
async fn while_new<T>(
    base: &BaseCredentials,
    ask: impl AsyncFn() -> Result<T, StsError>,
) -> Result<T, StsError> {
    let is_made = base.lease().is_some_and(|lease| lease.id().is_some());
    let deadline = Instant::now() + NEW_KEY_LONGEST;
    let mut pause = NEW_KEY_PAUSE;
    loop {
        match ask().await {
            Err(StsError::UnknownAccessKey { .. })
                if is_made && !base.is_temporary() && Instant::now() + pause < deadline => {}
            answer => return answer,
        }
        tokio::time::sleep(pause).await;
        pause *= 2;
    }
}

/// Gives back what the source lent. The command can run without, so it is no more than a warning.
async fn release(source: &dyn BaseCredentialSource, base: &BaseCredentials, messages: Messages) {
    let Some(lease) = base.lease() else { return };
    match source.release(base).await {
        Ok(()) => messages.detail(&match lease.id() {
            Some(id) => format!("revoked the lease {id}"),
            None => format!("ended the login of source {}", base.source_name()),
        }),
        Err(error) => messages.warning(&format!("failed to {error}")),
    }
}

async fn assume(
    client: &StsClient,
    base: &BaseCredentials,
    plan: &Plan,
    system: &System,
    messages: Messages,
) -> Result<Session, Error> {
    let request = plan.request();
    messages.detail(&format!("assuming {} ({})", request.role, plan.role.origin));
    let session = while_new(base, async || client.assume_role(base, &request).await)
        .await
        .map_err(|error| explain::sts(&error, base, plan))?;
    let left = session
        .expires_at()
        .duration_since(system.clock.now())
        .unwrap_or_default();
    messages.step(&format!(
        "running as {}, for {}",
        session.assumed_role_arn(),
        humantime::format_duration(Duration::from_secs(left.as_secs()))
    ));
    Ok(session)
}

/// Runs `work` to its end. One request at a time is all there is to do, so one thread is enough.
fn wait_for<T>(work: impl Future<Output = Result<T, Error>>) -> Result<T, Error> {
    let runtime = Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(|error| Error::new("cannot prepare to use the network").cause(error))?;
    let outcome = runtime.block_on(work);
    // A host name that is still being looked up cannot be cancelled, and nobody waits for it any more.
    runtime.shutdown_background();
    outcome
}
