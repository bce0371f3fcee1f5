//! From a plan to a session: what a source loads, MFA, the requests for the roles, the cache.

pub(crate) mod asking;
mod assume;
pub(crate) mod cache;
pub(crate) mod explain;
mod fresh;
pub(crate) mod identify;
pub(crate) mod inside;
mod journey;
mod lease;
mod load;
mod loaded;
mod longest;
mod mfa;
mod obtain;
mod reach;
mod signer;
pub(crate) mod sources;
mod sts_client;
mod web_identity;
mod world;

pub(crate) use fresh::Obtained;
pub(crate) use journey::Journey;
pub(crate) use loaded::Loaded;
pub(crate) use obtain::obtain;
#[cfg(unix)]
pub(crate) use obtain::obtain_again;
pub(crate) use world::World;
