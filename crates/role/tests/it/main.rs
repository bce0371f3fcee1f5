//! Assuming roles against a scripted STS.

#![allow(
    clippy::unwrap_used,
    reason = "clippy exempts tests, and not the functions that they share"
)]

mod answers;
mod client_settings;
mod early_connection;
mod identity;
mod longest;
mod mfa;
mod proxies;
mod refusals;
mod requests;
mod retries;
mod secrecy;
mod support;
mod timeouts;
mod tls;
mod web_identity;
