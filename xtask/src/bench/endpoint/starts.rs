use std::path::Path;
use std::time::Duration;

use rolewrap_lab::{Answer, StsStub};

use super::paired::Paired;
use crate::Failure;
use crate::bench::sts_endpoint::{StsEndpoint, Stubs};
use crate::bench::variables::{ROLE, TRUE, variables};
use crate::bench::{Contender, Target, table};

const ROUNDS: usize = 60;
/// What STS takes in earnest, at the least, from the same region.
const STS_TAKES: Duration = Duration::from_millis(20);

const ENV: &str = "env, STS at once";
const ENDPOINT: &str = "endpoint, STS at once";
const ENV_LATER: &str = "env, STS after 20 ms";
const ENDPOINT_LATER: &str = "endpoint, STS after 20 ms";

/// How much later a command starts because of the endpoint.
///
/// The process of the endpoint is started while STS is waited for. A stub that answers at once leaves nothing to wait
/// for, so all of it shows; with one that takes its time, what is left comes after the session is had.
#[derive(Debug)]
pub(super) struct Starts(Vec<Contender>);

impl Starts {
    pub(super) fn measure(rolewrap: &Path, stubs: &Stubs) -> Result<Self, Failure> {
        let slow = StsStub::start()?;
        slow.answer_by_default(Answer::success().after(STS_TAKES));
        let later = StsEndpoint {
            url: slow.url(),
            bundle: None,
        };
        let rolewrap = rolewrap.to_string_lossy();
        let contender = |name, delivery, sts| {
            let words = [
                &*rolewrap,
                "--iam-role",
                ROLE,
                "--delivery",
                delivery,
                "exec",
                "--",
                TRUE,
            ];
            Contender::new(name, &words).variables(&variables(sts))
        };
        let mut contenders = vec![
            contender(ENV, "env", &stubs.http),
            contender(ENDPOINT, "endpoint", &stubs.http),
            contender(ENV_LATER, "env", &later),
            contender(ENDPOINT_LATER, "endpoint", &later),
        ];
        contenders.iter_mut().for_each(Contender::warm_up);
        for round in 0..ROUNDS {
            contenders
                .iter_mut()
                .try_for_each(|contender| contender.run(round))?;
        }
        Ok(Self(contenders))
    }

    pub(super) fn text(&self) -> String {
        let interval = |paired: Paired| {
            let (low, high) = paired.between;
            format!("{:.2} ms ({low:.2} to {high:.2})", paired.median)
        };
        format!(
            "rolewrap exec true, by delivery. The endpoint's own process is nobody's child, and its CPU is not in here.\n\n{}\n\
             The endpoint takes longer by {}, and where STS takes its time by {}.\n",
            table::contenders(&self.0, ENV),
            interval(self.longer(ENDPOINT, ENV)),
            interval(self.longer(ENDPOINT_LATER, ENV_LATER)),
        )
    }

    pub(super) fn targets(&self) -> Vec<Target> {
        vec![
            Target::at_most(
                "endpoint, the command starts later by",
                5.0,
                self.longer(ENDPOINT, ENV).median,
                " ms",
            ),
            Target::at_most(
                "endpoint, the same where STS takes 20 ms",
                5.0,
                self.longer(ENDPOINT_LATER, ENV_LATER).median,
                " ms",
            ),
        ]
    }

    fn longer(&self, of: &str, than: &str) -> Paired {
        let named = |name| self.0.iter().find(|contender| contender.name() == name);
        let both = named(of).zip(named(than));
        both.map_or_else(Paired::none, |(of, than)| Paired::difference(of, than))
    }
}
