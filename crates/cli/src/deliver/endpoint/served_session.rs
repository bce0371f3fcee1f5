use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, SystemTime};

use bytes::Bytes;
use rolewrap_core::Clock;
use rolewrap_role::Session;
use serde::Serialize;
use tokio::sync::Notify;
use zeroize::Zeroizing;

/// How long a request may wait for a session when the one in memory has expired. boto3 gives up after two seconds.
const PATIENCE: Duration = Duration::from_millis(1500);

/// The most bytes of an answer, of which a session token of AWS is the largest part by far. A longer one is written as
/// well, and only leaves a copy behind that is not wiped.
const ANSWER_CAPACITY: usize = 8 * 1024;

/// The session that is served, as it is answered to clients.
#[derive(Debug)]
pub(super) struct ServedSession {
    clock: Arc<dyn Clock>,
    state: Mutex<State>,
    renewed: Notify,
    wanted: Notify,
}

#[derive(Debug)]
struct State {
    answer: Bytes,
    expires_at: SystemTime,
    /// Why the last renewal failed, if it did.
    trouble: Option<String>,
}

/// The document that the SDKs of AWS expect. All four fields must be there, and `Expiration` must end in `Z`.
#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Answer<'a> {
    access_key_id: &'a str,
    secret_access_key: &'a str,
    token: &'a str,
    expiration: &'a str,
}

impl ServedSession {
    /// Serves `session` from now on.
    pub(super) fn new(session: &Session, clock: Arc<dyn Clock>) -> Self {
        Self {
            clock,
            state: Mutex::new(State::of(session)),
            renewed: Notify::new(),
            wanted: Notify::new(),
        }
    }

    /// Serves `session` in the place of the one before.
    pub(super) fn replace(&self, session: &Session) {
        *self.state() = State::of(session);
        self.renewed.notify_waiters();
    }

    /// Keeps why it could not be renewed, for those who ask when it has expired.
    pub(super) fn not_renewed(&self, trouble: String) {
        self.state().trouble = Some(trouble);
    }

    /// What a request is answered: the session, or why there is none. Where the one in memory has expired (the machine
    /// slept, or AWS is down), it waits a moment for a new one.
    pub(super) async fn answer(&self) -> Result<Bytes, String> {
        // Listening begins before the look, so that a renewal between the two is not missed.
        let renewed = self.renewed.notified();
        if let Some(answer) = self.usable() {
            return Ok(answer);
        }
        self.wanted.notify_one();
        let _ = tokio::time::timeout(PATIENCE, renewed).await;
        self.usable().ok_or_else(|| self.why_none())
    }

    /// Waits until somebody asks while there is no usable session.
    pub(super) async fn wanted(&self) {
        self.wanted.notified().await;
    }

    fn usable(&self) -> Option<Bytes> {
        let state = self.state();
        (self.clock.now() < state.expires_at).then(|| state.answer.clone())
    }

    fn why_none(&self) -> String {
        let state = self.state();
        let expired = humantime::format_rfc3339_seconds(state.expires_at);
        let trouble = state
            .trouble
            .as_deref()
            .unwrap_or("the renewal has not been answered yet");
        format!(
            "rolewrap has no session: the last one expired at {expired}, and no new one was had: {trouble}"
        )
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    fn of(session: &Session) -> Self {
        let expiration = humantime::format_rfc3339_seconds(session.expires_at()).to_string();
        let answer = Answer {
            access_key_id: session.access_key_id(),
            secret_access_key: session.secret_access_key().expose(),
            token: session.session_token().expose(),
            expiration: &expiration,
        };
        let mut text = Zeroizing::new(Vec::with_capacity(ANSWER_CAPACITY));
        serde_json::to_writer(&mut *text, &answer).expect("four texts are JSON, and memory can be written");
        Self {
            // The owner wipes it when the last request that reads it has been answered.
            answer: Bytes::from_owner(text),
            expires_at: session.expires_at(),
            trouble: None,
        }
    }
}
