//! What the process of the endpoint does to itself before anything secret reaches it.

use std::fs::File;
use std::io;
use std::os::fd::RawFd;

use rustix::process::{Resource, Rlimit, chdir, setrlimit};

/// Closes whatever descriptors were inherited beside the three standard ones: a file of the user's that stays open, or the
/// end of a pipe that somebody waits at.
///
/// It must be called before this process opens anything itself.
pub(super) fn close_inherited() -> io::Result<()> {
    for number in open_descriptors()? {
        #[expect(
            unsafe_code,
            reason = "a descriptor that was inherited has no owner in this program"
        )]
        // SAFETY: nothing of this program owns it, since nothing has been opened yet.
        unsafe {
            rustix::io::close(number);
        }
    }
    Ok(())
}

/// The numbers of the open descriptors above the standard ones.
fn open_descriptors() -> io::Result<Vec<RawFd>> {
    let folder = if cfg!(target_os = "linux") {
        "/proc/self/fd"
    } else {
        "/dev/fd"
    };
    let mut numbers = Vec::new();
    for entry in std::fs::read_dir(folder)? {
        let number = entry?.file_name().to_str().and_then(|name| name.parse().ok());
        numbers.extend(number.filter(|number: &RawFd| *number > 2));
    }
    // Among them was the folder itself, which is closed by now.
    let is_open = |number: &RawFd| std::fs::symlink_metadata(format!("{folder}/{number}")).is_ok();
    numbers.retain(is_open);
    Ok(numbers)
}

/// Leaves nothing on disk and shows its memory to nobody: no core dump, no tracing by other processes of the user, and no
/// folder that could not be unmounted meanwhile.
pub(super) fn isolate() -> io::Result<()> {
    setrlimit(
        Resource::Core,
        Rlimit {
            current: Some(0),
            maximum: Some(0),
        },
    )?;
    #[cfg(target_os = "linux")]
    rustix::process::set_dumpable_behavior(rustix::process::DumpableBehavior::NotDumpable)?;
    chdir("/")?;
    Ok(())
}

/// Puts `/dev/null` in the place of the two standard streams that brought what is in use by another name now.
pub(super) fn release_streams() -> io::Result<()> {
    let nothing = File::options().read(true).write(true).open("/dev/null")?;
    rustix::stdio::dup2_stdin(&nothing)?;
    rustix::stdio::dup2_stdout(&nothing)?;
    rustix::stdio::dup2_stderr(&nothing)?;
    Ok(())
}
