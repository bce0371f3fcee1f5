use rolewrap_core::Secret;
use rolewrap_lab::{ClosedPort, ProxyStub, StsStub};
use rolewrap_role::{ConnectStep, StsError, StsSettings};
use tempfile::TempDir;

use crate::support::{NAME, base, by_name, client, everything, request, settings};

/// `alice` and `canary-proxy`, as the header says them.
const AUTHORIZATION: &str = "Basic YWxpY2U6Y2FuYXJ5LXByb3h5";
const PASSWORD: &str = "canary-proxy";

/// The URL of a proxy with a name and the password in it.
fn with_password(url: &str) -> Secret {
    Secret::new(url.replace("://", &format!("://alice:{PASSWORD}@")))
}

/// A stub with TLS and the settings to ask it by a name.
fn tls() -> (StsStub, TempDir, StsSettings) {
    let stub = StsStub::start_tls(&[NAME]).unwrap();
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("ca.pem");
    stub.write_ca(&path).unwrap();
    let settings = StsSettings {
        ca_bundle: Some(path),
        ..by_name(&stub)
    };
    (stub, folder, settings)
}

#[tokio::test]
async fn a_plain_endpoint_is_asked_through_its_proxy_with_the_password() {
    let stub = StsStub::start().unwrap();
    let proxy = ProxyStub::start_with_authorization(AUTHORIZATION).unwrap();
    let client = client(StsSettings {
        http_proxy: Some(with_password(&proxy.url())),
        ..by_name(&stub)
    });
    client.assume_role(&base(), &request()).await.unwrap();
    let seen = proxy.requests();
    assert_eq!(seen.len(), 1);
    assert_eq!(
        seen[0].target,
        format!("http://{NAME}:{}/", stub.address().port())
    );
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
        ("CONNECT", format!("{NAME}:{}", stub.address().port()).as_str())
    );
    assert_eq!(seen[0].proxy_authorization.as_deref(), Some(AUTHORIZATION));
    assert_eq!(stub.count(), 1);
}

#[tokio::test]
async fn the_proxy_of_the_other_scheme_is_not_used() {
    let (for_http, for_https) = (ProxyStub::start().unwrap(), ProxyStub::start().unwrap());
    let asked = || (for_http.requests().len(), for_https.requests().len());
    let with_both = |settings| StsSettings {
        http_proxy: Some(with_password(&for_http.url())),
        https_proxy: Some(with_password(&for_https.url())),
        ..settings
    };
    let stub = StsStub::start().unwrap();
    let plain = with_both(by_name(&stub));
    client(plain).assume_role(&base(), &request()).await.unwrap();
    assert_eq!(asked(), (1, 0));
    let (_stub, _folder, settings) = tls();
    let tls = with_both(settings);
    client(tls).assume_role(&base(), &request()).await.unwrap();
    assert_eq!(asked(), (1, 1));
}

#[tokio::test]
async fn this_machine_is_asked_directly() {
    let stub = StsStub::start().unwrap();
    let proxy = ProxyStub::start().unwrap();
    let client = client(StsSettings {
        http_proxy: Some(Secret::new(proxy.url())),
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
        ..by_name(&stub)
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
        ..by_name(&stub)
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
