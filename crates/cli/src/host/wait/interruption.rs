use std::future::poll_fn;
use std::pin::pin;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, OnceLock};
use std::task::Poll;

use signal_hook::consts::{
    SIGALRM, SIGHUP, SIGINT, SIGPROF, SIGQUIT, SIGTERM, SIGUSR1, SIGUSR2, SIGVTALRM, SIGXCPU,
};
use signal_hook::flag;
use signal_hook::low_level::emulate_default_handler;
use tokio::signal::unix::{Signal, SignalKind, signal};

use super::ignored_signals::without_ignored;
use super::stopping::AfterQuestions;
use crate::error::Error;

/// What ends a process from outside: Ctrl-C and Ctrl-\, a request to end, a terminal that is gone, a timer or a limit.
const ENDING: [i32; 10] = [
    SIGINT, SIGQUIT, SIGTERM, SIGHUP, SIGALRM, SIGUSR1, SIGUSR2, SIGVTALRM, SIGPROF, SIGXCPU,
];

/// What the handler of signals shares with this module. There is one for the process, as there are signals.
static SHARED: OnceLock<Shared> = OnceLock::new();

struct Shared {
    /// The signals that are taken over.
    taken: Vec<i32>,
    /// The last signal that arrived; 0 before there is one.
    arrived: Arc<AtomicUsize>,
    /// Whether a signal ends this process at once, as without a handler.
    is_native: Arc<AtomicBool>,
}

impl Shared {
    /// Takes over the signals that are not ignored. A handler cannot be given back, so from now on one stands in for the
    /// system's own action. The command does not inherit it: replacing the process image resets what has a handler, and
    /// what is ignored stays so.
    fn new() -> Self {
        let shared = Self {
            taken: without_ignored(&ENDING),
            arrived: Arc::default(),
            is_native: Arc::new(AtomicBool::new(true)),
        };
        for &signal in &shared.taken {
            let number = usize::try_from(signal).unwrap_or_default();
            // In this order: a signal that does not end the process at once has been noted. Where the system refuses,
            // everything stays as it was.
            let noted = flag::register_usize(signal, shared.arrived.clone(), number);
            let _ = noted.and_then(|_| flag::register_conditional_default(signal, shared.is_native.clone()));
        }
        shared
    }
}

/// Runs `work` until it ends or a signal arrives. A signal drops it.
pub(super) async fn interruptible<T>(work: impl Future<Output = Result<T, Error>>) -> Result<T, Error> {
    let shared = SHARED.get_or_init(Shared::new);
    let taken = shared.taken.iter();
    let mut wakers: Vec<Signal> = taken
        .filter_map(|&ending| signal(SignalKind::from_raw(ending)).ok())
        .collect();
    shared.is_native.store(false, Ordering::SeqCst);
    let outcome = {
        let mut work = pin!(work);
        let mut stopping = AfterQuestions::default();
        poll_fn(|context| {
            for waker in &mut wakers {
                if waker.poll_recv(context).is_ready() {
                    return Poll::Ready(Err(Error::new("a signal arrived")));
                }
            }
            let outcome = work.as_mut().poll(context);
            stopping.poll(context);
            outcome
        })
        .await
    };
    shared.is_native.store(true, Ordering::SeqCst);
    outcome
}

/// Ends this process by the signal that arrived while something was waited for, as it would have ended without this.
pub(super) fn end_if_interrupted() {
    let Some(shared) = SHARED.get() else { return };
    let arrived = shared.arrived.load(Ordering::SeqCst);
    if let Some(signal) = ENDING
        .into_iter()
        .find(|&signal| usize::try_from(signal) == Ok(arrived))
    {
        // It does not return. Where it does, the work has ended without a result, which is an error.
        let _ = emulate_default_handler(signal);
    }
}
