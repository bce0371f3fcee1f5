use std::fs;
use std::io;
use std::path::PathBuf;
use std::time::Duration;

use rustix::process::Pid;
use rustix::thread::{CpuSet, sched_setaffinity};

use crate::Failure;

/// What an endpoint is called in the list of processes, before its address.
const NAME: &str = "rolewrap-credentials-endpoint";

/// The process of an endpoint, as the system's books have it. It lets nobody look inside, and these are open to all.
#[derive(Debug)]
pub(super) struct EndpointProcess(i32);

impl EndpointProcess {
    /// The one that serves at `address`.
    pub(super) fn at(address: &str) -> Result<Self, Failure> {
        let words = format!("{NAME}\0{address}\0");
        let found = fs::read_dir("/proc")?.flatten().find_map(|entry| {
            let id = entry.file_name().to_str()?.parse().ok()?;
            let line = fs::read(entry.path().join("cmdline")).ok()?;
            (line == words.as_bytes()).then_some(Self(id))
        });
        found.ok_or_else(|| format!("there is no process of an endpoint at {address}").into())
    }

    /// Leaves it one core to run on.
    pub(super) fn keep_to(&self, core: usize) -> io::Result<()> {
        let mut cores = CpuSet::new();
        cores.set(core);
        Ok(sched_setaffinity(Pid::from_raw(self.0), &cores)?)
    }

    /// MiB of memory at the highest.
    pub(super) fn peak(&self) -> Result<f64, Failure> {
        Ok(self.status("VmHWM:")? / 1024.0)
    }

    /// How often it has gone to sleep so far, which is as often as it woke.
    pub(super) fn wakeups(&self) -> Result<f64, Failure> {
        self.status("voluntary_ctxt_switches:")
    }

    /// The processor time that it has used so far.
    pub(super) fn cpu(&self) -> Result<Duration, Failure> {
        let text = fs::read_to_string(self.book("schedstat"))?;
        let nanoseconds = text.split_whitespace().next().unwrap_or_default();
        Ok(Duration::from_nanos(nanoseconds.parse()?))
    }

    fn status(&self, key: &str) -> Result<f64, Failure> {
        let text = fs::read_to_string(self.book("status"))?;
        let line = text.lines().find_map(|line| line.strip_prefix(key));
        let number = line.and_then(|line| line.split_whitespace().next());
        Ok(number
            .ok_or_else(|| format!("the status of a process has no {key}"))?
            .parse()?)
    }

    fn book(&self, name: &str) -> PathBuf {
        PathBuf::from(format!("/proc/{}/{name}", self.0))
    }
}
