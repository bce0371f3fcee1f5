use std::fmt;
use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use rcgen::{BasicConstraints, CertificateParams, DistinguishedName, DnType, IsCa, Issuer, KeyPair};
use rustls::ServerConfig;
use rustls::crypto::aws_lc_rs;
use rustls::pki_types::PrivateKeyDer;
use tokio_rustls::TlsAcceptor;

/// How many authorities there have been in this process.
static AUTHORITIES: AtomicU32 = AtomicU32::new(0);

/// A certificate for some names, and the authority that signed it.
pub(super) struct ServerIdentity {
    ca_pem: String,
    certificate: rcgen::Certificate,
    key: KeyPair,
}

impl ServerIdentity {
    pub(super) fn new(names: &[&str]) -> io::Result<Self> {
        let ca_key = KeyPair::generate().map_err(io::Error::other)?;
        let mut ca = CertificateParams::default();
        ca.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        // Two authorities of one name and different keys would look like a forged signature.
        let number = AUTHORITIES.fetch_add(1, Ordering::Relaxed);
        ca.distinguished_name = named(&format!("rolewrap lab authority {number}"));
        let ca_certificate = ca.self_signed(&ca_key).map_err(io::Error::other)?;
        let names: Vec<String> = names.iter().map(|&name| name.to_owned()).collect();
        let mut server = CertificateParams::new(names).map_err(io::Error::other)?;
        server.distinguished_name = named("rolewrap lab STS stub");
        let key = KeyPair::generate().map_err(io::Error::other)?;
        let certificate = server
            .signed_by(&key, &Issuer::new(ca, ca_key))
            .map_err(io::Error::other)?;
        Ok(Self {
            ca_pem: ca_certificate.pem(),
            certificate,
            key,
        })
    }

    pub(super) fn ca_pem(&self) -> &str {
        &self.ca_pem
    }

    pub(super) fn acceptor(&self) -> io::Result<TlsAcceptor> {
        let key = PrivateKeyDer::try_from(self.key.serialize_der()).map_err(io::Error::other)?;
        let config = ServerConfig::builder_with_provider(Arc::new(aws_lc_rs::default_provider()))
            .with_safe_default_protocol_versions()
            .and_then(|builder| {
                builder
                    .with_no_client_auth()
                    .with_single_cert(vec![self.certificate.der().clone()], key)
            })
            .map_err(io::Error::other)?;
        Ok(TlsAcceptor::from(Arc::new(config)))
    }
}

impl fmt::Debug for ServerIdentity {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("ServerIdentity").finish_non_exhaustive()
    }
}

fn named(name: &str) -> DistinguishedName {
    let mut distinguished_name = DistinguishedName::new();
    distinguished_name.push(DnType::CommonName, name);
    distinguished_name
}
