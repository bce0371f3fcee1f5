//! From the plan to a session: the two arrows of the journey that wait for somebody else.

use std::time::Duration;

use rolewrap_core::{BaseCredentialSource, BaseCredentials};
use rolewrap_role::{CallerIdentity, Session, StsClient};
use tokio::runtime::Builder;

use crate::configuration::Configuration;
use crate::error::Error;
use crate::explain;
use crate::messages::Messages;
use crate::plan::Plan;
use crate::system::System;

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
        let base = load(configuration, plan, source, messages).await?;
        assume(&client, &base, plan, system, messages).await
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
        let base = load(configuration, plan, source, messages).await?;
        let identity = client
            .caller_identity(&base)
            .await
            .map_err(|error| explain::sts(&error, &base, plan))?;
        let session = assume(&client, &base, plan, system, messages).await?;
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
    configuration: &Configuration,
    plan: &Plan,
    source: &dyn BaseCredentialSource,
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

async fn assume(
    client: &StsClient,
    base: &BaseCredentials,
    plan: &Plan,
    system: &System,
    messages: Messages,
) -> Result<Session, Error> {
    let request = plan.request();
    messages.detail(&format!("assuming {} ({})", request.role, plan.role.origin));
    let session = client
        .assume_role(base, &request)
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
