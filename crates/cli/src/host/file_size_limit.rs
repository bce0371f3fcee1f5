//! The limit on the size of files (`ulimit -f`). The session cache is not worth ending a run for.

use std::sync::Arc;

use rustix::process::{Resource, getrlimit};
use signal_hook::consts::SIGXFSZ;
use signal_hook::flag;

use super::wait::without_ignored;

/// Lets a write beyond the limit fail, where it would end this process. The command has the signal as it was.
pub(crate) fn outlive() {
    if getrlimit(Resource::Fsize).current.is_none() {
        return;
    }
    for signal in without_ignored(&[SIGXFSZ]) {
        // Without a handler the process may end, and the command has not started then.
        let _ = flag::register(signal, Arc::default());
    }
}
