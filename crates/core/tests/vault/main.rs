//! The Vault source against a real server of OpenBao, and against a stub for what that server does not do.

mod contract;
mod given;
mod kv;
mod logins;
