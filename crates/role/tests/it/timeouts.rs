use std::net::TcpListener;
use std::time::{Duration, Instant};

use rolewrap_lab::{Answer, ClosedPort, StsStub};
use rolewrap_role::{StsError, StsSettings};
use tempfile::TempDir;

use crate::support::{base, client, request, settings};

/// So long that a test which waits for it has failed.
const NEVER: Duration = Duration::from_hours(1);

#[tokio::test]
async fn an_answer_that_is_too_slow_is_asked_for_again() {
    let stub = StsStub::start().unwrap();
    stub.enqueue(Answer::success().after(NEVER));
    let client = client(StsSettings {
        // Enough for the second answer, also on a busy machine.
        attempt_timeout: Duration::from_secs(3),
        ..settings(&stub)
    });
    client.assume_role(&base(), &request()).await.unwrap();
    assert_eq!(stub.count(), 2);
}

#[tokio::test]
async fn answers_that_are_always_too_slow_are_given_up() {
    let stub = StsStub::start().unwrap();
    stub.answer_by_default(Answer::success().after(NEVER));
    let limit = Duration::from_millis(50);
    let client = client(StsSettings {
        attempt_timeout: limit,
        max_attempts: 2,
        ..settings(&stub)
    });
    let error = client.assume_role(&base(), &request()).await.unwrap_err();
    assert!(
        matches!(error, StsError::TimedOut { limit: reached, attempts: 2, cause: Some(_), .. } if reached == limit),
        "{error:?}"
    );
    assert!(
        error.to_string().contains("within 50ms (in 2 attempts)"),
        "{error}"
    );
}

#[tokio::test]
async fn the_total_limit_ends_a_slow_answer() {
    let stub = StsStub::start().unwrap();
    stub.answer_by_default(Answer::success().after(NEVER));
    let limit = Duration::from_millis(50);
    let client = client(StsSettings {
        attempt_timeout: NEVER,
        total_timeout: limit,
        ..settings(&stub)
    });
    let error = client.assume_role(&base(), &request()).await.unwrap_err();
    assert!(
        matches!(error, StsError::TimedOut { limit: reached, .. } if reached == limit),
        "{error:?}"
    );
}

/// The pauses are random, between nothing and an hour at first: four that end within half a second do not happen.
async fn out_of_time(stub: &StsStub, settings: StsSettings) -> StsError {
    let client = client(StsSettings {
        initial_backoff: NEVER,
        total_timeout: Duration::from_millis(500),
        ..settings
    });
    let started = Instant::now();
    let error = client.assume_role(&base(), &request()).await.unwrap_err();
    assert!(started.elapsed() < Duration::from_mins(1));
    assert!(stub.count() < 5);
    error
}

#[tokio::test]
async fn where_the_total_limit_ends_the_pauses_the_last_answer_is_the_cause() {
    for (answer, code) in [
        (
            Answer::error(400, "Throttling", "Rate exceeded"),
            Some("Throttling"),
        ),
        (Answer::raw(429, "text/plain", "slow down"), None),
        (
            Answer::error(503, "ServiceUnavailable", "oops"),
            Some("ServiceUnavailable"),
        ),
        (Answer::raw(502, "text/html", "<html>bad gateway</html>"), None),
        (
            Answer::error(400, "IDPCommunicationError", "oops"),
            Some("IDPCommunicationError"),
        ),
    ] {
        let stub = StsStub::start().unwrap();
        stub.answer_by_default(answer.clone());
        let error = out_of_time(&stub, settings(&stub)).await;
        assert_eq!(error.code(), code, "{answer:?}: {error}");
        assert!(
            matches!(
                error,
                StsError::Throttled { .. }
                    | StsError::Service { .. }
                    | StsError::IdentityProviderUnreachable { .. }
            ),
            "{answer:?}: {error}"
        );
        assert!(error.request_id().is_some(), "{answer:?}: {error}");
    }
}

#[tokio::test]
async fn the_last_answer_is_the_cause_also_where_the_next_one_never_comes() {
    let stub = StsStub::start().unwrap();
    stub.enqueue(Answer::error(400, "Throttling", "Rate exceeded"));
    stub.answer_by_default(Answer::success().after(NEVER));
    let client = client(StsSettings {
        attempt_timeout: NEVER,
        total_timeout: Duration::from_secs(2),
        ..settings(&stub)
    });
    let error = client.assume_role(&base(), &request()).await.unwrap_err();
    assert!(
        matches!(error, StsError::Throttled { attempts: 2, .. }),
        "{error}"
    );
}

#[tokio::test]
async fn where_the_total_limit_ends_the_pauses_after_a_broken_connection_that_is_the_cause() {
    let stub = StsStub::start().unwrap();
    stub.answer_by_default(Answer::dropped());
    let error = out_of_time(&stub, settings(&stub)).await;
    let StsError::TimedOut {
        cause: Some(cause), ..
    } = &error
    else {
        panic!("{error:?}")
    };
    assert!(cause.to_string().contains("closed"), "{cause}");
    let port = ClosedPort::take().unwrap();
    let settings = StsSettings {
        endpoint_url: Some(port.url()),
        ..settings(&stub)
    };
    let error = out_of_time(&stub, settings).await;
    let StsError::TimedOut {
        cause: Some(cause), ..
    } = &error
    else {
        panic!("{error:?}")
    };
    assert!(cause.to_string().contains("refused"), "{cause}");
}

#[tokio::test]
async fn a_connection_that_is_never_completed_is_given_up() {
    // The port takes connections and TLS never begins.
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let limit = Duration::from_millis(50);
    let stub = StsStub::start_tls(&["127.0.0.1"]).unwrap();
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("ca.pem");
    stub.write_ca(&path).unwrap();
    let settings = StsSettings {
        ca_bundle: Some(path),
        endpoint_url: Some(format!("https://{}", listener.local_addr().unwrap())),
        connect_timeout: limit,
        max_attempts: 1,
        ..StsSettings::default()
    };
    let error = client(settings)
        .assume_role(&base(), &request())
        .await
        .unwrap_err();
    assert!(
        matches!(error, StsError::TimedOut { limit: reached, .. } if reached == limit),
        "{error:?}"
    );
}
