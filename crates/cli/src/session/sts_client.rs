//! The client for STS, as a plan has it.

use std::future::poll_fn;
use std::net::IpAddr;
use std::pin::pin;

use http::Uri;
use http::uri::Scheme;
use rolewrap_role::{Partition, StsClient};

use crate::configuration::Configuration;
use crate::error::Error;
use crate::plan::BasePlan;
use crate::session::Journey;
use crate::session::World;
use crate::session::explain;

/// The client for the hops of the plan, which are all in one partition.
pub(crate) fn client_for(journey: Journey<'_>) -> Result<StsClient, Error> {
    let partition = journey.plan.target_hop().role.value.partition();
    client(
        journey.world,
        journey.configuration,
        &journey.plan.base,
        partition,
    )
}

/// The client for STS. It begins to read the certificates that it will need.
pub(crate) fn client(
    world: &World<'_>,
    configuration: &Configuration,
    plan: &BasePlan,
    partition: Partition,
) -> Result<StsClient, Error> {
    let client = StsClient::new(plan.sts.clone(), partition, world.system.clock.clone())
        .map_err(|error| explain::settings(&error, plan, configuration))?;
    world.messages.detail(&format!(
        "STS endpoint {}, region {}",
        client.endpoint(),
        client.region()
    ));
    if sends_in_the_clear(client.endpoint()) {
        world.messages.warning(&format!(
            "{} is not encrypted: a network attacker can read the session",
            client.endpoint()
        ));
    }
    Ok(client)
}

/// Whether the endpoint is another machine and is asked without TLS.
fn sends_in_the_clear(endpoint: &str) -> bool {
    let Ok(endpoint) = endpoint.parse::<Uri>() else {
        return true;
    };
    let host = endpoint.host().unwrap_or_default().trim_matches(['[', ']']);
    let is_this_machine =
        host == "localhost" || host.parse::<IpAddr>().is_ok_and(|address| address.is_loopback());
    endpoint.scheme() != Some(&Scheme::HTTPS) && !is_this_machine
}

/// Runs `work`, which loads the base credentials and asks STS, and meanwhile connects to STS: a store takes longer than
/// that. Work that is done at once, as without a store, comes first, so that nobody is connected to for nothing.
pub(crate) async fn beside_connecting<T>(client: &StsClient, work: impl Future<Output = T>) -> T {
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
            "http://127.evil.example",
            "HTTP://127.0.0.1.example.com:80",
        ] {
            assert!(sends_in_the_clear(endpoint), "{endpoint}");
        }
    }
}
