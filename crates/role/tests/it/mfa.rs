use std::time::Duration;

use rolewrap_core::{BaseCredentials, Clock, Secret};
use rolewrap_lab::{Answer, StsStub};
use rolewrap_role::{InvalidRequest, MfaSessionRequest, SessionDuration, StsError};

use crate::support::{
    ACCESS_KEY_ID, SystemClock, base, client, everything, request, settings, whole_seconds,
};

const DEVICE: &str = "arn:aws:iam::999999999999:mfa/alice";

fn mfa() -> MfaSessionRequest {
    MfaSessionRequest {
        serial: DEVICE.parse().unwrap(),
        code: "987654".parse().unwrap(),
        duration: None,
    }
}

async fn mfa_session(stub: &StsStub, request: &MfaSessionRequest) -> Result<BaseCredentials, StsError> {
    client(settings(stub)).mfa_session(&base(), request).await
}

#[tokio::test]
async fn a_session_is_asked_for_with_device_and_code_and_nothing_else() {
    let stub = StsStub::start().unwrap();
    mfa_session(&stub, &mfa()).await.unwrap();
    let sent = stub.requests().remove(0);
    let mut parameters = sent.parameters().to_vec();
    parameters.sort();
    assert_eq!(
        parameters,
        [
            ("Action", "GetSessionToken"),
            ("SerialNumber", DEVICE),
            ("TokenCode", "987654"),
            ("Version", "2011-06-15"),
        ]
        .map(|(key, value)| (key.to_owned(), value.to_owned()))
    );
    assert_eq!(sent.access_key_id(), Some(ACCESS_KEY_ID));
}

#[tokio::test]
async fn a_duration_is_sent_where_one_is_asked_for() {
    let stub = StsStub::start().unwrap();
    let duration = Some("36h".parse().unwrap());
    mfa_session(&stub, &MfaSessionRequest { duration, ..mfa() })
        .await
        .unwrap();
    assert_eq!(stub.requests()[0].parameter("DurationSeconds"), Some("129600"));
}

#[tokio::test]
async fn the_session_is_base_credentials_of_the_same_source_that_assume_a_role() {
    let stub = StsStub::start().unwrap();
    let expiry = whole_seconds(SystemClock.now() + Duration::from_hours(12));
    stub.enqueue(Answer::success().expiring_at(expiry));
    let client = client(settings(&stub));
    let session = client.mfa_session(&base(), &mfa()).await.unwrap();
    assert_eq!(session.source_name(), base().source_name());
    assert_eq!(session.access_key_id(), "ASIASTUB000000000001");
    assert_eq!(session.expires_at(), Some(expiry));
    assert!(session.is_temporary());
    client.assume_role(&session, &request()).await.unwrap();
    let sent = stub.requests().remove(1);
    assert_eq!(sent.access_key_id(), Some("ASIASTUB000000000001"));
    assert_eq!(
        sent.header("x-amz-security-token"),
        Some("canary-of-the-sts-stub-session-token-1")
    );
    assert_eq!(sent.parameter("TokenCode"), None);
}

#[tokio::test]
async fn a_role_beyond_an_hour_is_not_asked_for_with_such_a_session() {
    let stub = StsStub::start().unwrap();
    let client = client(settings(&stub));
    let session = client.mfa_session(&base(), &mfa()).await.unwrap();
    let request = request().with_duration(SessionDuration::from_seconds(7200).unwrap());
    let error = client.assume_role(&session, &request).await.unwrap_err();
    assert!(
        matches!(
            error,
            StsError::InvalidRequest {
                source: InvalidRequest::ChainedDuration { .. },
                ..
            }
        ),
        "{error}"
    );
    assert_eq!(stub.count(), 1);
}

#[tokio::test]
async fn temporary_base_credentials_are_not_sent_a_code_with() {
    let stub = StsStub::start().unwrap();
    let client = client(settings(&stub));
    let temporary = base().with_session_token(&Secret::new("session")).unwrap();
    let with_code = request().with_mfa(DEVICE.parse().unwrap(), "987654".parse().unwrap());
    for error in [
        client.mfa_session(&temporary, &mfa()).await.unwrap_err(),
        client.assume_role(&temporary, &with_code).await.unwrap_err(),
    ] {
        assert!(
            matches!(
                error,
                StsError::InvalidRequest {
                    source: InvalidRequest::MfaOfTemporary,
                    ..
                }
            ),
            "{error}"
        );
    }
    assert_eq!(stub.count(), 0);
}

#[tokio::test]
async fn a_wrong_code_is_told_apart_from_other_denials_and_sent_once() {
    let wrong = "MultiFactorAuthentication failed with invalid MFA one time pass code. ";
    for (message, is_about_the_code) in [(wrong, true), ("User is not authorized to perform", false)] {
        let stub = StsStub::start().unwrap();
        stub.answer_by_default(Answer::error(403, "AccessDenied", message));
        let error = mfa_session(&stub, &mfa()).await.unwrap_err();
        assert!(matches!(error, StsError::AccessDenied { .. }), "{error}");
        assert_eq!(error.is_about_the_mfa_code(), is_about_the_code, "{error}");
        assert_eq!(stub.count(), 1);
        assert!(
            error
                .to_string()
                .starts_with("get an MFA session with the device arn:aws:iam::999999999999:mfa/alice: "),
            "{error}"
        );
    }
}

#[tokio::test]
async fn an_answer_without_a_whole_session_is_none() {
    let stub = StsStub::start().unwrap();
    let expiry = humantime::format_rfc3339_seconds(SystemClock.now() + Duration::from_hours(12)).to_string();
    let whole = format!(
        "<AccessKeyId>ASIAEXAMPLE000000001</AccessKeyId><SecretAccessKey>canary</SecretAccessKey>\
         <SessionToken>canary</SessionToken><Expiration>{expiry}</Expiration>"
    );
    for credentials in [
        String::new(),
        whole.replace(&format!("<Expiration>{expiry}</Expiration>"), ""),
        whole.replace(&expiry, "1999-01-01T00:00:00Z"),
        whole.replace(&expiry, "2999-01-01T00:00:00Z"),
        whole.replace("ASIAEXAMPLE000000001", "AKIAEXAMPLE000000001"),
        whole.replace("ASIAEXAMPLE000000001", ACCESS_KEY_ID),
        whole.replace("<SessionToken>canary</SessionToken>", ""),
        whole.replace("ASIAEXAMPLE000000001", "short"),
    ] {
        stub.enqueue(Answer::raw(
            200,
            "text/xml",
            format!(
                "<GetSessionTokenResponse><GetSessionTokenResult><Credentials>{credentials}</Credentials>\
                 </GetSessionTokenResult></GetSessionTokenResponse>"
            ),
        ));
        let error = mfa_session(&stub, &mfa()).await.unwrap_err();
        assert!(
            matches!(error, StsError::MalformedAnswer { .. }),
            "{credentials}: {error}"
        );
        assert!(!everything(&error).contains("canary"), "{error}");
    }
}

#[tokio::test]
async fn neither_code_nor_session_is_shown() {
    let stub = StsStub::start().unwrap();
    let session = mfa_session(&stub, &mfa()).await.unwrap();
    stub.answer_by_default(Answer::error(403, "AccessDenied", "no"));
    let error = mfa_session(&stub, &mfa()).await.unwrap_err();
    let shown = format!("{session:?} {:?} {}", mfa(), everything(&error));
    for secret in ["canary", "987654"] {
        assert!(!shown.contains(secret), "{shown}");
    }
}
