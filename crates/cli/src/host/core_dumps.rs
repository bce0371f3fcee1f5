//! Core dumps: none has what is in this process's memory, and the command writes them as without rolewrap.

#[cfg(not(target_os = "linux"))]
use std::sync::OnceLock;

#[cfg(not(target_os = "linux"))]
use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};

/// The limit that this process was started with, which the command inherits.
#[cfg(not(target_os = "linux"))]
static LIMIT: OnceLock<Rlimit> = OnceLock::new();

/// Has this process write no core dump, whatever ends it. A limit says nothing to the programs that Linux pipes core dumps to,
/// so there the memory itself is marked, until the command takes its place. No other process of the user can look into it
/// then.
#[cfg(target_os = "linux")]
pub(crate) fn forbid() {
    // It is refused nowhere.
    let _ = rustix::process::set_dumpable_behavior(rustix::process::DumpableBehavior::NotDumpable);
}

/// Has this process write no core dump, whatever ends it.
#[cfg(not(target_os = "linux"))]
pub(crate) fn forbid() {
    let limit = LIMIT.get_or_init(|| getrlimit(Resource::Core));
    let nothing = Rlimit {
        current: Some(0),
        maximum: limit.maximum,
    };
    let _ = setrlimit(Resource::Core, nothing);
}

/// Gives the command the limit that this process was started with. On Linux it never had another one.
pub(crate) fn allow_for_the_command() {
    #[cfg(not(target_os = "linux"))]
    if let Some(limit) = LIMIT.get() {
        let _ = setrlimit(Resource::Core, limit.clone());
    }
}
