use std::io;
use std::path::{Path, PathBuf};

use rcgen::{
    BasicConstraints, CertificateParams, CertifiedIssuer, DnType, ExtendedKeyUsagePurpose, IsCa, KeyPair,
};

/// The name in the server's certificate beside 127.0.0.1.
pub(super) const SERVER_NAME: &str = "vault.lab.example";

/// An authority, and the certificates of a server and of a client, as PEM files in a folder.
#[derive(Debug)]
pub(super) struct Certificates {
    folder: PathBuf,
}

impl Certificates {
    pub(super) fn write(folder: &Path) -> io::Result<Self> {
        let key = KeyPair::generate().map_err(io::Error::other)?;
        let mut parameters = CertificateParams::default();
        parameters.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        parameters
            .distinguished_name
            .push(DnType::CommonName, "rolewrap lab authority of OpenBao");
        let authority = CertifiedIssuer::self_signed(parameters, key).map_err(io::Error::other)?;
        std::fs::write(folder.join("ca.pem"), authority.pem())?;
        let server = ["127.0.0.1", SERVER_NAME];
        for (name, names, purpose) in [
            ("server", &server[..], ExtendedKeyUsagePurpose::ServerAuth),
            ("client", &["ci.lab.example"], ExtendedKeyUsagePurpose::ClientAuth),
        ] {
            let names: Vec<String> = names.iter().map(|&name| name.to_owned()).collect();
            let mut parameters = CertificateParams::new(names).map_err(io::Error::other)?;
            parameters.distinguished_name.push(DnType::CommonName, name);
            parameters.extended_key_usages = vec![purpose];
            let key = KeyPair::generate().map_err(io::Error::other)?;
            let certificate = parameters.signed_by(&key, &authority).map_err(io::Error::other)?;
            std::fs::write(folder.join(format!("{name}.pem")), certificate.pem())?;
            std::fs::write(folder.join(format!("{name}.key")), key.serialize_pem())?;
        }
        Ok(Self {
            folder: folder.to_owned(),
        })
    }

    pub(super) fn file(&self, name: &str) -> PathBuf {
        self.folder.join(name)
    }
}
