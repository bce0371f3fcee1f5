//! Sessions that several processes share: sealed files in a folder of the user's, and one request for any number of
//! processes that want the same session.
//!
//! What a session was asked for with is a [`Recipe`]. A keyed digest of it names the entry, so another parameter is
//! another entry, and the name says nothing about what is in it. The key is in a [`SealingKeyStore`], never in a file.

mod cache_error;
mod cache_notice;
mod cached;
mod entry_name;
mod failure_reach;
mod failure_record;
mod fields;
mod flight;
mod flight_error;
mod flight_failure;
#[cfg(unix)]
mod folder;
#[cfg(not(unix))]
#[path = "no_folder.rs"]
mod folder;
mod freshness;
#[cfg(target_os = "linux")]
mod kernel_keyring;
mod key_lock;
mod longest_durations;
mod recipe;
mod sealable;
mod sealed;
mod sealing_key;
mod sealing_key_store;
mod search;
mod session_cache;
mod sweep;
#[cfg(test)]
mod tests;
mod wanted;

pub use cache_error::CacheError;
pub use cache_notice::CacheNotice;
pub use cached::Cached;
pub use failure_reach::FailureReach;
pub use flight_error::FlightError;
pub use flight_failure::FlightFailure;
pub use freshness::Freshness;
#[cfg(target_os = "linux")]
pub use kernel_keyring::KernelKeyring;
pub use longest_durations::LongestDurations;
pub use recipe::Recipe;
pub use sealable::Sealable;
pub use sealing_key::SealingKey;
pub use sealing_key_store::SealingKeyStore;
pub use session_cache::SessionCache;
pub use wanted::Wanted;
