//! Whom TLS connections trust.

use std::path::PathBuf;

use rolewrap_core::{BaseCredentialSource, VaultSettings};
use rolewrap_lab::OpenBao;

use crate::given::{KEY, failure, key, server, settings, source};

fn over_tls(server: &OpenBao) -> VaultSettings {
    settings(&server.tls_url())
}

#[tokio::test]
async fn the_authority_comes_from_the_settings_or_a_variable() {
    let server = server();
    server.put("aws/security", &key());
    let authority = server.file("ca.pem");
    let token = ("VAULT_TOKEN", server.root());
    let mut configured = over_tls(&server);
    configured.tls.ca_cert = Some(authority.clone());
    for (settings, variables) in [
        (configured, vec![token]),
        (
            over_tls(&server),
            vec![token, ("VAULT_CACERT", authority.to_str().unwrap())],
        ),
        (over_tls(&server), vec![token, ("VAULT_SKIP_VERIFY", "true")]),
    ] {
        let loaded = source(settings, &variables).load().await.unwrap();
        assert_eq!(loaded.access_key_id(), KEY);
    }
}

#[tokio::test]
async fn a_certificate_that_is_not_trusted_is_refused_whatever_an_empty_variable_says() {
    let server = server();
    for variables in [
        vec![],
        vec![("VAULT_SKIP_VERIFY", "")],
        vec![("VAULT_SKIP_VERIFY", "false")],
    ] {
        let variables = [vec![("VAULT_TOKEN", "x")], variables].concat();
        assert_eq!(
            failure(over_tls(&server), &variables).await,
            "reach source team: the TLS connection to SERVER is refused: its certificate is not signed by an authority that is trusted here"
        );
    }
    let plain = settings(&server.url().replace("http:", "https:"));
    assert_eq!(
        failure(plain, &[("VAULT_TOKEN", "x")]).await,
        "reach source team: what answers at SERVER does not speak TLS"
    );
}

#[tokio::test]
async fn the_name_in_the_certificate_can_be_another_than_the_one_in_the_address() {
    let server = server();
    server.put("aws/security", &key());
    let mut settings = over_tls(&server);
    settings.tls.ca_cert = Some(server.file("ca.pem"));
    settings.tls.server_name = Some(OpenBao::SERVER_NAME.to_owned());
    let token = [("VAULT_TOKEN", server.root())];
    source(settings.clone(), &token).load().await.unwrap();
    settings.tls.server_name = Some("other.example".to_owned());
    assert_eq!(
        failure(settings, &token).await,
        "reach source team: the TLS connection to SERVER is refused: its certificate is for another host name"
    );
}

#[tokio::test]
async fn files_that_are_no_certificates_are_named() {
    let server = server();
    let write = |name: &str, text: &str| -> PathBuf {
        let path = server.folder().join(name);
        std::fs::write(&path, text).unwrap();
        path
    };
    let empty = write("empty.pem", "");
    let broken = write(
        "broken.pem",
        "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n",
    );
    let client = server.file("client.pem");
    for (ca_cert, client_cert, client_key, expected) in [
        (
            Some(&empty),
            None,
            None,
            "use source team: ca_cert: FOLDER/empty.pem has no PEM certificate in it",
        ),
        (
            Some(&broken),
            None,
            None,
            "use source team: ca_cert: FOLDER/broken.pem has a broken certificate in it",
        ),
        (
            None,
            Some(&client),
            None,
            "use source team: client_cert: there is a client certificate, and no key for it",
        ),
        (
            None,
            None,
            Some(&client),
            "use source team: client_key: there is a key, and no client certificate for it",
        ),
        (
            None,
            Some(&client),
            Some(&empty),
            "use source team: client_cert: FOLDER/client.pem and FOLDER/empty.pem are no PEM certificate and its key",
        ),
    ] {
        let mut settings = over_tls(&server);
        settings.tls.ca_cert = ca_cert.cloned();
        settings.tls.client_cert = client_cert.cloned();
        settings.tls.client_key = client_key.cloned();
        let message = failure(settings, &[("VAULT_TOKEN", "x")]).await;
        assert_eq!(
            message.replace(server.folder().to_str().unwrap(), "FOLDER"),
            expected
        );
    }
    let mut missing = over_tls(&server);
    missing.tls.ca_cert = Some("/nonexistent/ca.pem".into());
    let message = failure(missing, &[("VAULT_TOKEN", "x")]).await;
    assert!(
        message.contains("ca_cert: /nonexistent/ca.pem cannot be read: "),
        "{message}"
    );
}

#[test]
fn a_way_that_is_less_safe_than_it_looks_is_warned_about() {
    let warnings = |address: &str, skip: &str| {
        let source = source(settings(address), &[("VAULT_SKIP_VERIFY", skip)]);
        source.warnings().join("; ")
    };
    for (address, skip) in [
        ("https://vault.example:8200", ""),
        ("https://vault.example:8200", "false"),
        ("http://127.0.0.1:8200", "true"),
        ("http://localhost:8200", ""),
        ("http://[::1]:8200", ""),
    ] {
        assert_eq!(warnings(address, skip), "", "{address} {skip}");
    }
    assert!(warnings("http://vault.example:8200", "").contains("http://vault.example:8200 is not encrypted"));
    assert!(warnings("https://vault.example:8200", "1").contains("certificates are not verified"));
}
