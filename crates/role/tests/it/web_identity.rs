use std::sync::Arc;
use std::time::{Duration, UNIX_EPOCH};

use rolewrap_core::{Clock, FixedClock, Secret};
use rolewrap_lab::{Answer, StsStub, WebIdentity};
use rolewrap_role::{
    InvalidRequest, Partition, Session, StsClient, StsError, WebIdentityRequest, WebIdentityToken,
};

use crate::support::{ROLE, SystemClock, by_the_clock_at, client, everything, settings};

const SUBJECT: &str = "repo:team/infra:ref:refs/heads/main";

fn web_identity() -> WebIdentity {
    WebIdentity::new(SUBJECT, SystemClock.now() + Duration::from_mins(10))
}

fn request(identity: &WebIdentity) -> WebIdentityRequest {
    let token = WebIdentityToken::new(&Secret::new(identity.token())).unwrap();
    WebIdentityRequest::new(ROLE.parse().unwrap(), "alice".parse().unwrap(), token)
}

async fn assume(stub: &StsStub) -> Result<Session, StsError> {
    client(settings(stub))
        .assume_role_with_web_identity(&request(&web_identity()))
        .await
}

#[tokio::test]
async fn the_token_is_sent_and_nothing_is_signed() {
    let stub = StsStub::start().unwrap();
    let identity = web_identity();
    let session = client(settings(&stub))
        .assume_role_with_web_identity(&request(&identity))
        .await
        .unwrap();
    let sent = stub.requests().remove(0);
    let mut parameters = sent.parameters().to_vec();
    parameters.sort();
    assert_eq!(
        parameters,
        [
            ("Action", "AssumeRoleWithWebIdentity"),
            ("RoleArn", ROLE),
            ("RoleSessionName", "alice"),
            ("Version", "2011-06-15"),
            ("WebIdentityToken", &identity.token()),
        ]
        .map(|(key, value)| (key.to_owned(), value.to_owned()))
    );
    for header in ["authorization", "x-amz-security-token"] {
        assert_eq!(sent.header(header), None);
    }
    assert_eq!(
        session.assumed_role_arn(),
        "arn:aws:sts::123456789012:assumed-role/deploy/alice"
    );
}

