use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use http::Uri;
use rolewrap_core::BoxError;
use tokio::sync::Mutex;
use tokio::time::Instant;
use tower_service::Service;

use super::connection::Connection;
use super::way::Way;

/// How long a connection may wait for its first request. Servers and the boxes between close one that is silent for
/// longer, and some do so without a word.
const LONGEST_WAIT: Duration = Duration::from_secs(20);

/// Makes connections, of which the first may have been made before anybody needed it.
#[derive(Clone)]
pub(super) struct EarlyConnection {
    way: Way,
    state: Arc<Mutex<State>>,
}

enum State {
    /// Nobody has connected.
    Fresh,
    /// Open since then, and not used.
    Open(Connection, Instant),
    /// It did not come about.
    Failed(BoxError),
    /// A request has been made, so there is nothing to prepare any more.
    Used,
}

impl EarlyConnection {
    pub(super) fn new(way: Way) -> Self {
        Self {
            way,
            state: Arc::new(Mutex::new(State::Fresh)),
        }
    }

    /// Connects, for the request that comes. A failure is told to that request if it waits for it, and else to nobody.
    pub(super) async fn prepare(&self, endpoint: Uri) {
        let mut state = self.state.lock().await;
        if matches!(*state, State::Fresh) {
            *state = match self.way.connect(endpoint).await {
                Ok(connection) => State::Open(connection, Instant::now()),
                Err(error) => State::Failed(error),
            };
        }
    }

    async fn connect(self, endpoint: Uri) -> Result<Connection, BoxError> {
        let (state, waited) = match self.state.try_lock() {
            Ok(state) => (state, false),
            Err(_) => (self.state.lock().await, true),
        };
        let before = {
            let mut state = state;
            std::mem::replace(&mut *state, State::Used)
        };
        match before {
            State::Open(mut connection, since) => {
                // So that the runtime looks at its sockets once more.
                tokio::task::yield_now().await;
                if since.elapsed() < LONGEST_WAIT && connection.is_idle() {
                    return Ok(connection);
                }
            }
            // It was this request's own connection for the time that it waited, so its failure counts.
            State::Failed(error) if waited => return Err(error),
            State::Fresh | State::Failed(_) | State::Used => {}
        }
        self.way.connect(endpoint).await
    }
}

impl Service<Uri> for EarlyConnection {
    type Response = Connection;
    type Error = BoxError;
    type Future = Pin<Box<dyn Future<Output = Result<Connection, BoxError>> + Send>>;

    fn poll_ready(&mut self, _context: &mut Context<'_>) -> Poll<Result<(), BoxError>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, endpoint: Uri) -> Self::Future {
        Box::pin(self.clone().connect(endpoint))
    }
}
