use std::path::Path;

#[cfg(target_os = "linux")]
use linux_keyutils::{KeyRing, KeyRingIdentifier};
use tempfile::TempDir;

/// The folder of a [`Sandbox`](crate::Sandbox). What its programs put into the kernel's keyring goes with it: that
/// keyring is the user's, and has little room.
#[derive(Debug)]
pub(crate) struct SandboxFolder(TempDir);

impl SandboxFolder {
    pub(crate) fn new() -> Self {
        Self(TempDir::with_prefix("rolewrap-lab-").expect("the temporary folder can be written"))
    }

    /// Takes away what the programs here keep in the kernel's keyring, as a restart of the machine does.
    pub(crate) fn forget_kernel_key(&self) {
        #[cfg(target_os = "linux")]
        {
            let cache = self.path().join("cache/rolewrap/sessions");
            let forget = || {
                let of_process = KeyRing::from_special_id(KeyRingIdentifier::Process, true)?;
                let of_user = KeyRing::from_special_id(KeyRingIdentifier::User, true)?;
                of_process.link_keyring(of_user)?;
                let key = of_user.search(&format!("rolewrap:sessions:{}", cache.display()))?;
                key.invalidate()
            };
            // Most tests have none there.
            let _ = forget();
        }
    }

    pub(crate) fn path(&self) -> &Path {
        self.0.path()
    }
}

impl Drop for SandboxFolder {
    fn drop(&mut self) {
        self.forget_kernel_key();
    }
}
