//! The Vault source against a real server of OpenBao, and against a stub for what that server does not do.

mod aws;
mod broken_connections;
mod changes;
mod cluster;
mod contract;
mod faults;
mod given;
mod kv;
mod login_answers;
mod logins;
mod tls;
mod totp;
