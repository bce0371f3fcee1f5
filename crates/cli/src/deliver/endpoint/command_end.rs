//! Noticing that the command has ended, whatever ended it.

use std::io;
use std::os::fd::OwnedFd;

use tokio::io::Interest;
use tokio::io::unix::AsyncFd;

/// Something of the system that becomes readable when a process ends: no polling, and no process id that could have been
/// given to another process since.
#[derive(Debug)]
pub(super) struct CommandEnd(OwnedFd);

impl CommandEnd {
    /// Watches the process `id`, which must be alive: the caller makes sure that it is still there afterwards.
    ///
    /// # Errors
    /// When there is no such process, or the system cannot watch one (Linux before 5.3).
    #[cfg(target_os = "linux")]
    pub(super) fn of(id: u32) -> io::Result<Self> {
        use rustix::process::{Pid, PidfdFlags, pidfd_open};
        let id = i32::try_from(id).ok().and_then(Pid::from_raw);
        let id = id.ok_or_else(|| io::Error::other("there is no such process"))?;
        Ok(Self(pidfd_open(id, PidfdFlags::empty())?))
    }

    /// Watches the process `id`, which must be alive: the caller makes sure that it is still there afterwards.
    ///
    /// # Errors
    /// When there is no such process, or the system cannot watch one.
    #[cfg(not(target_os = "linux"))]
    pub(super) fn of(id: u32) -> io::Result<Self> {
        use rustix::event::kqueue::{Event, EventFilter, EventFlags, ProcessEvents, kevent, kqueue};
        use rustix::process::Pid;
        let id = i32::try_from(id).ok().and_then(Pid::from_raw);
        let id = id.ok_or_else(|| io::Error::other("there is no such process"))?;
        let queue = kqueue()?;
        let filter = EventFilter::Proc {
            pid: id,
            flags: ProcessEvents::EXIT,
        };
        let event = Event::new(filter, EventFlags::ADD, std::ptr::null_mut());
        let mut none: [Event; 0] = [];
        #[expect(
            unsafe_code,
            reason = "kevent takes descriptors as numbers; a process id is none"
        )]
        // SAFETY: the one event names a process, and no descriptor that could be closed meanwhile.
        unsafe {
            kevent(&queue, &[event], &mut none, None)?;
        }
        Ok(Self(queue))
    }

    /// Waits until it has ended.
    ///
    /// # Errors
    /// When the system cannot wait for it.
    pub(super) async fn wait(self) -> io::Result<()> {
        #[expect(
            unsafe_code,
            reason = "only the caller knows that the descriptor stays the same"
        )]
        // SAFETY: an `OwnedFd` is one descriptor, and stays open until `end` has been dropped, which takes it out of
        // tokio's books first.
        let end = unsafe { AsyncFd::register_with_interest(self.0, Interest::READABLE)? };
        end.readable().await?.retain_ready();
        Ok(())
    }
}
