use rustls::CertificateError;

/// Why TLS refused, as the end of a sentence after the endpoint.
pub(super) fn tls_reason(error: &rustls::Error) -> String {
    match error {
        // The latter: an authority has the name of a trusted one and another key.
        rustls::Error::InvalidCertificate(
            CertificateError::UnknownIssuer | CertificateError::BadSignature,
        ) => "its certificate is not signed by an authority that is trusted here".to_owned(),
        rustls::Error::InvalidCertificate(
            CertificateError::NotValidForName | CertificateError::NotValidForNameContext { .. },
        ) => "its certificate is for another host name".to_owned(),
        rustls::Error::InvalidCertificate(
            CertificateError::Expired | CertificateError::ExpiredContext { .. },
        ) => "its certificate has expired".to_owned(),
        rustls::Error::InvalidCertificate(
            CertificateError::NotValidYet | CertificateError::NotValidYetContext { .. },
        ) => "its certificate is not valid yet; is this machine's clock right?".to_owned(),
        rustls::Error::InvalidMessage(rustls::InvalidMessage::InvalidContentType) => {
            "what answers there does not speak TLS; should its URL begin with http://?".to_owned()
        }
        other => other.to_string(),
    }
}
