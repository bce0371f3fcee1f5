use std::collections::VecDeque;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use tokio::task::AbortHandle;
use tokio::time::Instant;

/// How long a connection has to show the token before it may have to give way. The command needs a fraction of it, and
/// whoever floods the endpoint is held up by it.
const GRACE: Duration = Duration::from_millis(20);

/// The connections that are open, oldest first. There is a most; who comes above it takes the place of somebody who
/// showed no token, so that stalled connections keep nobody out.
#[derive(Debug)]
pub(super) struct Connections {
    open: VecDeque<Connection>,
    most: usize,
}

#[derive(Debug)]
struct Connection {
    task: AbortHandle,
    admitted: Admitted,
    opened: Instant,
}

/// Whether a connection has shown the token, as its own task learns it.
#[derive(Debug, Clone, Default)]
pub(super) struct Admitted(Arc<AtomicBool>);

impl Admitted {
    pub(super) fn now(&self) {
        self.0.store(true, Ordering::Relaxed);
    }

    fn is_so(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }
}

impl Connections {
    /// None yet, and `most` at the same time.
    pub(super) fn new(most: usize) -> Self {
        Self {
            open: VecDeque::with_capacity(most),
            most: most.max(1),
        }
    }

    /// Waits until there is room for one more, and makes it where that is possible.
    pub(super) async fn room(&mut self) {
        loop {
            if self.open.len() >= self.most {
                self.open.retain(|connection| !connection.task.is_finished());
            }
            if self.open.len() < self.most || self.drop_one() {
                return;
            }
            // All of them are new, and none has been heard yet.
            tokio::time::sleep(GRACE / 4).await;
        }
    }

    /// Adds one.
    pub(super) fn add(&mut self, task: AbortHandle, admitted: Admitted) {
        self.open.push_back(Connection {
            task,
            admitted,
            opened: Instant::now(),
        });
    }

    /// Ends the oldest that has shown no token, or else the oldest. One that is new is let be; false where all are.
    pub(super) fn drop_one(&mut self) -> bool {
        let mut old = self
            .open
            .iter()
            .enumerate()
            .take_while(|(_, connection)| connection.opened.elapsed() >= GRACE)
            .map(|(index, connection)| (index, connection.admitted.is_so()));
        let oldest = old.clone().next();
        let stranger = old.find(|(_, is_admitted)| !is_admitted);
        let Some((index, _)) = stranger.or(oldest) else {
            return false;
        };
        if let Some(connection) = self.open.remove(index) {
            connection.task.abort();
        }
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A connection that stays open and is not new.
    async fn open(connections: &mut Connections, admitted: bool) -> tokio::task::JoinHandle<()> {
        let (task, state) = (tokio::spawn(std::future::pending()), Admitted::default());
        if admitted {
            state.now();
        }
        connections.room().await;
        connections.add(task.abort_handle(), state);
        tokio::time::sleep(GRACE).await;
        task
    }

    #[tokio::test(start_paused = true)]
    async fn whoever_comes_above_the_most_takes_the_place_of_the_oldest_stranger() {
        let mut connections = Connections::new(3);
        let command = open(&mut connections, true).await;
        let first = open(&mut connections, false).await;
        let second = open(&mut connections, false).await;
        let _third = open(&mut connections, false).await;
        assert!(first.await.unwrap_err().is_cancelled());
        assert!(!command.is_finished() && !second.is_finished());
        let _fourth = open(&mut connections, true).await;
        assert!(second.await.unwrap_err().is_cancelled());
        assert!(!command.is_finished());
    }

    #[tokio::test(start_paused = true)]
    async fn where_all_have_shown_the_token_the_oldest_gives_way() {
        let mut connections = Connections::new(2);
        let first = open(&mut connections, true).await;
        let second = open(&mut connections, true).await;
        let _third = open(&mut connections, true).await;
        assert!(first.await.unwrap_err().is_cancelled());
        assert!(!second.is_finished());
    }

    #[tokio::test(start_paused = true)]
    async fn those_that_have_ended_make_room_before_anybody_is_sent_away() {
        let mut connections = Connections::new(2);
        let ended = tokio::spawn(async {});
        connections.add(ended.abort_handle(), Admitted::default());
        ended.await.unwrap();
        let stays = open(&mut connections, false).await;
        let _next = open(&mut connections, false).await;
        tokio::task::yield_now().await;
        assert!(!stays.is_finished());
    }

    #[tokio::test(start_paused = true)]
    async fn nobody_gives_way_before_it_could_be_heard() {
        let mut connections = Connections::new(2);
        let began = Instant::now();
        for _ in 0..6 {
            let task = tokio::spawn(std::future::pending::<()>());
            connections.room().await;
            connections.add(task.abort_handle(), Admitted::default());
        }
        assert!(began.elapsed() >= 2 * GRACE, "{:?}", began.elapsed());
    }
}
