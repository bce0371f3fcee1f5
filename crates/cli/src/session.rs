//! From the plan to a session: the two arrows of the journey that wait for somebody else.

use std::future::poll_fn;
use std::pin::pin;
use std::time::Duration;

use rolewrap_core::{BaseCredentials, SourceError};
use rolewrap_role::{CallerIdentity, Partition, Session, StsClient, StsError, WebIdentityToken};

#[cfg(unix)]
use crate::assume::assume;
use crate::assume::show_mfa_and_assume;
use crate::cache::RunCache;
use crate::configuration::Configuration;
use crate::error::Error;
use crate::explain;
use crate::lease::while_new;
use crate::loaded::Loaded;
use crate::mfa;
use crate::plan::{BasePlan, Plan};
use crate::run::Run;
use crate::sources::Source;
use crate::wait::{boxed, wait_for};

/// A session, and what is kept for the next one.
#[derive(Debug)]
pub(crate) struct Obtained {
    pub(crate) session: Session,
    /// Whether it is another run's, from the cache.
    pub(crate) is_shared: bool,
    /// What signs for the next one, where a person would be needed for it again: the MFA session, or the base
    /// credentials.
    pub(crate) kept: Option<BaseCredentials>,
}

/// A session as the one before, from within a process that runs on: with the base credentials that were `kept`, as long
/// as AWS takes them, and otherwise with what the source gives now. With an error comes what is kept all the same.
#[cfg(unix)]
pub(crate) async fn assume_again(
    run: &Run<'_>,
    configuration: &Configuration,
    plan: &Plan,
    source: &Source,
    kept: Option<BaseCredentials>,
) -> Result<Obtained, (Error, Option<BaseCredentials>)> {
    let now = run.system.clock.now();
    let Some(base) = kept.filter(|base| base.expires_at().is_none_or(|expiry| expiry > now)) else {
        let loaded = load_and_assume(run, configuration, plan, source).await;
        return loaded.map_err(|error| (error, None));
    };
    let loaded = Loaded::Keys(base.clone());
    let assumed = async {
        let client = client_for(run, configuration, plan)?;
        assume(run, configuration, &client, &loaded, plan).await
    };
    match assumed.await {
        Ok(session) => Ok(Obtained {
            session,
            is_shared: false,
            kept: Some(base),
        }),
        // The key has been rotated or has expired, so the source has another one by now.
        Err(error) if error.is_about_the_key() => Err((error, None)),
        Err(error) => Err((error, Some(base))),
    }
}

