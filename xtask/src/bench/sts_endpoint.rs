use std::fs;
use std::path::{Path, PathBuf};

use rolewrap_lab::StsStub;

use crate::Failure;

/// Where the places differ in which a system keeps the certificates that it trusts.
const SYSTEM_BUNDLES: [&str; 3] = [
    "/etc/ssl/certs/ca-certificates.crt",
    "/etc/pki/tls/certs/ca-bundle.crt",
    "/etc/ssl/cert.pem",
];

/// What a contender asks.
#[derive(Debug)]
pub(crate) struct StsEndpoint {
    pub(crate) url: String,
    /// The certificates to trust, where TLS is spoken.
    pub(crate) bundle: Option<String>,
}

/// Two stubs of STS, which answer as long as this value lives.
#[derive(Debug)]
pub(crate) struct Stubs {
    pub(crate) http: StsEndpoint,
    pub(crate) tls: StsEndpoint,
    _running: [StsStub; 2],
}

impl Stubs {
    pub(crate) fn start(folder: &Path) -> Result<Self, Failure> {
        let plain = StsStub::start()?;
        let encrypted = StsStub::start_tls(&["127.0.0.1"])?;
        Ok(Self {
            http: StsEndpoint {
                url: plain.url(),
                bundle: None,
            },
            tls: StsEndpoint {
                url: encrypted.url(),
                bundle: Some(bundle(&encrypted, folder)?.to_string_lossy().into_owned()),
            },
            _running: [plain, encrypted],
        })
    }
}

/// The stub's certificate among all that the system trusts, because in earnest they are read too.
pub(crate) fn bundle(stub: &StsStub, folder: &Path) -> Result<PathBuf, Failure> {
    let path = folder.join("bundle.pem");
    stub.write_ca(&path)?;
    let own = fs::read_to_string(&path)?;
    let system = SYSTEM_BUNDLES
        .iter()
        .find_map(|path| fs::read_to_string(path).ok());
    fs::write(&path, system.unwrap_or_default() + &own)?;
    Ok(path)
}
