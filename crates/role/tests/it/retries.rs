use std::time::Duration;

use rolewrap_lab::{Answer, ClosedPort, StsStub};
use rolewrap_role::{ConnectStep, StsError, StsSettings};

use crate::support::{assume, base, client, request, settings};

#[tokio::test]
async fn faults_that_pass_are_survived() {
    for fault in [
        Answer::error(400, "Throttling", "Rate exceeded"),
        Answer::error(400, "ThrottlingException", "Rate exceeded"),
        Answer::error(400, "RequestLimitExceeded", "Rate exceeded"),
        Answer::error(400, "RequestTimeout", "too slow"),
        Answer::error(400, "IDPCommunicationError", "try again"),
        Answer::error(500, "InternalFailure", "oops"),
        Answer::error(503, "ServiceUnavailable", "oops"),
        Answer::raw(502, "text/html", "<html>bad gateway</html>"),
        Answer::raw(504, "text/plain", ""),
        Answer::dropped(),
    ] {
        let stub = StsStub::start().unwrap();
        stub.enqueue(fault.clone());
        stub.enqueue(fault.clone());
        let session = assume(&stub).await;
        assert!(session.is_ok(), "{fault:?}: {session:?}");
        assert_eq!(stub.count(), 3, "{fault:?}");
    }
}

#[tokio::test]
async fn throttling_without_end_is_given_up_after_all_attempts() {
    let stub = StsStub::start().unwrap();
    stub.answer_by_default(Answer::error(400, "Throttling", "Rate exceeded"));
    let error = assume(&stub).await.unwrap_err();
    assert!(
        matches!(error, StsError::Throttled { attempts: 12, .. }),
        "{error}"
    );
    assert_eq!(stub.count(), 12);
    assert!(error.to_string().contains("throttled in 12 attempts"), "{error}");
    assert_eq!(
        error.request_id(),
        Some("00000000-0000-4000-8000-000000000012"),
        "of the last request"
    );
}

#[tokio::test]
async fn a_service_that_stays_broken_is_given_up_after_all_attempts() {
    let stub = StsStub::start().unwrap();
    stub.answer_by_default(Answer::raw(503, "text/html", "<html>sorry</html>"));
    let error = assume(&stub).await.unwrap_err();
    assert!(matches!(error, StsError::Service { attempts: 5, .. }), "{error}");
    assert!(error.to_string().contains("answered with status 503"), "{error}");
    assert_eq!(stub.count(), 5);
}

#[tokio::test]
async fn the_number_of_attempts_is_a_setting() {
    let stub = StsStub::start().unwrap();
    stub.answer_by_default(Answer::error(400, "Throttling", "Rate exceeded"));
    let client = client(StsSettings {
        max_attempts: 1,
        max_throttled_attempts: 1,
        ..settings(&stub)
    });
    let error = client.assume_role(&base(), &request()).await.unwrap_err();
    assert!(
        matches!(error, StsError::Throttled { attempts: 1, .. }),
        "{error}"
    );
    assert_eq!(stub.count(), 1);
}

#[tokio::test]
async fn connections_that_always_break_are_given_up() {
    let stub = StsStub::start().unwrap();
    stub.answer_by_default(Answer::dropped());
    let error = assume(&stub).await.unwrap_err();
    assert!(
        matches!(
            error,
            StsError::Unreachable {
                step: ConnectStep::Exchange,
                attempts: 5,
                ..
            }
        ),
        "{error:?}"
    );
    assert_eq!(stub.count(), 5);
}

#[tokio::test]
async fn a_port_where_nobody_listens_is_unreachable() {
    let stub = StsStub::start().unwrap();
    let port = ClosedPort::take().unwrap();
    let url = port.url();
    let settings = StsSettings {
        endpoint_url: Some(url.clone()),
        ..settings(&stub)
    };
    let error = client(settings)
        .assume_role(&base(), &request())
        .await
        .unwrap_err();
    let StsError::Unreachable {
        step: ConnectStep::Connect,
        proxy: None,
        attempts: 5,
        ..
    } = &error
    else {
        panic!("{error:?}")
    };
    assert!(
        error
            .to_string()
            .contains(&format!("cannot reach {url}: no connection")),
        "{error}"
    );
    assert!(std::error::Error::source(&error).is_some(), "the cause is kept");
}

#[tokio::test]
async fn a_host_that_does_not_exist_is_a_matter_of_dns() {
    let settings = StsSettings {
        // RFC 6761: `.invalid` never resolves.
        endpoint_url: Some("http://sts.invalid".to_owned()),
        max_attempts: 1,
        connect_timeout: Duration::from_secs(30),
        attempt_timeout: Duration::from_secs(30),
        ..StsSettings::default()
    };
    let error = client(settings)
        .assume_role(&base(), &request())
        .await
        .unwrap_err();
    assert!(
        matches!(
            error,
            StsError::Unreachable {
                step: ConnectStep::Dns,
                ..
            }
        ),
        "{error:?}"
    );
}
