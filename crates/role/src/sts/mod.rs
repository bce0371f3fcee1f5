//! Asking STS, with the AWS SDK. Its types stay in here.

mod answer;
mod attempt_count;
mod caller;
mod client;
mod connector;
mod dns;
mod endpoint;
mod error_chain;
mod failure;
mod never_retry;
mod parameters;
mod proxy;
mod sdk_clock;
mod sdk_config;
mod tls_reason;
mod trust;

pub use client::StsClient;
