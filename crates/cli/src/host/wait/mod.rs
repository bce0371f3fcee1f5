//! Waiting for somebody else: a store, STS, a person.

use std::io;
#[cfg(unix)]
use std::os::unix::net::UnixStream;
use std::pin::Pin;

use tokio::runtime::{Builder, Runtime};

use crate::error::Error;

#[cfg(target_os = "linux")]
mod ignored_signals;
#[cfg(target_os = "linux")]
mod interruption;
#[cfg(unix)]
#[cfg_attr(not(target_os = "linux"), path = "stopping_other.rs")]
mod stopping;

#[cfg(target_os = "linux")]
pub(super) use ignored_signals::without_ignored;
#[cfg(unix)]
pub(crate) use stopping::{Change, Stopping};

/// Runs `work` to its end. One request at a time is all there is to do, so one thread is enough.
///
/// On Linux a signal that ends this process ends the work first, and with it a program that a source runs, and a
/// question on the terminal. Then the signal does what it does without this.
pub(crate) fn wait_for<T>(work: impl Future<Output = Result<T, Error>>) -> Result<T, Error> {
    let runtime = runtime().map_err(|error| {
        Error::new("cannot prepare to use the network")
            .cause(error)
            .hint("allow more open files: ulimit -n 1024")
    })?;
    #[cfg(target_os = "linux")]
    let outcome = runtime.block_on(interruption::interruptible(work));
    #[cfg(not(target_os = "linux"))]
    let outcome = runtime.block_on(work);
    // A host name that is still being looked up cannot be cancelled, and nobody waits for it any more.
    runtime.shutdown_background();
    #[cfg(target_os = "linux")]
    interruption::end_if_interrupted();
    outcome
}

fn runtime() -> io::Result<Runtime> {
    #[cfg(unix)]
    {
        // Where the limit of open files is nearly reached, tokio does not build the runtime and panics. It opens five.
        let _room = [UnixStream::pair()?, UnixStream::pair()?, UnixStream::pair()?];
    }
    Builder::new_current_thread().enable_all().build()
}

/// The same work behind a pointer: what the SDK does is deep in types, and a cache around it is too deep for the compiler.
pub(crate) fn boxed<'a, T>(work: impl Future<Output = T> + 'a) -> Pin<Box<dyn Future<Output = T> + 'a>> {
    Box::pin(work)
}
