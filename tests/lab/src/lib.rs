//! The lab: the real counterparts that the tests run against, and the machine of its own that each test gets.
//!
//! [`Moto`] is AWS with its permissions enforced, [`OpenBao`] a server of secrets, [`SecretService`] a keyring.
//! [`Sandbox`] runs commands on an empty machine, and [`Outcome`] asserts what they did. What has to be installed is
//! installed in `target/lab` the first time that it is needed, but for the programs of [`SecretService`], which the
//! system brings.

mod access_key;
mod canary;
mod closed_port;
mod installation;
mod invocation;
mod issuer_stub;
mod lab_error;
mod moto;
mod node;
mod oathtool;
mod openbao;
mod outcome;
mod paths;
mod patience;
mod running;
mod sandbox;
mod sandbox_folder;
mod secret_service;
mod seeds;
mod shell;
mod strace;
mod sts_stub;
mod terminal;
mod terraform;
mod vault_stub;
mod venv;
mod web_identity;

pub use access_key::AccessKey;
pub use canary::{assert_secret_absent, find_secret};
pub use closed_port::ClosedPort;
pub use invocation::Invocation;
pub use issuer_stub::{IssuerRequest, IssuerStub};
pub use lab_error::LabError;
pub use moto::Moto;
pub use node::{NodePackages, node};
pub use oathtool::oathtool;
pub use openbao::{BaoCluster, OpenBao};
pub use outcome::Outcome;
pub use paths::workspace;
pub use patience::PATIENCE;
pub use running::Running;
pub use sandbox::Sandbox;
pub use secret_service::SecretService;
pub use seeds::each_seed;
pub use shell::Shell;
pub use strace::strace;
pub use sts_stub::{Answer, Hold, ProxyStub, ProxyStubRequest, StsRequest, StsStub};
pub use terminal::Terminal;
pub use terraform::terraform;
pub use vault_stub::{VaultAnswer, VaultRequest, VaultStub};
pub use venv::Venv;
pub use web_identity::WebIdentity;
