//! Asking STS, with the AWS SDK. Its types stay in here.

mod answer;
mod attempt_count;
mod client;
mod connector;
mod dns;
mod endpoint;
mod error_chain;
mod failure;
mod never_retry;
mod proxy;
mod sdk_clock;
mod trust;

pub use client::StsClient;
