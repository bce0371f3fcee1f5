//! What a project file may say, and trust in its content.
//!
//! A project file arrives with a clone, so what could reach keys or run a program counts only once somebody has looked at it:
//! `rolewrap trust` records a digest of exactly that part. The digest alone is the key, wherever the file lies.

mod class;
mod content;
mod digest;
mod named_file;
mod need;
mod store;

pub(crate) use class::Trust;
pub(crate) use content::TrustedContent;
pub(crate) use digest::Digest;
use named_file::NamedFile;
pub(crate) use need::TrustNeed;
pub(crate) use store::{
    TrustRecord, TrustStore, is_written_by_others, make_private_folder, new_private_file,
};
