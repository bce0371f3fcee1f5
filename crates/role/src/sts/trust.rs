use std::path::Path;
use std::sync::Arc;

use rolewrap_core::{BoxError, RegularFile};
use rustls::crypto::aws_lc_rs;
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject;
use rustls::{ClientConfig, RootCertStore};

use crate::InvalidStsSettings;

/// The most bytes of a file with certificates. That of a whole system has a quarter of a MiB.
const LONGEST: u64 = 16 * 1024 * 1024;

/// Whom TLS connections trust.
#[derive(Clone)]
pub(super) enum Trust {
    /// Nobody: there are no TLS connections, and reading certificates costs milliseconds.
    Nobody,
    /// The system's certificates.
    System,
    /// The certificates of a PEM file.
    Bundle(RootCertStore),
}

impl Trust {
    /// The certificates in the PEM file at `path`, which replace the system's.
    ///
    /// Every certificate is parsed here, so that a mistake in the file is found before anything else is done.
    pub(super) fn bundle(path: &Path) -> Result<Self, InvalidStsSettings> {
        let invalid = |reason: String, cause: Option<BoxError>| InvalidStsSettings::CaBundle {
            path: path.to_owned(),
            reason,
            cause,
        };
        let read = RegularFile::open(path).and_then(|file| file.read(LONGEST));
        let pem = read.map_err(|error| invalid("it cannot be read".to_owned(), Some(error.into())))?;
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
        Ok(Self::Bundle(roots))
    }

    /// How TLS connections are made.
    pub(super) fn tls(&self) -> Result<ClientConfig, BoxError> {
        let roots = match self {
            Self::Nobody => RootCertStore::empty(),
            Self::System => {
                let mut roots = RootCertStore::empty();
                // One that cannot be read or parsed is one that nobody is trusted by.
                roots.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
                roots
            }
            Self::Bundle(roots) => roots.clone(),
        };
        let mut tls = ClientConfig::builder_with_provider(Arc::new(aws_lc_rs::default_provider()))
            .with_safe_default_protocol_versions()?
            .with_root_certificates(roots)
            .with_no_client_auth();
        tls.alpn_protocols = vec![b"http/1.1".to_vec()];
        Ok(tls)
    }
}
