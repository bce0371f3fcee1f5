use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use super::address::Address;
use super::answer::Answer;
use super::error::VaultError;
use super::exchange::{Exchange, Exchanged};
use super::request::Request;

/// How often all servers are asked where there is one: Vault's own client tries again twice as well.
const ROUNDS_OF_ONE: u32 = 3;
/// How often all servers are asked where there are several. With the waits between, it is about as long as a Raft
/// cluster needs to elect another leader: ten seconds and a little more with the servers' own defaults.
const ROUNDS_OF_SEVERAL: u32 = 8;
/// The wait after the first round. It doubles with each round.
const FIRST_WAIT: Duration = Duration::from_millis(250);
/// The longest wait between two rounds, and the most that a server's `Retry-After` is followed.
const LONGEST_WAIT: Duration = Duration::from_secs(4);

/// The servers, of which each can answer for all.
pub(super) struct Connection {
    addresses: Vec<Address>,
    exchange: Exchange,
    /// The server that answered last.
    preferred: AtomicUsize,
}

/// What came of asking all servers once.
enum Round {
    Answered(Answer),
    /// Another round is worth it, after the time that a server asked for.
    Again(Vec<VaultError>, Option<Duration>),
    /// It is not.
    Over(Vec<VaultError>),
}

/// What to do after one server did not serve.
enum Next {
    /// Another server may, and this one will not soon.
    Elsewhere(VaultError),
    /// The same may, after a while.
    Again(VaultError, Option<Duration>),
    /// Nothing else is worth a try.
    Stop(VaultError),
}

impl Connection {
    pub(super) fn new(addresses: Vec<Address>, exchange: Exchange) -> Self {
        Self {
            addresses,
            exchange,
            preferred: AtomicUsize::new(0),
        }
    }

    /// The server that is asked first, for messages.
    pub(super) fn server(&self) -> String {
        let first = self.addresses.get(self.preferred.load(Ordering::Relaxed));
        first.map_or_else(String::new, ToString::to_string)
    }

    /// Whether this client shows a certificate.
    pub(super) fn has_identity(&self) -> bool {
        self.exchange.tls.has_identity()
    }

    /// Whether a request goes to a namespace of its own, and which.
    pub(super) fn namespace(&self) -> Option<&str> {
        self.exchange.namespace.as_deref()
    }

    /// The answer of the first server that serves.
    pub(super) async fn send(&self, request: &Request) -> Result<Answer, VaultError> {
        let mut rounds_left = if self.addresses.len() > 1 {
            ROUNDS_OF_SEVERAL
        } else {
            ROUNDS_OF_ONE
        };
        let mut wait = FIRST_WAIT;
        loop {
            rounds_left -= 1;
            match self.round(request).await? {
                Round::Answered(answer) => return Ok(answer),
                Round::Again(_, pause) if rounds_left > 0 => {
                    tokio::time::sleep(pause.unwrap_or(wait).min(LONGEST_WAIT)).await;
                }
                Round::Again(errors, _) | Round::Over(errors) => return Err(together(errors)),
            }
            wait = (wait * 2).min(LONGEST_WAIT);
        }
    }

    /// Asks each server once, until one serves.
    async fn round(&self, request: &Request) -> Result<Round, VaultError> {
        let first = self.preferred.load(Ordering::Relaxed);
        let mut errors = Vec::new();
        let mut again = None;
        for offset in 0..self.addresses.len() {
            let index = (first + offset) % self.addresses.len();
            let address = &self.addresses[index];
            match judge(self.exchange.send(address, request).await, address) {
                Ok(answer) => {
                    self.preferred.store(index, Ordering::Relaxed);
                    return Ok(Round::Answered(answer));
                }
                Err(Next::Stop(error)) => return Err(error),
                Err(Next::Elsewhere(error)) => errors.push(error),
                Err(Next::Again(error, pause)) => {
                    errors.push(error);
                    again = Some(pause.or(again.flatten()));
                }
            }
        }
        Ok(match again {
            Some(pause) => Round::Again(errors, pause),
            None => Round::Over(errors),
        })
    }
}

fn judge(outcome: Result<Exchanged, VaultError>, address: &Address) -> Result<Answer, Next> {
    let Exchanged { answer, retry_after } = match outcome {
        Ok(exchanged) => exchanged,
        Err(error @ (VaultError::Unreachable { .. } | VaultError::TimedOut { .. })) => {
            return Err(Next::Elsewhere(error));
        }
        // Until another one is elected. Behind one address there may be another node as well.
        Err(error @ (VaultError::ActiveNodeGone { .. } | VaultError::Interrupted { .. })) => {
            return Err(Next::Again(error, None));
        }
        Err(error) => return Err(Next::Stop(error)),
    };
    let address = address.to_string();
    let status = answer.status;
    match status {
        503 if answer.says("sealed") => Err(Next::Elsewhere(VaultError::Sealed { address })),
        // A secondary for disaster recovery, and a performance standby (Vault's API, `/sys/health`).
        472 | 473 => Err(Next::Elsewhere(VaultError::Standby { address, status })),
        // Not yet replicated, too many requests, and what the server could not do now.
        412 | 429 | 500 | 502..=599 => {
            let said = answer.said();
            Err(Next::Again(
                VaultError::Failed {
                    address,
                    status,
                    said,
                },
                retry_after,
            ))
        }
        _ => Ok(answer),
    }
}

/// One error for all servers.
fn together(mut errors: Vec<VaultError>) -> VaultError {
    match errors.len() {
        1 => errors.remove(0),
        _ => VaultError::NoneServes(errors),
    }
}
