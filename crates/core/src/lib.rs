//! Base credentials: the long-lived AWS keys that may assume roles, and the sources that yield them.
//!
//! A [`BaseCredentialSource`] reads one secret store. [`FallbackOrder`] tries several in turn. Neither knows
//! anything about roles, STS or the command that is to run.
//!
//! The crate prints nothing, never ends the process, and reads the environment and the clock only through
//! [`Environment`] and [`Clock`]. A secret is always a [`Secret`].
//!
//! Two libraries below it cannot be given an environment, and read that of the process: the one for D-Bus finds the keyring
//! by it (`DBUS_SESSION_BUS_ADDRESS`, `XDG_RUNTIME_DIR`), and the one for TLS the system's certificates (`SSL_CERT_FILE`,
//! `SSL_CERT_DIR`), where no certificates are named.

#![warn(missing_docs)]

mod base_credentials;
mod clock;
#[cfg(feature = "contract")]
pub mod contract;
mod environment;
mod fallback_order;
#[cfg(any(test, fuzzing))]
#[doc(hidden)]
pub mod fuzzing;
mod held;
mod lease;
mod no_proxy;
mod nobody_to_ask;
mod passed_over;
mod prompt;
mod prompt_error;
mod question;
mod regular_file;
mod secret;
mod source;
mod source_error;
mod source_fingerprint;
mod sources;
mod store;
mod visible;

pub use base_credentials::{BaseCredentials, MalformedCredentials};
pub use clock::{Clock, FixedClock};
pub use environment::{Environment, FixedEnvironment};
pub use fallback_order::FallbackOrder;
pub use held::Held;
pub use lease::Lease;
pub use no_proxy::bypasses_proxy;
pub use nobody_to_ask::NobodyToAsk;
pub use passed_over::PassedOver;
pub use prompt::Prompt;
pub use prompt_error::PromptError;
pub use question::Question;
pub use regular_file::RegularFile;
pub use secret::Secret;
pub use source::BaseCredentialSource;
pub use source_error::{BoxError, SourceError};
pub use source_fingerprint::SourceFingerprint;
#[cfg(feature = "env")]
pub use sources::env::EnvSource;
#[cfg(feature = "keyring")]
pub use sources::keyring::{KeyringItem, KeyringSource};
#[cfg(feature = "process")]
pub use sources::process::{ProcessSource, SecretProgram};
#[cfg(feature = "vault")]
pub use sources::vault::{
    AwsEndpoint, KvVersion, SecretFrom, VaultEngine, VaultError, VaultFields, VaultLoginMethod,
    VaultSettings, VaultSource, VaultTls,
};
#[cfg(feature = "web-identity")]
pub use sources::web_identity::{WebIdentityPlace, WebIdentitySource};
pub use store::BaseCredentialStore;
pub use visible::visible;