/// Loads the base credentials and assumes the role, hop by hop.
pub(crate) async fn load_and_assume(
    run: &Run<'_>,
    configuration: &Configuration,
    plan: &Plan,
    source: &Source,
) -> Result<Obtained, Error> {
    let client = client_for(run, configuration, plan)?;
    // On the heap, because it is large.
    let work = Box::pin(async {
        let loaded = load(run, configuration, source, &plan.base).await?;
        let assumed = show_mfa_and_assume(run, configuration, &client, &loaded, plan).await;
        source.release(&loaded, run.messages).await;
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
    run: &Run<'_>,
    configuration: &Configuration,
    plan: &Plan,
    source: &Source,
) -> Result<Option<BaseCredentials>, Error> {
    let loaded = load(run, configuration, source, &plan.base).await?;
    let shown = match &loaded {
        Loaded::Keys(base) if plan.mfa(base.source_name()).is_some() => {
            let client = client_for(run, configuration, plan)?;
            mfa::session(run, configuration, &client, base, plan).await
        }
        _ => Ok(None),
    };
    source.release(&loaded, run.messages).await;
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

/// Obtains a session, and asks STS as well whom the base credentials belong to; a web identity says so itself. With them
/// comes the endpoint asked.
pub(crate) fn identify(
    run: &Run<'_>,
    configuration: &Configuration,
    plan: &Plan,
    source: &Source,
) -> Result<(Loaded, Option<CallerIdentity>, Session, String), Error> {
    let client = client_for(run, configuration, plan)?;
    let cache = RunCache::open(run, configuration, plan, source)?;
    wait_for(beside_connecting(&client, async {
        let loaded = load(run, configuration, source, &plan.base).await?;
        let identified = async {
            let identity = whose(run, &client, &loaded, &plan.base).await?;
            let assume = async || {
                let work = show_mfa_and_assume(run, configuration, &client, &loaded, plan);
                boxed(work).await.map(|(session, _)| session)
            };
            let session = match &cache {
                Some(cache) => cache.obtain(run, None, assume).await,
                None => assume().await,
            };
            let session = session.map_err(|error| match &identity {
                Some(identity) => error.with("base identity", &identity.arn),
                None => error,
            })?;
            say_who(run, &session);
            Ok((identity, session))
        }
        .await;
        source.release(&loaded, run.messages).await;
        let (identity, session) = identified?;
        Ok((loaded, identity, session, client.endpoint().to_owned()))
    }))
}

/// Loads the base credentials and asks STS whom they belong to; a web identity says so itself. No role is assumed.
pub(crate) fn identify_base(
    run: &Run<'_>,
    configuration: &Configuration,
    plan: &BasePlan,
    source: &Source,
) -> Result<(Loaded, Option<CallerIdentity>), Error> {
    let client = client(run, configuration, plan, plan.partition())?;
    wait_for(beside_connecting(&client, async {
        let loaded = load(run, configuration, source, plan).await?;
        let identity = whose(run, &client, &loaded, plan).await;
        source.release(&loaded, run.messages).await;
        Ok((loaded, identity?))
    }))
}

/// Whom base credentials belong to. Nobody can be asked about a web identity.
async fn whose(
    run: &Run<'_>,
    client: &StsClient,
    loaded: &Loaded,
    plan: &BasePlan,
) -> Result<Option<CallerIdentity>, Error> {
    let base = match loaded {
        Loaded::Keys(base) => base,
        Loaded::WebIdentity(_, token) => {
            let expired_at = token.claims().expires_at;
            if expired_at > run.system.clock.now() {
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

/// The client for the hops of `plan`, which are all in one partition.
fn client_for(run: &Run<'_>, configuration: &Configuration, plan: &Plan) -> Result<StsClient, Error> {
    let partition = plan.target_hop().role.value.partition();
    client(run, configuration, &plan.base, partition)
}

/// The client for STS. It begins to read the certificates that it will need.
fn client(
    run: &Run<'_>,
    configuration: &Configuration,
    plan: &BasePlan,
    partition: Partition,
) -> Result<StsClient, Error> {
    let client = StsClient::new(plan.sts.clone(), partition, run.system.clock.clone())
        .map_err(|error| explain::settings(&error, plan, configuration))?;
    run.messages.detail(&format!(
        "STS endpoint {}, region {}",
        client.endpoint(),
        client.region()
    ));
    if sends_in_the_clear(client.endpoint()) {
        run.messages.warning(&format!(
            "{} is not encrypted: whoever is on the way can read the session",
            client.endpoint()
        ));
    }
    Ok(client)
}

/// Whether the endpoint is another machine and is asked without TLS.
fn sends_in_the_clear(endpoint: &str) -> bool {
    let Some(rest) = endpoint.strip_prefix("http://") else {
        return false;
    };
    let host = rest.split('/').next().unwrap_or_default();
    let host = host.rsplit_once(':').map_or(host, |(host, _)| host);
    !(host == "localhost" || host == "[::1]" || host.starts_with("127."))
}

async fn load(
    run: &Run<'_>,
    configuration: &Configuration,
    source: &Source,
    plan: &BasePlan,
) -> Result<Loaded, Error> {
    for warning in source.warnings() {
        run.messages
            .warning(&format!("source {}: {warning}", source.name()));
    }
    let failed = |error: SourceError| explain::source(&error, &plan.sources, configuration);
    let origin = &plan.sources.origin;
    match source {
        Source::Keys(source) => {
            let base = source.load().await.map_err(failed)?;
            for passed_over in base.passed_over() {
                run.messages.step(&format!(
                    "source {} has nothing: {}",
                    passed_over.source_name(),
                    passed_over.reason()
                ));
            }
            run.messages.step(&format!(
                "base credentials {} from source {} ({origin})",
                base.access_key_id(),
                base.source_name()
            ));
            Ok(Loaded::Keys(base))
        }
        Source::WebIdentity(source) => {
            let token = source.load().await.map_err(failed)?;
            let name = source.name();
            let token = WebIdentityToken::new(&token)
                .map_err(|error| explain::no_web_identity(&error, name, &plan.sources))?;
            run.messages.step(&format!(
                "web identity {} from source {name} ({origin})",
                token.claims()
            ));
            Ok(Loaded::WebIdentity(name.to_owned(), token))
        }
    }
}

/// Says what the command runs as.
pub(crate) fn say_who(run: &Run<'_>, session: &Session) {
    let left = session
        .expires_at()
        .duration_since(run.system.clock.now())
        .unwrap_or_default();
    run.messages.step(&format!(
        "running as {}, for {}",
        session.assumed_role_arn(),
        humantime::format_duration(Duration::from_secs(left.as_secs()))
    ));
}

/// Runs `work`, which loads the base credentials and asks STS, and meanwhile connects to STS: a store takes longer than
/// that. Work that is done at once, as without a store, comes first, so that nobody is connected to for nothing.
async fn beside_connecting<T>(client: &StsClient, work: impl Future<Output = T>) -> T {
    let (mut work, mut connect) = (pin!(work), pin!(client.connect()));
    let mut is_connecting = true;
    poll_fn(|context| {
        let done = work.as_mut().poll(context);
        if done.is_pending() && is_connecting {
            is_connecting = connect.as_mut().poll(context).is_pending();
        }
        done
    })
    .await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_another_machine_without_tls_is_warned_about() {
        for endpoint in [
            "https://sts.amazonaws.com",
            "http://127.0.0.1:4566/",
            "http://localhost:4566",
            "http://[::1]:1",
        ] {
            assert!(!sends_in_the_clear(endpoint), "{endpoint}");
        }
        for endpoint in [
            "http://sts.example.com",
            "http://10.0.0.1:4566/x",
            "http://localhost.example.com",
        ] {
            assert!(sends_in_the_clear(endpoint), "{endpoint}");
        }
    }
}
