use std::fs;
use std::io;
use std::net::SocketAddr;
use std::path::Path;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::SystemTime;

use self::rate_limit::RateLimit;
use self::script::Script;
use self::server::Server;
use self::tls::ServerIdentity;

mod answer;
mod proxy_stub;
mod rate_limit;
mod request;
mod respond;
mod script;
pub(crate) mod server;
mod tls;

pub use answer::{Answer, Hold};
pub use proxy_stub::{ProxyStub, ProxyStubRequest};
pub use request::StsRequest;

/// A stub of STS: it speaks the query protocol, and does what a script says.
///
/// It is for what no real counterpart does on demand: faults, throttling, expiry, slow and broken answers, a
/// clock that is wrong, and for counting and recording requests. It checks no signature, no permission and no
/// trust policy; whether a role can really be assumed, and what AWS says when it cannot, is tested against
/// [`Moto`](crate::Moto).
///
/// Without a script it answers `AssumeRole`, `AssumeRoleWithWebIdentity`, `GetSessionToken` and
/// `GetCallerIdentity` with success. It has a thread of its own, so that tests without a runtime can use it, and
/// stops when it is dropped.
#[derive(Debug)]
pub struct StsStub {
    script: Arc<Mutex<Script>>,
    server: Server,
    identity: Option<ServerIdentity>,
}

impl StsStub {
    /// What every secret access key and session token of this stub begins with, to look for where none may be.
    pub const SECRET_PREFIX: &str = "canary-of-the-sts-stub-";
    /// The account that base credentials belong to, in the answer to `GetCallerIdentity`.
    pub const BASE_ACCOUNT: &str = "999999999999";

    /// A stub that speaks plain HTTP on a free port of 127.0.0.1.
    ///
    /// # Errors
    /// When there is no port or no thread.
    pub fn start() -> io::Result<Self> {
        Self::start_with(None)
    }

    /// A stub that speaks TLS, with a certificate for `names` from an authority of its own.
    ///
    /// # Errors
    /// When there is no port or no thread, or a name cannot be in a certificate.
    pub fn start_tls(names: &[&str]) -> io::Result<Self> {
        Self::start_with(Some(ServerIdentity::new(names)?))
    }

    fn start_with(identity: Option<ServerIdentity>) -> io::Result<Self> {
        let script = Arc::new(Mutex::new(Script::default()));
        let acceptor = identity.as_ref().map(ServerIdentity::acceptor).transpose()?;
        let server = Server::start(acceptor, {
            let script = script.clone();
            move |request| respond::respond(script.clone(), request)
        })?;
        Ok(Self {
            script,
            server,
            identity,
        })
    }

    /// The URL to ask, with `127.0.0.1` as the host.
    pub fn url(&self) -> String {
        let scheme = if self.identity.is_some() { "https" } else { "http" };
        format!("{scheme}://{}", self.address())
    }

    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.server.address()
    }

    /// Writes the certificate of its authority to `path`, as PEM.
    ///
    /// # Errors
    /// When the stub speaks plain HTTP, or the file cannot be written.
    pub fn write_ca(&self, path: &Path) -> io::Result<()> {
        let identity = self
            .identity
            .as_ref()
            .ok_or_else(|| io::Error::other("a stub without TLS has no certificate"))?;
        fs::write(path, identity.ca_pem())
    }

    /// Answers the next request that has no answer yet with `answer`.
    pub fn enqueue(&self, answer: Answer) {
        self.script().queue.push_back(answer);
    }

    /// Answers every request for which there is nothing in the script with `answer`, in place of success.
    pub fn answer_by_default(&self, answer: Answer) {
        self.script().default = answer;
    }

    /// Lets no role have a session of more than `seconds`, as `MaxSessionDuration` does in IAM. It is twelve hours
    /// otherwise. Chained roles have an hour at most in any case.
    pub fn limit_sessions_to(&self, seconds: i64) {
        self.script().longest_seconds = seconds;
    }

    /// Lets only so many requests through in a second, and throttles the rest, as AWS does with an account.
    pub fn throttle(&self, per_second: u32) {
        self.script().limit = Some(RateLimit::new(per_second));
    }

    /// How many requests came and how many were let through, in each second since the first one. There has to be a
    /// limit.
    pub fn seconds(&self) -> Vec<(u32, u32)> {
        let script = self.script();
        script
            .limit
            .as_ref()
            .map_or_else(Vec::new, |limit| limit.seconds.clone())
    }

    /// The requests so far, in the order of their arrival.
    pub fn requests(&self) -> Vec<StsRequest> {
        self.script().requests.clone()
    }

    /// How many requests there were so far.
    pub fn count(&self) -> usize {
        self.script().requests.len()
    }

    /// How many connections were made so far, TLS included.
    pub fn connections(&self) -> usize {
        self.server.connections()
    }

    fn script(&self) -> MutexGuard<'_, Script> {
        self.script.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The time of the stub's own clock, which is the machine's.
#[expect(
    clippy::disallowed_methods,
    reason = "a counterpart of the tests has a clock of its own"
)]
fn now() -> SystemTime {
    SystemTime::now()
}
