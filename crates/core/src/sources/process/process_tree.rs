//! Ending a program together with everything that it started.
//!
//! A process group or a session of its own would make that one system call, but a program outside the group
//! that owns the terminal cannot ask for a passphrase there, and Ctrl-C would not reach it.

/// A program that is running. Dropping this kills it and its descendants, which were not waited for.
#[derive(Debug)]
pub(super) struct ProcessTree(Option<u32>);

impl ProcessTree {
    /// The tree below the process `root`, which has not been waited for yet: its id is still its own.
    pub(super) fn new(root: Option<u32>) -> Self {
        Self(root)
    }

    /// The root has ended by itself. What it left running, such as an agent, was meant to stay.
    pub(super) fn ended(&mut self) {
        self.0 = None;
    }
}

impl Drop for ProcessTree {
    fn drop(&mut self) {
        if let Some(root) = self.0 {
            kill(root);
        }
    }
}

#[cfg(unix)]
fn kill(root: u32) {
    use rustix::process::{Pid, Signal, kill_process};
    let signal = |process: u32, signal| {
        let Some(pid) = i32::try_from(process).ok().and_then(Pid::from_raw) else {
            return;
        };
        // One that has ended meanwhile is what we want.
        let _ = kill_process(pid, signal);
    };
    let mut tree = vec![root];
    let mut stopped = 0;
    // Each is stopped before its children are looked for, so that it cannot start another one behind our back.
    while stopped < tree.len() {
        for &process in &tree[stopped..] {
            signal(process, Signal::STOP);
        }
        stopped = tree.len();
        for (process, parent) in processes() {
            if tree.contains(&parent) && !tree.contains(&process) {
                tree.push(process);
            }
        }
    }
    for process in tree {
        signal(process, Signal::KILL);
    }
}

#[cfg(windows)]
fn kill(root: u32) {
    use std::process::{Command, Stdio};
    // Where it fails, nobody could do anything about it.
    let _ = Command::new("taskkill")
        .args(["/F", "/T", "/PID", &root.to_string()])
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status();
}

/// All processes, each with its parent.
#[cfg(target_os = "linux")]
fn processes() -> Vec<(u32, u32)> {
    let Ok(entries) = std::fs::read_dir("/proc") else {
        return Vec::new();
    };
    entries
        .filter_map(|entry| {
            let process = entry.ok()?.file_name().to_str()?.parse().ok()?;
            let stat = std::fs::read(format!("/proc/{process}/stat")).ok()?;
            Some((process, parent(&stat)?))
        })
        .collect()
}

/// The parent in a line of `/proc/PID/stat`. The program's name before it is in brackets and may hold any.
#[cfg(target_os = "linux")]
fn parent(stat: &[u8]) -> Option<u32> {
    let name_end = stat.iter().rposition(|&byte| byte == b')')?;
    let rest = std::str::from_utf8(stat.get(name_end + 1..)?).ok()?;
    rest.split_whitespace().nth(1)?.parse().ok()
}

/// All processes, each with its parent.
#[cfg(all(unix, not(target_os = "linux")))]
fn processes() -> Vec<(u32, u32)> {
    use std::process::{Command, Stdio};
    let listing = Command::new("/bin/ps")
        .args(["-A", "-o", "pid=,ppid="])
        .stdin(Stdio::null())
        .stderr(Stdio::null())
        .output();
    let listing = listing.map_or_else(|_| Vec::new(), |output| output.stdout);
    String::from_utf8_lossy(&listing)
        .lines()
        .filter_map(|line| {
            let mut numbers = line.split_whitespace().map(str::parse);
            Some((numbers.next()?.ok()?, numbers.next()?.ok()?))
        })
        .collect()
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use super::*;

    #[test]
    fn the_parent_is_found_whatever_the_program_is_called() {
        assert_eq!(parent(b"71 (a) 1 (b)) S 42 71 71 0"), Some(42));
        assert_eq!(parent(b"71 (a"), None);
    }
}
