//! The connection that is made while the base credentials are loaded.

use std::net::TcpListener;
use std::time::Duration;

use rolewrap_core::Secret;
use rolewrap_lab::{ClosedPort, ProxyStub, StsStub};
use rolewrap_role::{ConnectStep, StsError, StsSettings};
use tempfile::TempDir;

use crate::support::{NAME, base, by_name, client, request, settings};

fn tls() -> (StsStub, TempDir, StsSettings) {
    let stub = StsStub::start_tls(&["127.0.0.1", NAME]).unwrap();
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
async fn the_first_request_goes_over_the_connection_that_was_prepared() {
    let (stub, _folder, settings) = tls();
    let client = client(settings);
    client.connect().await;
    // The stub counts its side of TLS a moment later.
    while stub.connections() == 0 {
        tokio::task::yield_now().await;
    }
    assert_eq!(stub.count(), 0, "nothing is asked yet");
    client.connect().await;
    client.assume_role(&base(), &request()).await.unwrap();
    client.connect().await;
    client.assume_role(&base(), &request()).await.unwrap();
    assert_eq!((stub.connections(), stub.count()), (1, 2));
}

#[tokio::test]
async fn a_request_waits_for_a_connection_that_is_under_way() {
    let (stub, _folder, settings) = tls();
    let client = client(settings);
    let (base, request) = (base(), request());
    let (assumed, ()) =
        tokio::join!(biased; async { client.assume_role(&base, &request).await }, client.connect());
    assumed.unwrap();
    let (identified, ()) = tokio::join!(biased; client.caller_identity(&base), client.connect());
    identified.unwrap();
    assert_eq!((stub.connections(), stub.count()), (1, 2));
}

#[tokio::test]
async fn it_leads_through_the_tunnel_of_the_proxy_and_to_the_proxy_of_a_plain_endpoint() {
    let (stub, _folder, settings) = tls();
    let proxy = ProxyStub::start().unwrap();
    let client_behind = client(StsSettings {
        endpoint_url: by_name(&stub).endpoint_url,
        https_proxy: Some(Secret::new(proxy.url())),
        ..settings
    });
    client_behind.connect().await;
    let asked = proxy.requests();
    assert_eq!((asked.len(), asked[0].method.as_str()), (1, "CONNECT"));
    client_behind.assume_role(&base(), &request()).await.unwrap();
    assert_eq!((proxy.requests().len(), stub.connections()), (1, 1));

    let stub = StsStub::start().unwrap();
    let client_behind = client(StsSettings {
        http_proxy: Some(Secret::new(proxy.url())),
        ..by_name(&stub)
    });
    client_behind.connect().await;
    assert_eq!(
        (proxy.requests().len(), stub.count()),
        (1, 0),
        "the proxy is told nothing yet"
    );
    client_behind.assume_role(&base(), &request()).await.unwrap();
    assert_eq!((proxy.requests().len(), stub.count()), (2, 1));
}

#[tokio::test]
async fn a_connection_that_does_not_come_about_changes_no_error() {
    let stub = StsStub::start().unwrap();
    let port = ClosedPort::take().unwrap();
    let gone = StsSettings {
        endpoint_url: Some(port.url()),
        max_attempts: 2,
        ..settings(&stub)
    };
    let client = client(gone.clone());
    client.connect().await;
    let prepared = client.assume_role(&base(), &request()).await.unwrap_err();
    let unprepared = crate::support::client(gone)
        .assume_role(&base(), &request())
        .await
        .unwrap_err();
    assert!(
        matches!(
            prepared,
            StsError::Unreachable {
                step: ConnectStep::Connect,
                attempts: 2,
                ..
            }
        ),
        "{prepared:?}"
    );
    assert_eq!(prepared.to_string(), unprepared.to_string());
}

#[tokio::test]
async fn a_connection_that_was_closed_meanwhile_is_not_used() {
    let port = ClosedPort::take().unwrap();
    let listener = TcpListener::bind(port.address()).unwrap();
    let stub = StsStub::start().unwrap();
    // A server that closes what is silent, and then is another that works.
    let client = client(StsSettings {
        endpoint_url: Some(port.url()),
        max_attempts: 1,
        ..settings(&stub)
    });
    client.connect().await;
    drop(listener.accept().unwrap());
    drop(listener);
    let error = client.assume_role(&base(), &request()).await.unwrap_err();
    assert!(
        matches!(
            error,
            StsError::Unreachable {
                step: ConnectStep::Connect,
                ..
            }
        ),
        "a new connection is tried: {error:?}"
    );
}

#[tokio::test]
async fn a_connection_that_is_given_up_half_way_is_made_anew() {
    // It accepts and never says a word, so TLS is never ready.
    let silent = TcpListener::bind(("127.0.0.1", 0)).unwrap();
    let stub = StsStub::start().unwrap();
    let client = client(StsSettings {
        endpoint_url: Some(format!("https://{}", silent.local_addr().unwrap())),
        connect_timeout: Duration::from_secs(2),
        max_attempts: 1,
        ..settings(&stub)
    });
    silent.set_nonblocking(true).unwrap();
    let accepting = tokio::net::TcpListener::from_std(silent).unwrap();
    let _half = tokio::select! {
        () = client.connect() => panic!("it never speaks TLS"),
        accepted = accepting.accept() => accepted.unwrap(),
    };
    let error = client.assume_role(&base(), &request()).await.unwrap_err();
    assert!(matches!(error, StsError::TimedOut { .. }), "{error:?}");
}
