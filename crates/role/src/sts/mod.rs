//! Asking STS, with the AWS SDK. Its types stay in here.

mod answer;
mod attempt_limit;
mod attempts;
mod caller;
mod client;
mod connection;
mod connector;
mod dns;
mod early_connection;
mod endpoint;
mod error_chain;
mod exchange;
mod failure;
#[cfg(any(test, fuzzing))]
pub(crate) mod fuzzing;
mod never_retry;
mod operation_error;
mod parameters;
mod proxy;
mod sdk_clock;
mod sdk_config;
mod tls_reason;
mod trust;
mod way;

pub use client::StsClient;
