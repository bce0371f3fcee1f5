use std::net::{IpAddr, SocketAddr};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use reqwest::{Certificate, ClientBuilder, Identity};

use super::address::Address;
use super::error::VaultError;
use super::secret_from::read_file;
use super::variables::Variables;
use crate::RegularFile;

/// The most bytes of a file with authorities. That of a whole system has a quarter of a MiB.
const LONGEST_CERTIFICATES: u64 = 16 * 1024 * 1024;

/// Whom TLS connections to Vault trust, and how they identify this client.
#[derive(Debug, Clone, Default)]
pub struct VaultTls {
    /// A PEM file with the authorities to trust, instead of the system's.
    pub ca_cert: Option<PathBuf>,
    /// A PEM file with this client's certificate.
    pub client_cert: Option<PathBuf>,
    /// A PEM file with the key of that certificate.
    pub client_key: Option<PathBuf>,
    /// The name that the server's certificate must have, where it is not the one in the address.
    pub server_name: Option<String>,
}

/// The same with the variables' values in place, and read.
pub(super) struct TlsReady {
    authorities: Option<Vec<Certificate>>,
    identity: Option<Identity>,
    pub(super) server_name: Option<String>,
    skip_verify: bool,
}

impl TlsReady {
    pub(super) fn read(
        settings: &VaultTls,
        variables: &Variables<'_>,
        directory: &Path,
    ) -> Result<Self, VaultError> {
        let file = |configured: Option<&PathBuf>, key: &str, name: &str| {
            file(configured, key, name, variables, directory)
        };
        let authorities = file(settings.ca_cert.as_ref(), "ca_cert", "CACERT")?
            .map(|(path, key)| authorities(&path, &key))
            .transpose()?;
        let certificate = client_certificate(settings, variables, directory)?;
        let key = file(settings.client_key.as_ref(), "client_key", "CLIENT_KEY")?;
        let server_name = match &settings.server_name {
            Some(name) => Some(name.clone()),
            None => variables.text("TLS_SERVER_NAME")?.map(|(name, _)| name),
        };
        Ok(Self {
            authorities,
            identity: identity(certificate, key)?,
            server_name,
            skip_verify: variables.truth("SKIP_VERIFY")?,
        })
    }

    /// Whether this client shows a certificate.
    pub(super) fn has_identity(&self) -> bool {
        self.identity.is_some()
    }

    /// Sets a client for one server up.
    pub(super) fn apply(&self, builder: ClientBuilder, address: &Address) -> ClientBuilder {
        let builder = builder.tls_backend_rustls();
        if !address.is_tls() {
            // Reading the system's certificates costs milliseconds.
            return builder.tls_certs_only(Vec::new());
        }
        let mut builder = builder.tls_danger_accept_invalid_certs(self.skip_verify);
        if let Some(authorities) = &self.authorities {
            builder = builder.tls_certs_only(authorities.clone());
        }
        if let Some(identity) = &self.identity {
            builder = builder.identity(identity.clone());
        }
        if self.server_name.is_some() {
            builder = builder.dns_resolver(Arc::new(OneHost(address.host())));
        }
        builder
    }
}

/// Looks every name up as this host: the name in the URL is the one that the certificate has.
struct OneHost(String);

impl Resolve for OneHost {
    fn resolve(&self, _: Name) -> Resolving {
        let host = self.0.clone();
        Box::pin(async move {
            let addresses: Vec<SocketAddr> = match host.parse::<IpAddr>() {
                Ok(address) => vec![SocketAddr::new(address, 0)],
                Err(_) => tokio::net::lookup_host((host, 0)).await?.collect(),
            };
            Ok(Box::new(addresses.into_iter()) as Addrs)
        })
    }
}

fn authorities(path: &Path, key: &str) -> Result<Vec<Certificate>, VaultError> {
    let invalid = |reason: &str| VaultError::invalid(key, format!("{} {reason}", path.display()));
    let read = RegularFile::open(path).and_then(|file| file.read(LONGEST_CERTIFICATES));
    let pem = read.map_err(|error| invalid(&format!("cannot be read: {error}")))?;
    let certificates =
        Certificate::from_pem_bundle(&pem).map_err(|_| invalid("has a broken certificate in it"))?;
    if certificates.is_empty() {
        return Err(invalid("has no PEM certificate in it"));
    }
    // Each is parsed when the client is made, which cannot say which file is at fault.
    ClientBuilder::new()
        .tls_backend_rustls()
        .no_proxy()
        .tls_certs_only(certificates.clone())
        .build()
        .map_err(|_| invalid("has a broken certificate in it"))?;
    Ok(certificates)
}

/// A file, and the key or the variable that names it.
type FileOf = (PathBuf, String);

/// The file with this client's certificate, where it shows one.
pub(super) fn client_certificate(
    settings: &VaultTls,
    variables: &Variables<'_>,
    directory: &Path,
) -> Result<Option<FileOf>, VaultError> {
    file(
        settings.client_cert.as_ref(),
        "client_cert",
        "CLIENT_CERT",
        variables,
        directory,
    )
}

/// The file that is configured under `key`, or else that the variable called `name` names.
fn file(
    configured: Option<&PathBuf>,
    key: &str,
    name: &str,
    variables: &Variables<'_>,
    directory: &Path,
) -> Result<Option<FileOf>, VaultError> {
    match configured {
        Some(path) => Ok(Some((path.clone(), key.to_owned()))),
        None => Ok(variables
            .text(name)?
            .map(|(path, variable)| (directory.join(path), variable))),
    }
}

fn identity(certificate: Option<FileOf>, key: Option<FileOf>) -> Result<Option<Identity>, VaultError> {
    let ((certificate, certificate_key), (key, key_key)) = match (certificate, key) {
        (None, None) => return Ok(None),
        (Some(certificate), Some(key)) => (certificate, key),
        (Some((_, key)), None) => {
            return Err(VaultError::invalid(
                &key,
                "there is a client certificate, and no key for it",
            ));
        }
        (None, Some((_, key))) => {
            return Err(VaultError::invalid(
                &key,
                "there is a key, and no client certificate for it",
            ));
        }
    };
    let read = |path: &Path, key: &str| {
        let invalid = |reason: String| VaultError::invalid(key, format!("{} {reason}", path.display()));
        read_file(path)
            .map_err(|error| invalid(format!("cannot be read: {error}")))?
            .ok_or_else(|| invalid("does not exist".to_owned()))
    };
    let pem = [read(&certificate, &certificate_key)?, read(&key, &key_key)?];
    let pem = zeroize::Zeroizing::new(format!("{}\n{}\n", pem[0].expose(), pem[1].expose()));
    let invalid = |_| {
        VaultError::invalid(
            &certificate_key,
            format!(
                "{} and {} are no PEM certificate and its key",
                certificate.display(),
                key.display()
            ),
        )
    };
    Identity::from_pem(pem.as_bytes()).map(Some).map_err(invalid)
}
