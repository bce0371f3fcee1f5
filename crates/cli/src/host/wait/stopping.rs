//! Ctrl-Z while something hidden is asked for: the terminal is given back before this process stops.

use std::future::poll_fn;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, OnceLock};
use std::task::{Context, Poll};

use rustix::process::{getpid, kill_process};
use signal_hook::consts::{SIGCONT, SIGTSTP};
use signal_hook::flag;
use tokio::signal::unix::{Signal, SignalKind, signal};

use super::ignored_signals::without_ignored;

/// There is one for the process, as there are signals. A process that never asks has none, and stops as the system does it.
static SHARED: OnceLock<Shared> = OnceLock::new();

struct Shared {
    /// The signals that are taken over: those that were not ignored.
    taken: Vec<i32>,
    /// Whether something hidden is being asked for, so that whoever asks stops this process.
    is_asking: AtomicBool,
    /// Whether this process was continued since it was last looked at.
    was_continued: Arc<AtomicBool>,
}

impl Shared {
    fn new() -> Self {
        let shared = Self {
            taken: without_ignored(&[SIGTSTP, SIGCONT]),
            is_asking: AtomicBool::new(false),
            was_continued: Arc::default(),
        };
        if shared.taken.contains(&SIGCONT) {
            // Without it, a question is not put again.
            let _ = flag::register(SIGCONT, shared.was_continued.clone());
        }
        shared
    }

    fn listen(&self, number: i32) -> Option<Signal> {
        let taken = self.taken.contains(&number);
        taken.then(|| signal(SignalKind::from_raw(number)).ok())?
    }
}

/// What happened to this process while it asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Change {
    /// It is to stop.
    Stop,
    /// It was stopped without a word, as SIGSTOP does it, and goes on.
    GoesOn,
}

/// Takes over Ctrl-Z for as long as something hidden is asked for.
#[derive(Debug)]
pub(crate) struct Stopping {
    stop: Option<Signal>,
    go_on: Option<Signal>,
}

impl Stopping {
    pub(crate) fn while_asking() -> Self {
        let shared = SHARED.get_or_init(Shared::new);
        shared.is_asking.store(true, Ordering::SeqCst);
        Self {
            stop: shared.listen(SIGTSTP),
            go_on: shared.listen(SIGCONT),
        }
    }

    /// Waits for the next change.
    pub(crate) async fn changed(&mut self) -> Change {
        poll_fn(|context| {
            if arrived(self.stop.as_mut(), context) {
                return Poll::Ready(Change::Stop);
            }
            if arrived(self.go_on.as_mut(), context) && take_continued() {
                return Poll::Ready(Change::GoesOn);
            }
            Poll::Pending
        })
        .await
    }

    /// What made this process go on has been noticed: what was asked is asked again.
    pub(crate) fn is_noticed() {
        take_continued();
    }

    /// Stops this process, and returns when it goes on. Nothing happens where nobody could continue it.
    pub(crate) fn stop() {
        // SIGTSTP has a handler now, which cannot be given back, and SIGSTOP would stop a process that nobody continues.
        let _ = kill_process(getpid(), rustix::process::Signal::TTIN);
    }
}

impl Drop for Stopping {
    fn drop(&mut self) {
        if let Some(shared) = SHARED.get() {
            shared.is_asking.store(false, Ordering::SeqCst);
        }
    }
}

fn take_continued() -> bool {
    let shared = SHARED.get();
    shared.is_some_and(|shared| shared.was_continued.swap(false, Ordering::SeqCst))
}

/// Whether the signal has arrived. If not, the task is woken by the next one.
fn arrived(signal: Option<&mut Signal>, context: &mut Context<'_>) -> bool {
    let Some(signal) = signal else { return false };
    let mut is_there = false;
    while signal.poll_recv(context).is_ready() {
        is_there = true;
    }
    is_there
}

/// Stops this process on Ctrl-Z after a question, while something else is waited for: the handler stays, and stands in for
/// the system's own action.
#[derive(Debug, Default)]
pub(super) struct AfterQuestions {
    stop: Option<Signal>,
}

impl AfterQuestions {
    /// Has to be polled after the work that asks.
    pub(super) fn poll(&mut self, context: &mut Context<'_>) {
        let Some(shared) = SHARED.get() else { return };
        if self.stop.is_none() {
            self.stop = shared.listen(SIGTSTP);
        }
        if arrived(self.stop.as_mut(), context) && !shared.is_asking.load(Ordering::SeqCst) {
            Stopping::stop();
        }
    }
}
