use std::time::Duration;

use rolewrap_core::{Clock, FixedClock, Secret};
use rolewrap_lab::{Answer, StsStub};
use rolewrap_role::{
    InvalidRequest, Partition, ProvidedContext, SessionDuration, SessionTags, StsClient, StsError,
};
use std::sync::Arc;
use std::time::SystemTime;

use crate::support::{
    ACCESS_KEY_ID, ROLE, SystemClock, assume, base, by_the_clock_at, client, request, settings, whole_seconds,
};

#[tokio::test]
async fn a_plain_request_carries_role_and_session_name_and_nothing_else() {
    let stub = StsStub::start().unwrap();
    assume(&stub).await.unwrap();
    let requests = stub.requests();
    assert_eq!(requests.len(), 1);
    let mut parameters = requests[0].parameters().to_vec();
    parameters.sort();
    assert_eq!(
        parameters,
        [
            ("Action", "AssumeRole"),
            ("RoleArn", ROLE),
            ("RoleSessionName", "alice"),
            ("Version", "2011-06-15"),
        ]
        .map(|(key, value)| (key.to_owned(), value.to_owned()))
    );
    assert_eq!(requests[0].access_key_id(), Some(ACCESS_KEY_ID));
    assert_eq!(
        requests[0].header("host"),
        Some(stub.address().to_string().as_str())
    );
    assert_eq!(requests[0].header("x-amz-security-token"), None);
    let signed_for = requests[0].header("authorization").unwrap();
    assert!(signed_for.contains("/eu-west-1/sts/aws4_request"), "{signed_for}");
}

fn context() -> ProvidedContext {
    let provider = "arn:aws:iam::aws:contextProvider/IdentityCenter".parse().unwrap();
    ProvidedContext::new(provider, &Secret::new("canary-assertion")).unwrap()
}

