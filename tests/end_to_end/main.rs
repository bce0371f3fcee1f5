//! The program as a user runs it, against real counterparts. The STS stub stands in only where a test needs a fault, a
//! count of requests, or an answer in a time that a person does not wait for.

mod cache;
mod chains;
mod child;
mod clients;
mod command_line;
mod configuration;
mod directories;
mod durations;
mod endpoint;
mod export;
mod given;
mod hostile;
mod identity;
mod interruptions;
mod keyring;
mod mfa;
mod nested;
mod outlived;
mod parameters;
mod paths;
mod process;
mod refusals;
mod secrets;
mod source;
mod state;
mod terminal;
mod terraform;
mod tools;
#[cfg(target_os = "linux")]
mod traced;
mod trust;
mod vault;
mod vault_cluster;
mod vault_refusals;
mod web_identity;
mod whoami;
