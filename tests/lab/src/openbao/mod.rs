use std::fs;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};

use serde_json::{Value, json};
use tempfile::TempDir;

use self::certificates::Certificates;
use self::process::Process;
use crate::LabError;

mod api;
mod certificates;
mod cluster;
mod logins;
mod process;

pub use cluster::BaoCluster;

const CONFIGURATION: &str = r#"
storage "inmem" {}
listener "tcp" {
  address     = "127.0.0.1:0"
  tls_disable = true
}
listener "tcp" {
  address            = "127.0.0.1:0"
  tls_cert_file      = "server.pem"
  tls_key_file       = "server.key"
  tls_client_ca_file = "ca.pem"
}
api_addr  = "http://127.0.0.1:1"
"#;

/// What may be read by whoever logs in with one of the methods of [`OpenBao::start`].
const READER: &str = r#"
path "secret/data/aws/*"     { capabilities = ["read"] }
path "secret/data/aws/new"   { capabilities = ["create", "read", "update", "delete"] }
path "kv1/aws/*"             { capabilities = ["create", "read", "update", "delete"] }
path "transit/*"             { capabilities = ["read"] }
path "totp/code/*"           { capabilities = ["read"] }
"#;

/// A real server of OpenBao, which speaks Vault's protocol: initialised, unsealed, with plain HTTP and TLS.
///
/// Version 2 of the key-value engine is at `secret`, version 1 at `kv1`, the TOTP engine at `totp`, another engine at
/// `transit`. The policy `reader` may read `secret/data/aws/*`, `kv1/aws/*` and the codes of `totp`, change `kv1/aws/*`
/// and `secret/data/aws/new`, and nothing else. Logins are switched on by the methods that return what they need.
#[derive(Debug)]
pub struct OpenBao {
    process: Process,
    directory: TempDir,
    certificates: Certificates,
    root: String,
    unseal_key: String,
}

impl OpenBao {
    /// What is in the DNS name of the server's certificate, which is also for 127.0.0.1.
    pub const SERVER_NAME: &str = certificates::SERVER_NAME;

    /// Starts a server on free ports.
    ///
    /// # Errors
    /// When the Python environment that brings it cannot be had, or when the server ends early.
    pub fn start() -> Result<Self, LabError> {
        let directory =
            TempDir::with_prefix("rolewrap-bao-").map_err(LabError::io("create OpenBao's folder"))?;
        let certificates =
            Certificates::write(directory.path()).map_err(LabError::io("make OpenBao's certificates"))?;
        fs::write(directory.path().join("server.hcl"), CONFIGURATION)
            .map_err(LabError::io("write OpenBao's configuration"))?;
        let process = Process::start(directory.path())?;
        let mut server = Self {
            process,
            directory,
            certificates,
            root: String::new(),
            unseal_key: String::new(),
        };
        server.initialise();
        Ok(server)
    }

    fn initialise(&mut self) {
        let keys = self.change(
            "PUT",
            "sys/init",
            &json!({ "secret_shares": 1, "secret_threshold": 1 }),
        );
        text(&keys["keys"][0]).clone_into(&mut self.unseal_key);
        text(&keys["root_token"]).clone_into(&mut self.root);
        self.unseal();
        self.mount("secret", "kv", &json!({ "version": "2" }));
        self.mount("kv1", "kv", &json!({ "version": "1" }));
        self.mount("totp", "totp", &Value::Null);
        self.mount("transit", "transit", &Value::Null);
        self.change("PUT", "sys/policies/acl/reader", &json!({ "policy": READER }));
    }

    fn mount(&self, path: &str, kind: &str, options: &Value) {
        let body = json!({ "type": kind, "options": options });
        self.change("POST", &format!("sys/mounts/{path}"), &body);
    }

    /// The URL of its listener without TLS.
    pub fn url(&self) -> String {
        format!("http://{}", self.address(0))
    }

    /// The URL of its listener with TLS.
    pub fn tls_url(&self) -> String {
        format!("https://{}", self.address(1))
    }

    fn address(&self, listener: usize) -> SocketAddr {
        SocketAddr::from(([127, 0, 0, 1], self.process.ports[listener]))
    }

    /// One of its PEM files: `ca.pem`, `client.pem` or `client.key`.
    pub fn file(&self, name: &str) -> PathBuf {
        self.certificates.file(name)
    }

    /// A folder of its own, for files that a login needs.
    pub fn folder(&self) -> &Path {
        self.directory.path()
    }

    /// The client token that may do everything.
    pub fn root(&self) -> &str {
        &self.root
    }

    /// Asks the API as root.
    ///
    /// # Panics
    /// When there is no answer, or it is a refusal.
    #[track_caller]
    pub fn change(&self, method: &str, path: &str, body: &Value) -> Value {
        let (status, answer) = self.ask(method, path, &self.root, body);
        assert!(status < 300, "{method} {path}: {status} {answer}");
        answer
    }

    /// Status and body of one request with a client token.
    ///
    /// # Panics
    /// When there is no answer.
    #[track_caller]
    pub fn ask(&self, method: &str, path: &str, client_token: &str, body: &Value) -> (u16, Value) {
        let mut headers = Vec::new();
        if !client_token.is_empty() {
            headers.push(("x-vault-token", client_token));
        }
        api::call(self.address(0), method, path, &headers, body).expect("OpenBao answers")
    }

    /// Stores a secret in version 2 of the engine, below `secret`. Its version is the answer.
    ///
    /// # Panics
    /// When it is refused.
    #[track_caller]
    pub fn put(&self, path: &str, fields: &Value) -> u64 {
        let answer = self.change("POST", &format!("secret/data/{path}"), &json!({ "data": fields }));
        answer["data"]["version"].as_u64().expect("a version")
    }

    /// Stores a secret in version 1 of the engine, below `kv1`.
    ///
    /// # Panics
    /// When it is refused.
    #[track_caller]
    pub fn put_v1(&self, path: &str, fields: &Value) {
        self.change("POST", &format!("kv1/{path}"), fields);
    }

    /// Gives the TOTP engine an MFA device's `seed`, in base 32, as the key `name`.
    ///
    /// # Panics
    /// When it is refused.
    #[track_caller]
    pub fn put_totp(&self, name: &str, seed: &str) {
        let url = format!("otpauth://totp/AWS:alice?secret={seed}&issuer=AWS");
        self.change("POST", &format!("totp/keys/{name}"), &json!({ "url": url }));
    }

    /// Whether `code` is one that the key `name` of the TOTP engine has shown within the last half minute or so. Each is
    /// taken once.
    ///
    /// # Panics
    /// When there is no answer.
    #[track_caller]
    pub fn takes_code(&self, name: &str, code: &str) -> bool {
        let path = format!("totp/code/{name}");
        let (_, answer) = self.ask("POST", &path, &self.root, &json!({ "code": code }));
        answer["data"]["valid"].as_bool().unwrap_or(false)
    }

    /// Seals it: it answers, and serves nothing.
    ///
    /// # Panics
    /// When it is refused.
    pub fn seal(&self) {
        self.change("PUT", "sys/seal", &Value::Null);
    }

    /// Unseals it.
    ///
    /// # Panics
    /// When it is refused.
    pub fn unseal(&self) {
        self.change("PUT", "sys/unseal", &json!({ "key": self.unseal_key }));
    }
}

/// The text of a JSON value.
#[track_caller]
fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_else(|| panic!("{value} is not text"))
}
