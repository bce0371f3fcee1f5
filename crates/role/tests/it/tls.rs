use std::fs;
use std::path::PathBuf;

use rolewrap_core::Secret;
use rolewrap_lab::{ProxyStub, StsStub};
use rolewrap_role::{StsError, StsSettings};
use tempfile::TempDir;

use crate::support::{NAME, base, by_name, client, request, settings};

/// The certificate of `stub`'s authority, in a file that lives as long as the folder.
fn ca(stub: &StsStub) -> (TempDir, PathBuf) {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("ca.pem");
    stub.write_ca(&path).unwrap();
    (folder, path)
}

#[tokio::test]
async fn a_certificate_of_the_bundle_is_trusted() {
    let stub = StsStub::start_tls(&["127.0.0.1"]).unwrap();
    let (_folder, path) = ca(&stub);
    let client = client(StsSettings {
        ca_bundle: Some(path),
        ..settings(&stub)
    });
    assert!(client.endpoint().starts_with("https://127.0.0.1:"));
    client.assume_role(&base(), &request()).await.unwrap();
    // Connections are kept, so a chain does not shake hands again.
    client.assume_role(&base(), &request()).await.unwrap();
    assert_eq!(stub.count(), 2);
}

#[tokio::test]
async fn every_certificate_of_a_bundle_counts() {
    let (one, other) = (
        StsStub::start_tls(&["127.0.0.1"]).unwrap(),
        StsStub::start_tls(&["127.0.0.1"]).unwrap(),
    );
    let (_one, one_path) = ca(&one);
    let (_other, other_path) = ca(&other);
    let both = [
        fs::read(&one_path).unwrap(),
        b"# and a word\n".to_vec(),
        fs::read(&other_path).unwrap(),
    ]
    .concat();
    fs::write(&one_path, both).unwrap();
    for stub in [&one, &other] {
        let client = client(StsSettings {
            ca_bundle: Some(one_path.clone()),
            ..settings(stub)
        });
        client.assume_role(&base(), &request()).await.unwrap();
    }
}

#[tokio::test]
async fn a_certificate_that_nobody_vouches_for_is_refused_at_once() {
    let stub = StsStub::start_tls(&[NAME]).unwrap();
    let stranger = StsStub::start_tls(&["127.0.0.1"]).unwrap();
    let (_folder, path) = ca(&stranger);
    // The proxy counts the connections that TLS then refuses.
    let proxy = ProxyStub::start().unwrap();
    let client = client(StsSettings {
        ca_bundle: Some(path),
        https_proxy: Some(Secret::new(proxy.url())),
        ..by_name(&stub)
    });
    let error = client.assume_role(&base(), &request()).await.unwrap_err();
    assert!(matches!(error, StsError::TlsRefused { .. }), "{error:?}");
    assert!(
        error
            .to_string()
            .contains("not signed by an authority that is trusted here"),
        "{error}"
    );
    assert_eq!(proxy.requests().len(), 1, "it would be refused each time");
    assert_eq!(stub.count(), 0);
}

#[tokio::test]
async fn the_certificate_of_another_host_is_refused() {
    let stub = StsStub::start_tls(&["sts.example.com"]).unwrap();
    let (_folder, path) = ca(&stub);
    let client = client(StsSettings {
        ca_bundle: Some(path),
        ..settings(&stub)
    });
    let error = client.assume_role(&base(), &request()).await.unwrap_err();
    assert!(matches!(error, StsError::TlsRefused { .. }), "{error:?}");
    assert!(error.to_string().contains("for another host name"), "{error}");
}

#[tokio::test]
async fn a_server_that_does_not_speak_tls_is_named_as_such() {
    let stub = StsStub::start().unwrap();
    let other = StsStub::start_tls(&["127.0.0.1"]).unwrap();
    let (_folder, path) = ca(&other);
    let settings = StsSettings {
        ca_bundle: Some(path),
        endpoint_url: Some(stub.url().replace("http:", "https:")),
        ..settings(&stub)
    };
    let error = client(settings)
        .assume_role(&base(), &request())
        .await
        .unwrap_err();
    assert!(matches!(error, StsError::TlsRefused { .. }), "{error:?}");
}

#[tokio::test]
async fn a_real_endpoint_name_is_asked_through_a_proxy_with_its_certificate_checked() {
    let stub = StsStub::start_tls(&["sts.eu-west-1.amazonaws.com"]).unwrap();
    let (_folder, path) = ca(&stub);
    let proxy = ProxyStub::start_with_route(stub.address()).unwrap();
    let client = client(StsSettings {
        endpoint_url: None,
        ca_bundle: Some(path),
        https_proxy: Some(Secret::new(proxy.url())),
        ..settings(&stub)
    });
    client.assume_role(&base(), &request()).await.unwrap();
    assert_eq!(client.endpoint(), "https://sts.eu-west-1.amazonaws.com");
    assert_eq!(
        stub.requests()[0].header("host"),
        Some("sts.eu-west-1.amazonaws.com")
    );
    assert_eq!(proxy.requests()[0].method, "CONNECT");
    assert_eq!(proxy.requests()[0].target, "sts.eu-west-1.amazonaws.com:443");
}

#[tokio::test]
async fn the_global_endpoint_is_signed_for_its_own_region() {
    let stub = StsStub::start_tls(&["sts.amazonaws.com"]).unwrap();
    let (_folder, path) = ca(&stub);
    let proxy = ProxyStub::start_with_route(stub.address()).unwrap();
    let client = client(StsSettings {
        endpoint_url: None,
        use_global_endpoint: true,
        ca_bundle: Some(path),
        https_proxy: Some(Secret::new(proxy.url())),
        ..settings(&stub)
    });
    client.assume_role(&base(), &request()).await.unwrap();
    let signed = stub.requests().remove(0);
    let authorization = signed.header("authorization").unwrap();
    assert!(
        authorization.contains("/us-east-1/sts/aws4_request"),
        "{authorization}"
    );
}
