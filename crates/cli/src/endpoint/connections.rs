use std::collections::VecDeque;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use tokio::task::AbortHandle;

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

    /// Adds one, and makes room for it first.
    pub(super) fn add(&mut self, task: AbortHandle, admitted: Admitted) {
        if self.open.len() >= self.most {
            self.open.retain(|connection| !connection.task.is_finished());
        }
        while self.open.len() >= self.most {
            self.drop_one();
        }
        self.open.push_back(Connection { task, admitted });
    }

    /// Ends the oldest that has shown no token, or else the oldest.
    pub(super) fn drop_one(&mut self) {
        let stranger = self
            .open
            .iter()
            .position(|connection| !connection.admitted.is_so());
        if let Some(connection) = self.open.remove(stranger.unwrap_or(0)) {
            connection.task.abort();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A connection that stays open.
    fn open(connections: &mut Connections, admitted: bool) -> tokio::task::JoinHandle<()> {
        let (task, state) = (tokio::spawn(std::future::pending()), Admitted::default());
        if admitted {
            state.now();
        }
        connections.add(task.abort_handle(), state);
        task
    }

    #[tokio::test]
    async fn whoever_comes_above_the_most_takes_the_place_of_the_oldest_stranger() {
        let mut connections = Connections::new(3);
        let command = open(&mut connections, true);
        let first = open(&mut connections, false);
        let second = open(&mut connections, false);
        let _third = open(&mut connections, false);
        assert!(first.await.unwrap_err().is_cancelled());
        assert!(!command.is_finished() && !second.is_finished());
        let _fourth = open(&mut connections, true);
        assert!(second.await.unwrap_err().is_cancelled());
        assert!(!command.is_finished());
    }

    #[tokio::test]
    async fn where_all_have_shown_the_token_the_oldest_gives_way() {
        let mut connections = Connections::new(2);
        let first = open(&mut connections, true);
        let second = open(&mut connections, true);
        let _third = open(&mut connections, true);
        assert!(first.await.unwrap_err().is_cancelled());
        assert!(!second.is_finished());
    }

    #[tokio::test]
    async fn those_that_have_ended_make_room_before_anybody_is_sent_away() {
        let mut connections = Connections::new(2);
        let ended = tokio::spawn(async {});
        connections.add(ended.abort_handle(), Admitted::default());
        ended.await.unwrap();
        let stays = open(&mut connections, false);
        let _next = open(&mut connections, false);
        tokio::task::yield_now().await;
        assert!(!stays.is_finished());
    }
}
