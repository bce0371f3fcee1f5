use std::time::Duration;

use super::engine::VaultEngine;
use super::login_method::VaultLoginMethod;
use super::tls::VaultTls;

/// Where a [`VaultSource`](super::VaultSource) finds what, and how it may get in.
///
/// What is `None` or empty here is taken from the variables `BAO_…` and `VAULT_…` that the servers' own command
/// lines read, the former first.
#[derive(Debug, Clone)]
pub struct VaultSettings {
    /// The servers' URLs, tried in order: where one cannot be reached, is sealed or is a standby that cannot
    /// serve, the next one is asked.
    pub addresses: Vec<String>,
    /// The namespace, without which requests go to the root namespace.
    pub namespace: Option<String>,
    /// What to read.
    pub engine: VaultEngine,
    /// How to log in.
    pub login: VaultLoginMethod,
    /// Whom TLS trusts, and how it identifies this client.
    pub tls: VaultTls,
    /// How long one request may take. Fifteen seconds where neither this nor `VAULT_CLIENT_TIMEOUT` says so.
    pub timeout: Option<Duration>,
}
