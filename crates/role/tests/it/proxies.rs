use rolewrap_core::Secret;
use rolewrap_lab::{ClosedPort, ProxyStub, StsStub};
use rolewrap_role::{ConnectStep, StsError, StsSettings};
use tempfile::TempDir;

use crate::support::{base, client, everything, request, settings};

/// `alice` and `canary-proxy`, as the header says them.
const AUTHORIZATION: &str = "Basic YWxpY2U6Y2FuYXJ5LXByb3h5";
const PASSWORD: &str = "canary-proxy";

/// The URL of a proxy with a name and the password in it.
fn with_password(url: &str) -> Secret {
    Secret::new(url.replace("://", &format!("://alice:{PASSWORD}@")))
}

/// A stub with TLS and the settings to ask it.
fn tls() -> (StsStub, TempDir, StsSettings) {
    let stub = StsStub::start_tls(&["127.0.0.1"]).unwrap();
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("ca.pem");
    stub.write_ca(&path).unwrap();
    let settings = StsSettings {
        ca_bundle: Some(path),
        ..settings(&stub)
    };
    (stub, folder, settings)
}

#[tokio::test]
async fn a_plain_endpoint_is_asked_through_its_proxy_with_the_password() {
    let stub = StsStub::start().unwrap();
    let proxy = ProxyStub::start_with_authorization(AUTHORIZATION).unwrap();
    let client = client(StsSettings {
        http_proxy: Some(with_password(&proxy.url())),
        ..settings(&stub)
    });
    client.assume_role(&base(), &request()).await.unwrap();
    let seen = proxy.requests();
    assert_eq!(seen.len(), 1);
    assert_eq!(seen[0].target, format!("{}/", stub.url()));
    assert_eq!(seen[0].proxy_authorization.as_deref(), Some(AUTHORIZATION));
    assert_eq!(stub.requests()[0].header("proxy-authorization"), None);
    assert!(!format!("{client:?} {client:#?}").contains(PASSWORD));
}

#[tokio::test]
async fn a_tls_endpoint_is_asked_through_a_tunnel_with_the_password() {
    let (stub, _folder, settings) = tls();
    let proxy = ProxyStub::start_with_authorization(AUTHORIZATION).unwrap();
    let client = client(StsSettings {
        https_proxy: Some(with_password(&proxy.url())),
        ..settings
    });
    client.assume_role(&base(), &request()).await.unwrap();
    let seen = proxy.requests();
    assert_eq!(seen.len(), 1);
    assert_eq!(
        (seen[0].method.as_str(), seen[0].target.as_str()),
        ("CONNECT", stub.address().to_string().as_str())
    );
    assert_eq!(seen[0].proxy_authorization.as_deref(), Some(AUTHORIZATION));
    assert_eq!(stub.count(), 1);
}

#[tokio::test]
async fn the_proxy_of_the_other_scheme_is_not_used() {
    let proxy = ProxyStub::start().unwrap();
    let stub = StsStub::start().unwrap();
    let plain = StsSettings {
        https_proxy: Some(with_password(&proxy.url())),
        ..settings(&stub)
    };
    client(plain).assume_role(&base(), &request()).await.unwrap();
    let (_stub, _folder, settings) = tls();
    let tls = StsSettings {
        http_proxy: Some(with_password(&proxy.url())),
        ..settings
    };
    client(tls).assume_role(&base(), &request()).await.unwrap();
    assert_eq!(proxy.requests(), []);
}

#[tokio::test]
async fn an_excepted_host_is_asked_directly() {
    let stub = StsStub::start().unwrap();
    let proxy = ProxyStub::start().unwrap();
    let client = client(StsSettings {
        http_proxy: Some(Secret::new(proxy.url())),
        no_proxy: Some("example.com, 127.0.0.1".to_owned()),
        ..settings(&stub)
    });
    client.assume_role(&base(), &request()).await.unwrap();
    assert_eq!(proxy.requests(), []);
    assert_eq!(stub.count(), 1);
}

#[tokio::test]
async fn a_proxy_that_refuses_the_password_is_named_without_it() {
    let (stub, _folder, settings) = tls();
    let proxy = ProxyStub::start_with_authorization("Basic c29tZTpvbmUgZWxzZQ==").unwrap();
    let client = client(StsSettings {
        https_proxy: Some(with_password(&proxy.url())),
        max_attempts: 1,
        ..settings
    });
    let error = client.assume_role(&base(), &request()).await.unwrap_err();
    assert!(
        matches!(
            error,
            StsError::Unreachable {
                step: ConnectStep::Proxy,
                ..
            }
        ),
        "{error:?}"
    );
    assert!(
        error
            .to_string()
            .contains(&format!("through proxy {}: the proxy could not", proxy.url())),
        "{error}"
    );
    let shown = everything(&error);
    assert!(!shown.contains(PASSWORD) && !shown.contains("YWxpY2U"), "{shown}");
    assert!(
        shown.contains("authorization required"),
        "the cause says why: {shown}"
    );
    assert_eq!(stub.count(), 0);
}

#[tokio::test]
async fn a_plain_endpoint_behind_a_proxy_that_refuses_is_no_answer_of_sts() {
    let stub = StsStub::start().unwrap();
    let proxy = ProxyStub::start_with_authorization(AUTHORIZATION).unwrap();
    let client = client(StsSettings {
        http_proxy: Some(Secret::new(proxy.url())),
        ..settings(&stub)
    });
    let error = client.assume_role(&base(), &request()).await.unwrap_err();
    assert!(matches!(error, StsError::MalformedAnswer { .. }), "{error:?}");
    assert!(error.to_string().contains("status is 407"), "{error}");
}

#[tokio::test]
async fn a_proxy_where_nobody_listens_is_named_without_its_password() {
    let stub = StsStub::start().unwrap();
    let proxy = ClosedPort::take().unwrap();
    let url = proxy.url();
    let client = client(StsSettings {
        http_proxy: Some(with_password(&url)),
        max_attempts: 1,
        ..settings(&stub)
    });
    let error = client.assume_role(&base(), &request()).await.unwrap_err();
    assert!(
        matches!(
            error,
            StsError::Unreachable {
                step: ConnectStep::Proxy,
                ..
            }
        ),
        "{error:?}"
    );
    assert!(error.to_string().contains(&url), "{error}");
    assert!(!everything(&error).contains(PASSWORD));
}
