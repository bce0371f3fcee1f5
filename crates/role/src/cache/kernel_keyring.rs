use linux_keyutils::{
    Key, KeyError, KeyPermissions, KeyPermissionsBuilder, KeyRing, KeyRingIdentifier, Permission,
};
use rolewrap_core::BoxError;
use zeroize::Zeroizing;

use super::{SealingKey, SealingKeyStore};

/// How long the kernel keeps a key after its last use: longer than any session lives (36 hours, AWS STS API Reference,
/// `GetSessionToken`), so no entry outlives its key, and what nobody uses goes away.
const KEPT_SECONDS: usize = 48 * 3600;
/// The longest description that the kernel takes (`KEY_MAX_DESC_SIZE`), without its last byte.
const LONGEST_DESCRIPTION: usize = 4095;

/// The Linux kernel's keyring of the user (`@u`). It is memory of the kernel that only this user's processes reach,
/// without any other process, and without waiting; after a restart of the machine it is empty.
#[derive(Debug, Clone)]
pub struct KernelKeyring {
    description: String,
}

impl KernelKeyring {
    /// The store for the cache that is called `cache`: the path of its folder.
    pub fn new(cache: &str) -> Self {
        let mut description = format!("rolewrap:sessions:{cache}");
        description.truncate(description.floor_char_boundary(LONGEST_DESCRIPTION));
        Self { description }
    }

    /// The key, for a process that may possess it or not.
    fn find(&self) -> Result<Option<Key>, BoxError> {
        let of_user = KeyRing::from_special_id(KeyRingIdentifier::User, true).map_err(explained)?;
        match of_user.search(&self.description) {
            Ok(key) => Ok(Some(key)),
            // Also one whose time is over, until the kernel has removed it.
            Err(KeyError::KeyDoesNotExist | KeyError::KeyExpired | KeyError::KeyRevoked) => Ok(None),
            Err(error) => Err(explained(error)),
        }
    }
}

impl SealingKeyStore for KernelKeyring {
    fn name(&self) -> &'static str {
        "the kernel's keyring"
    }

    fn load(&self) -> Result<Option<SealingKey>, BoxError> {
        let Some(key) = self.find()? else { return Ok(None) };
        // Whoever may read it may also say how long it is kept; otherwise it goes earlier.
        let _ = key.set_timeout(KEPT_SECONDS);
        // One byte more than a key has, to notice what is no key of ours.
        let mut bytes = Zeroizing::new([0; 33]);
        match key.read(&mut *bytes) {
            Ok(length) => Ok(bytes.get(..length).and_then(SealingKey::from_bytes)),
            Err(KeyError::KeyExpired | KeyError::KeyRevoked | KeyError::KeyDoesNotExist) => Ok(None),
            Err(error) => Err(explained(error)),
        }
    }

    fn keep(&self, key: &SealingKey) -> Result<(), BoxError> {
        let kept = possessed()?
            .add_key(&self.description, key.expose())
            .map_err(explained)?;
        kept.set_perms(of_the_user()).map_err(explained)?;
        kept.set_timeout(KEPT_SECONDS).map_err(explained)
    }

    fn forget(&self) -> Result<(), BoxError> {
        match self.find()? {
            Some(key) => key.invalidate().map_err(explained),
            None => Ok(()),
        }
    }
}

/// The user's keyring, within the reach of this thread: who makes a key has to possess it to say who may read it.
fn possessed() -> Result<KeyRing, BoxError> {
    let of_process = KeyRing::from_special_id(KeyRingIdentifier::Process, true).map_err(explained)?;
    let of_user = KeyRing::from_special_id(KeyRingIdentifier::User, true).map_err(explained)?;
    of_process.link_keyring(of_user).map_err(explained)?;
    Ok(of_user)
}

/// Who may do what with the key: the user's processes, whatever keyrings they possess. Any of them may link the user's
/// keyring to its own, and possess the key then, so they only need not. A keyring for each process is one that the kernel
/// has to clear away.
fn of_the_user() -> KeyPermissions {
    let user = Permission::VIEW | Permission::READ | Permission::SEARCH | Permission::SETATTR;
    KeyPermissionsBuilder::builder()
        .posessor(Permission::ALL)
        .user(user)
        .build()
}

/// The kernel's error in words. The library's names for them are for programmers.
fn explained(error: KeyError) -> BoxError {
    match error {
        KeyError::QuotaExceeded => "the kernel's keyring is full".into(),
        KeyError::PermissionDenied | KeyError::AccessDenied => {
            "the kernel's keyring is not allowed here, as in many containers".into()
        }
        KeyError::OperationNotSupported | KeyError::Unknown(38) => "this kernel has no keyring".into(),
        other => format!("the kernel's keyring refused: {other:?}").into(),
    }
}
