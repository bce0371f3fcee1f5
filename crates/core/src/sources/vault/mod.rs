//! Base credentials from `HashiCorp` Vault or OpenBao.

mod address;
mod answer;
mod aws;
mod connect;
mod connection;
mod diagnosis;
mod endpoints;
mod engine;
mod error;
mod error_kind;
mod exchange;
mod field_value;
mod fields;
mod fingerprint;
#[cfg(any(test, fuzzing))]
pub(crate) mod fuzzing;
mod kv;
mod kv_change;
mod login;
mod login_method;
mod open_to_all;
mod proxies;
mod request;
mod said;
mod secret_from;
mod settings;
mod source;
mod store;
mod tls;
mod totp;
mod variables;

pub use engine::{AwsEndpoint, KvVersion, VaultEngine};
pub use error::VaultError;
pub use fields::VaultFields;
pub use login_method::VaultLoginMethod;
pub use secret_from::SecretFrom;
pub use settings::VaultSettings;
pub use source::VaultSource;
pub use tls::VaultTls;
