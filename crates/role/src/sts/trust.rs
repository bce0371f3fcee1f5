use std::fs;
use std::path::Path;

use aws_smithy_http_client::tls::{TlsContext, TrustStore};
use rolewrap_core::BoxError;
use rustls::RootCertStore;
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject;

use crate::InvalidStsSettings;

/// Whom TLS connections trust.
#[derive(Clone)]
pub(super) enum Trust {
    /// Nobody: there are no TLS connections, and reading certificates costs milliseconds.
    Nobody,
    /// The system's certificates.
    System,
    /// The certificates of a PEM file that was checked.
    Bundle(Vec<u8>),
}

impl Trust {
    /// The certificates in the PEM file at `path`, which replace the system's.
    ///
    /// The SDK accepts a file without certificates silently and panics at a broken one, later, so every
    /// certificate is parsed here.
    pub(super) fn bundle(path: &Path) -> Result<Self, InvalidStsSettings> {
        let invalid = |reason: String, cause: Option<BoxError>| InvalidStsSettings::CaBundle {
            path: path.to_owned(),
            reason,
            cause,
        };
        let pem =
            fs::read(path).map_err(|error| invalid("it cannot be read".to_owned(), Some(error.into())))?;
        let mut roots = RootCertStore::empty();
        for (index, certificate) in CertificateDer::pem_slice_iter(&pem).enumerate() {
            let broken = || format!("certificate {} in it is broken", index + 1);
            let certificate = certificate.map_err(|error| invalid(broken(), Some(error.into())))?;
            roots
                .add(certificate)
                .map_err(|error| invalid(broken(), Some(error.into())))?;
        }
        if roots.is_empty() {
            return Err(invalid("there is no PEM certificate in it".to_owned(), None));
        }
        Ok(Self::Bundle(pem))
    }

    /// The same in the SDK's terms.
    pub(super) fn context(&self) -> Result<TlsContext, BoxError> {
        let store = match self {
            Self::Nobody => TrustStore::empty(),
            Self::System => TrustStore::default(),
            Self::Bundle(pem) => TrustStore::empty().with_pem_certificate(pem.as_slice()),
        };
        Ok(TlsContext::builder().with_trust_store(store).build()?)
    }
}