#[tokio::test]
async fn every_parameter_that_is_asked_is_sent_and_listed() {
    let stub = StsStub::start().unwrap();
    let tags = ["team=blue", "cost=42"].map(|tag| tag.parse().unwrap());
    let request = request()
        .with_duration(SessionDuration::from_seconds(7200).unwrap())
        .with_external_id("external/id:1".parse().unwrap())
        .with_source_identity("alice@example.com".parse().unwrap())
        .with_policy(r#"{"Version": "2012-10-17"}"#.parse().unwrap())
        .with_policy_arns(vec!["arn:aws:iam::aws:policy/ReadOnlyAccess".parse().unwrap()])
        .with_tags(SessionTags::new(tags.into(), vec!["team".to_owned()]).unwrap())
        .with_provided_contexts(vec![context()])
        .with_mfa(
            "arn:aws:iam::999999999999:mfa/alice".parse().unwrap(),
            "012345".parse().unwrap(),
        );
    let session = client(settings(&stub))
        .assume_role(&base(), &request)
        .await
        .unwrap();
    let sent = stub.requests().remove(0);
    for (parameter, value) in [
        ("DurationSeconds", "7200"),
        ("ExternalId", "external/id:1"),
        ("SourceIdentity", "alice@example.com"),
        ("Policy", r#"{"Version": "2012-10-17"}"#),
        (
            "PolicyArns.member.1.arn",
            "arn:aws:iam::aws:policy/ReadOnlyAccess",
        ),
        ("Tags.member.1.Key", "team"),
        ("Tags.member.1.Value", "blue"),
        ("Tags.member.2.Key", "cost"),
        ("Tags.member.2.Value", "42"),
        ("TransitiveTagKeys.member.1", "team"),
        (
            "ProvidedContexts.member.1.ProviderArn",
            "arn:aws:iam::aws:contextProvider/IdentityCenter",
        ),
        ("ProvidedContexts.member.1.ContextAssertion", "canary-assertion"),
        ("SerialNumber", "arn:aws:iam::999999999999:mfa/alice"),
        ("TokenCode", "012345"),
    ] {
        assert_eq!(sent.parameter(parameter), Some(value), "{parameter}");
    }
    assert_eq!(sent.parameters().len(), 14 + 4);
    let mut listed: Vec<_> = request
        .parameters()
        .into_iter()
        .map(|parameter| (parameter.name, parameter.value.expose().to_owned()))
        .collect();
    listed.sort();
    let mut sent: Vec<_> = sent.parameters().to_vec();
    sent.retain(|(name, _)| !["Action", "Version", "TokenCode"].contains(&name.as_str()));
    sent.sort();
    assert_eq!(listed, sent, "what is listed is what is sent");
    assert_eq!(session.source_identity(), Some("alice@example.com"));
}

#[tokio::test]
async fn the_session_is_what_the_answer_says() {
    let stub = StsStub::start().unwrap();
    let expiry = whole_seconds(SystemClock.now() + Duration::from_mins(59));
    stub.enqueue(Answer::success().expiring_at(expiry));
    let session = assume(&stub).await.unwrap();
    assert_eq!(session.expires_at(), expiry);
    assert_eq!(session.access_key_id(), "ASIASTUB000000000001");
    assert_eq!(
        session.secret_access_key().expose(),
        "canary-of-the-sts-stub-secret-access-key-1"
    );
    assert_eq!(
        session.session_token().expose(),
        "canary-of-the-sts-stub-session-token-1"
    );
    assert_eq!(
        session.assumed_role_arn(),
        "arn:aws:sts::123456789012:assumed-role/deploy/alice"
    );
    assert_eq!(session.account().as_str(), "123456789012");
    assert_eq!(session.packed_policy_size(), Some(6));
    assert_eq!(session.source_identity(), None);
}

#[tokio::test]
async fn temporary_base_credentials_send_their_session_token() {
    let stub = StsStub::start().unwrap();
    let base = base().with_session_token(&Secret::new("base-session")).unwrap();
    client(settings(&stub))
        .assume_role(&base, &request())
        .await
        .unwrap();
    assert_eq!(
        stub.requests()[0].header("x-amz-security-token"),
        Some("base-session")
    );
}

#[tokio::test]
async fn requests_are_dated_by_the_injected_clock() {
    let stub = StsStub::start().unwrap();
    let then = SystemTime::UNIX_EPOCH + Duration::from_secs(1_000_000_000);
    stub.answer_by_default(by_the_clock_at(then));
    let client = StsClient::new(settings(&stub), Partition::Aws, Arc::new(FixedClock(then))).unwrap();
    client.assume_role(&base(), &request()).await.unwrap();
    assert_eq!(stub.requests()[0].header("x-amz-date"), Some("20010909T014640Z"));
}

#[tokio::test]
async fn an_invalid_request_is_not_sent() {
    let stub = StsStub::start().unwrap();
    let base = base().with_session_token(&Secret::new("base-session")).unwrap();
    let request = request().with_duration(SessionDuration::from_seconds(7200).unwrap());
    let error = client(settings(&stub))
        .assume_role(&base, &request)
        .await
        .unwrap_err();
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
    assert_eq!(
        error.to_string(),
        "assume role arn:aws:iam::123456789012:role/team/deploy: session duration 2h: the base credentials are \
         temporary, and a role assumed with temporary credentials is allowed at most 1h"
    );
    assert_eq!(stub.count(), 0);
}

#[tokio::test]
async fn a_role_of_another_partition_than_the_client_is_not_asked_for() {
    let stub = StsStub::start().unwrap();
    let mut request = request();
    request.role = "arn:aws-cn:iam::123456789012:role/deploy".parse().unwrap();
    let error = client(settings(&stub))
        .assume_role(&base(), &request)
        .await
        .unwrap_err();
    assert!(
        matches!(
            error,
            StsError::InvalidRequest {
                source: InvalidRequest::OtherPartition { .. },
                ..
            }
        ),
        "{error}"
    );
    assert_eq!(stub.count(), 0);
}

#[tokio::test]
async fn base_credentials_that_have_expired_are_not_used() {
    let stub = StsStub::start().unwrap();
    let then = SystemTime::UNIX_EPOCH + Duration::from_secs(1_000_000_000);
    stub.answer_by_default(by_the_clock_at(then));
    let client = StsClient::new(settings(&stub), Partition::Aws, Arc::new(FixedClock(then))).unwrap();
    let expired = base().with_expires_at(then);
    for error in [
        client.assume_role(&expired, &request()).await.unwrap_err(),
        client.caller_identity(&expired).await.unwrap_err(),
    ] {
        assert!(
            matches!(error, StsError::ExpiredBaseCredentials { answer: None, .. }),
            "{error}"
        );
        assert!(
            error
                .to_string()
                .ends_with("from source test have expired at 2001-09-09T01:46:40Z"),
            "{error}"
        );
    }
    assert_eq!(stub.count(), 0);
    let usable = base().with_expires_at(then + Duration::from_secs(1));
    client.assume_role(&usable, &request()).await.unwrap();
}