#[tokio::test]
async fn every_parameter_that_is_asked_is_sent() {
    let stub = StsStub::start().unwrap();
    let request = WebIdentityRequest {
        duration: Some("12h".parse().unwrap()),
        policy: Some(r#"{"Version": "2012-10-17"}"#.parse().unwrap()),
        policy_arns: vec!["arn:aws:iam::aws:policy/ReadOnlyAccess".parse().unwrap()],
        ..request(&web_identity())
    };
    client(settings(&stub))
        .assume_role_with_web_identity(&request)
        .await
        .unwrap();
    let sent = stub.requests().remove(0);
    for (parameter, value) in [
        ("DurationSeconds", "43200"),
        ("Policy", r#"{"Version": "2012-10-17"}"#),
        (
            "PolicyArns.member.1.arn",
            "arn:aws:iam::aws:policy/ReadOnlyAccess",
        ),
    ] {
        assert_eq!(sent.parameter(parameter), Some(value), "{parameter}");
    }
    assert_eq!(sent.parameters().len(), 3 + 5);
}

#[tokio::test]
async fn a_token_that_has_expired_is_not_sent() {
    let stub = StsStub::start().unwrap();
    let expiry = UNIX_EPOCH + Duration::from_secs(1_700_000_000);
    let request = request(&WebIdentity::new(SUBJECT, expiry));
    let client_at = |now| StsClient::new(settings(&stub), Partition::Aws, Arc::new(FixedClock(now))).unwrap();
    let error = client_at(expiry)
        .assume_role_with_web_identity(&request)
        .await
        .unwrap_err();
    assert_eq!(
        error.to_string(),
        "assume role arn:aws:iam::123456789012:role/team/deploy with a web identity: the web identity token has \
         expired at 2023-11-14T22:13:20Z"
    );
    assert_eq!(stub.count(), 0);
    stub.answer_by_default(by_the_clock_at(expiry));
    client_at(expiry - Duration::from_secs(1))
        .assume_role_with_web_identity(&request)
        .await
        .unwrap();
}

/// AWS takes a token whatever the time is here. What it gives then is used at the wrong time.
#[tokio::test]
async fn a_wrong_clock_is_named_where_nothing_is_signed() {
    for (ahead, said) in [
        (3750, "1h 2m"),
        (-3750, "1h 2m"),
        (7350, "2h 2m"),
        (-7350, "2h 2m"),
    ] {
        for answer in [
            Answer::success(),
            Answer::success().lasting_seconds(600),
            Answer::error(400, "ExpiredTokenException", "Token expired"),
        ] {
            let stub = StsStub::start().unwrap();
            stub.answer_by_default(answer.clone().with_clock_ahead_seconds(ahead));
            let error = assume(&stub).await.unwrap_err();
            assert!(matches!(error, StsError::ClockSkew { .. }), "{answer:?}: {error}");
            let way = if ahead > 0 { "behind" } else { "ahead of" };
            let text = error.to_string();
            assert!(text.contains(said) && text.contains(way), "{answer:?}: {text}");
            assert!(!everything(&error).contains("canary"), "{error}");
            assert_eq!(stub.count(), 1);
        }
    }
    for ahead in [-270, 270] {
        let stub = StsStub::start().unwrap();
        stub.answer_by_default(Answer::success().with_clock_ahead_seconds(ahead));
        assume(&stub).await.unwrap();
    }
}

#[tokio::test]
async fn a_role_of_another_partition_and_too_many_policies_are_not_asked_for() {
    let stub = StsStub::start().unwrap();
    let client = client(settings(&stub));
    let china = WebIdentityRequest {
        role: "arn:aws-cn:iam::123456789012:role/deploy".parse().unwrap(),
        ..request(&web_identity())
    };
    let limited = WebIdentityRequest {
        policy_arns: vec!["arn:aws:iam::aws:policy/ReadOnlyAccess".parse().unwrap(); 11],
        ..request(&web_identity())
    };
    for request in [china, limited] {
        let error = client.assume_role_with_web_identity(&request).await.unwrap_err();
        assert!(
            matches!(
                error,
                StsError::InvalidRequest {
                    source: InvalidRequest::OtherPartition { .. } | InvalidRequest::TooManyPolicyArns { .. },
                    ..
                }
            ),
            "{error}"
        );
    }
    assert_eq!(stub.count(), 0);
}

#[tokio::test]
async fn what_sts_refuses_is_final_and_named() {
    for (status, code, name) in [
        (400, "ExpiredTokenException", "ExpiredWebIdentity"),
        (400, "InvalidIdentityToken", "WebIdentityRefused"),
        (403, "IDPRejectedClaim", "WebIdentityRefused"),
        (403, "AccessDenied", "AccessDenied"),
        (400, "MalformedPolicyDocument", "RejectedParameters"),
        (400, "PackedPolicyTooLarge", "RejectedParameters"),
        (403, "RegionDisabledException", "RegionDisabled"),
    ] {
        let stub = StsStub::start().unwrap();
        stub.answer_by_default(Answer::error(status, code, "because"));
        let error = assume(&stub).await.unwrap_err();
        assert!(format!("{error:?}").starts_with(name), "{code}: {error:?}");
        assert_eq!(error.code(), Some(code));
        assert_eq!(stub.count(), 1, "{code}");
        assert!(
            !everything(&error).contains(WebIdentity::SECRET_PREFIX),
            "{error}"
        );
    }
}

#[tokio::test]
async fn an_identity_provider_that_sts_cannot_reach_is_tried_again() {
    let stub = StsStub::start().unwrap();
    let fault = Answer::error(400, "IDPCommunicationError", "Error communicating");
    stub.enqueue(fault.clone());
    assume(&stub).await.unwrap();
    assert_eq!(stub.count(), 2);
    stub.answer_by_default(fault);
    let error = assume(&stub).await.unwrap_err();
    assert!(
        matches!(error, StsError::IdentityProviderUnreachable { attempts: 5, .. }),
        "{error}"
    );
}

#[tokio::test]
async fn a_session_of_somebody_else_is_none() {
    let stub = StsStub::start().unwrap();
    stub.enqueue(Answer::success().in_account("111111111111"));
    let error = assume(&stub).await.unwrap_err();
    assert!(matches!(error, StsError::MalformedAnswer { .. }), "{error}");
}

#[tokio::test]
async fn the_token_is_never_shown() {
    let request = request(&web_identity());
    let shown = format!("{request:?}");
    assert!(shown.contains(SUBJECT), "{shown}");
    assert!(!shown.contains(WebIdentity::SECRET_PREFIX), "{shown}");
}
