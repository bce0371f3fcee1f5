//! The format of a sealed file:
//!
//! | bytes | |
//! | --- | --- |
//! | 8 | `rolewrap` |
//! | 1 | the version of the format |
//! | 1 | what is sealed |
//! | 8 | which key it is sealed with |
//! | 8 | when it is of no use any more, in seconds since 1970 |
//! | 12 | nonce |
//! | the rest | AES-256-GCM of the content, and its tag |
//!
//! Everything before the nonce is authenticated together with the entry's name, so a file that was changed, cut or
//! renamed does not open.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use aws_lc_rs::aead::{AES_256_GCM, Aad, NONCE_LEN, Nonce, RandomizedNonceKey};
use zeroize::Zeroizing;

use super::SealingKey;
use super::entry_name::EntryName;

const MAGIC: &[u8; 8] = b"rolewrap";
/// Raise it with every change of what is sealed or of what names an entry.
pub(super) const VERSION: u8 = 2;
const HEADER: usize = 26;

/// What is sealed. A sealed failure that is renamed to an entry must not open as one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Sealed {
    Entry = 1,
    Failure = 2,
}

/// Seals `content`. `None` only where the system has no random numbers.
pub(super) fn seal(
    key: &SealingKey,
    what: Sealed,
    name: EntryName,
    useless_from: SystemTime,
    mut content: Zeroizing<Vec<u8>>,
) -> Option<Vec<u8>> {
    let header = header(key, what, seconds(useless_from));
    // Room for the tag beforehand: growing would leave a copy of the content behind.
    let mut sealed = Zeroizing::new(Vec::with_capacity(content.len() + AES_256_GCM.tag_len()));
    sealed.append(&mut content);
    let nonce = cipher(key)?
        .seal_in_place_append_tag(authenticated(name, &header), &mut *sealed)
        .ok()?;
    let mut file = header.to_vec();
    file.extend_from_slice(nonce.as_ref());
    file.extend_from_slice(&sealed);
    Some(file)
}

/// The content of a sealed file. `None` where it is anything but what this key sealed, whole, as this, under this name.
pub(super) fn open(
    key: &SealingKey,
    what: Sealed,
    name: EntryName,
    file: &[u8],
) -> Option<Zeroizing<Vec<u8>>> {
    let (read, rest) = file.split_first_chunk::<HEADER>()?;
    let (nonce, sealed) = rest.split_first_chunk::<NONCE_LEN>()?;
    if *read != header(key, what, useless_from(file)?) {
        return None;
    }
    let mut content = Zeroizing::new(sealed.to_vec());
    let nonce = Nonce::assume_unique_for_key(*nonce);
    let length = cipher(key)?
        .open_in_place(nonce, authenticated(name, read), &mut content)
        .ok()?
        .len();
    content.truncate(length);
    Some(content)
}

/// From when on a file is of no use, by what it says without a proof; `None` where it is no file of this version.
pub(super) fn useless_from(file: &[u8]) -> Option<u64> {
    let header = file.first_chunk::<HEADER>()?;
    let is_ours = header.starts_with(MAGIC) && header[8] == VERSION;
    is_ours.then(|| u64::from_be_bytes(*header.last_chunk().unwrap_or(&[0; 8])))
}

pub(super) fn seconds(time: SystemTime) -> u64 {
    time.duration_since(UNIX_EPOCH)
        .unwrap_or(Duration::ZERO)
        .as_secs()
}

fn header(key: &SealingKey, what: Sealed, useless_from: u64) -> [u8; HEADER] {
    let mut header = [0; HEADER];
    header[..8].copy_from_slice(MAGIC);
    header[8] = VERSION;
    header[9] = what as u8;
    header[10..18].copy_from_slice(&key.digest("which key this is", b"")[..8]);
    header[18..].copy_from_slice(&useless_from.to_be_bytes());
    header
}

fn authenticated(name: EntryName, header: &[u8; HEADER]) -> Aad<[u8; HEADER + 32]> {
    let mut all = [0; HEADER + 32];
    all[..HEADER].copy_from_slice(header);
    all[HEADER..].copy_from_slice(&name.0);
    Aad::from(all)
}

fn cipher(key: &SealingKey) -> Option<RandomizedNonceKey> {
    RandomizedNonceKey::new(&AES_256_GCM, &*key.derived("sealing entries")).ok()
}
