use std::path::Path;

use rolewrap_lab::{Answer, Sandbox, StsStub};

use super::load::CONNECTIONS;
use super::observed::Observed;
use super::pace::Pace;
use super::system_certificates::with_the_stub;
use crate::Failure;
use crate::bench::Target;
use crate::bench::sts_endpoint::{StsEndpoint, Stubs};
use crate::bench::variables::{ROLE, variables};

/// How long the sessions live that are renewed: half a second after they were had.
const SHORT_SESSION_SECONDS: i64 = 1;
const RENEWALS: usize = 10;

/// The endpoint's process, under load and at rest.
#[derive(Debug)]
pub(super) struct Service {
    /// With one session throughout.
    steady: Observed,
    /// With sessions that are renewed all the time, over TLS.
    renewing: Observed,
}

impl Service {
    pub(super) fn measure(rolewrap: &Path, folder: &Path, stubs: &Stubs) -> Result<Self, Failure> {
        let short = StsStub::start_tls(&["127.0.0.1"])?;
        short.answer_by_default(Answer::success().lasting_seconds(SHORT_SESSION_SECONDS));
        let tls = StsEndpoint {
            url: short.url(),
            bundle: None,
        };
        let certificates = with_the_stub(&short, &folder.join("certificates"))?;
        let renewing = [variables(&tls), certificates.to_vec()].concat();
        Ok(Self {
            steady: observed(rolewrap, &variables(&stubs.http), 0)?,
            renewing: observed(rolewrap, &renewing, RENEWALS)?,
        })
    }

    pub(super) fn text(&self) -> String {
        let Self { steady, renewing } = self;
        format!(
            "The credentials endpoint on one core, and on another one {CONNECTIONS} clients, each of which asks again as soon as\n\
             it has been answered. Busy is the part of the time that the endpoint computed.\n\n\
             {:<28}{:>12}{:>12}{:>12}{:>8}\n{}{}{}\n\
             Its peak is {:.1} MiB after that; {:.1} MiB over TLS with the system's certificates, after {} renewals more.\n\
             While nobody asks it wakes {:.1} times in a second, and computes for {:.0} µs of it.\n",
            "",
            "requests/s",
            "p50",
            "p99",
            "busy",
            line("connections that are kept", &steady.keeping_alive),
            line("a connection for each", &steady.connecting),
            line("kept, while renewing", &renewing.keeping_alive),
            steady.peak,
            renewing.peak,
            renewing.renewals,
            steady.idle_wakeups,
            steady.idle_cpu,
        )
    }

    pub(super) fn targets(&self) -> Vec<Target> {
        let Self { steady, renewing } = self;
        let kept = &steady.keeping_alive;
        vec![
            Target::at_least("endpoint, requests on one core", 20_000.0, kept.per_second, "/s"),
            Target::at_most("endpoint, p99 with 50 clients", 2.0, kept.p99, " ms"),
            Target::at_most(
                "endpoint, peak memory after renewals over TLS",
                10.0,
                renewing.peak,
                " MiB",
            ),
        ]
    }
}

fn line(name: &str, pace: &Pace) -> String {
    format!(
        "{name:<28}{:>12.0}{:>9.2} ms{:>9.2} ms{:>6.0} %\n",
        pace.per_second,
        pace.p50,
        pace.p99,
        pace.busy * 100.0
    )
}

/// What a command under an endpoint sees of it.
fn observed(
    rolewrap: &Path,
    variables: &[(&'static str, String)],
    renewals: usize,
) -> Result<Observed, Failure> {
    let outcome = Sandbox::new()
        .command(rolewrap)
        .args(["--iam-role", ROLE, "--delivery", "endpoint", "exec", "--"])
        .args([std::env::current_exe()?])
        .args(["observe", &renewals.to_string()])
        .envs(variables.iter().map(|(name, value)| (*name, value)))
        .run();
    if outcome.code() == 0 {
        Ok(serde_json::from_str(outcome.stdout())?)
    } else {
        Err(outcome.stderr().trim().into())
    }
}
