use std::time::{Duration, SystemTime};

use rolewrap_core::{BaseCredentials, Clock, Secret};
use rolewrap_lab::{Answer, StsStub};
use rolewrap_role::{SessionDuration, StsError};

use crate::support::{
    ACCESS_KEY_ID, SECRET_ACCESS_KEY, SystemClock, assume, base, client, everything, request, settings,
};

const SECRET: &str = "canary-in-the-answer";

/// Sees that `answer` is refused as malformed after one request, without its content in the error.
async fn malformed(answer: Answer) -> String {
    let stub = StsStub::start().unwrap();
    stub.answer_by_default(answer);
    let error = assume(&stub).await.unwrap_err();
    assert!(matches!(error, StsError::MalformedAnswer { .. }), "{error:?}");
    assert_eq!(stub.count(), 1, "{error}");
    assert!(!everything(&error).contains("canary"), "{error:?}");
    error.to_string()
}

fn xml(result: &str) -> Answer {
    let body =
        format!("<AssumeRoleResponse><AssumeRoleResult>{result}</AssumeRoleResult></AssumeRoleResponse>");
    Answer::raw(200, "text/xml", body)
}

fn credentials(fields: &str) -> Answer {
    xml(&format!(
        "<AssumedRoleUser><AssumedRoleId>A:b</AssumedRoleId>\
         <Arn>arn:aws:sts::123456789012:assumed-role/deploy/alice</Arn></AssumedRoleUser>\
         <Credentials>{fields}</Credentials>"
    ))
}

/// An hour later than now, which is what is asked for.
fn in_an_hour() -> String {
    humantime::format_rfc3339_seconds(SystemClock.now() + Duration::from_hours(1)).to_string()
}

fn field(name: &str, value: &str) -> String {
    format!("<{name}>{value}</{name}>")
}

fn complete() -> [String; 4] {
    [
        field("AccessKeyId", "ASIAIOSFODNN7EXAMPLE"),
        field("SecretAccessKey", SECRET),
        field("SessionToken", SECRET),
        field("Expiration", &in_an_hour()),
    ]
}

#[tokio::test]
async fn a_web_page_is_no_answer_and_none_of_it_is_repeated() {
    for status in [200, 403, 404] {
        let page = format!("<!DOCTYPE html><html><body>{SECRET}<br></body></html>");
        let message = malformed(Answer::raw(status, "text/html", page)).await;
        assert!(message.contains("sent no usable answer"), "{message}");
    }
}

#[tokio::test]
async fn an_empty_answer_is_none() {
    malformed(Answer::raw(200, "text/xml", "")).await;
    malformed(Answer::raw(200, "text/plain", SECRET)).await;
    malformed(Answer::raw(200, "text/xml", "<AssumeRoleResponse/>")).await;
    malformed(Answer::raw(
        200,
        "text/xml",
        format!("<AssumeRoleResponse><AssumeRoleResult>{SECRET}"),
    ))
    .await;
}

#[tokio::test]
async fn an_answer_without_end_is_cut_off() {
    let mut body = Vec::from("<AssumeRoleResponse>");
    body.resize(10 * 1024 * 1024, b' ');
    let message = malformed(Answer::raw(200, "text/xml", body)).await;
    assert!(message.contains("longer than any answer"), "{message}");
}

#[tokio::test]
async fn an_answer_without_credentials_is_none() {
    assert!(malformed(xml("")).await.contains("no Credentials"));
    let only_credentials = format!("<Credentials>{}</Credentials>", complete().concat());
    assert!(
        malformed(xml(&only_credentials))
            .await
            .contains("no AssumedRoleUser")
    );
}

#[tokio::test]
async fn credentials_are_whole_or_nothing() {
    for missing in 0..4 {
        let mut fields = complete().to_vec();
        let name = fields[missing].split(['<', '>']).nth(1).unwrap().to_owned();
        fields.remove(missing);
        let message = malformed(credentials(&fields.concat())).await;
        assert!(message.contains(&format!("have no {name}")), "{message}");
    }
    let stub = StsStub::start().unwrap();
    stub.enqueue(credentials(&complete().concat()));
    assume(&stub).await.unwrap();
}

#[tokio::test]
async fn credentials_that_no_header_can_carry_are_refused() {
    for (name, index) in [("AccessKeyId", 0), ("SecretAccessKey", 1), ("SessionToken", 2)] {
        let mut fields = complete();
        fields[index] = field(name, "canary\nin the answer");
        let message = malformed(credentials(&fields.concat())).await;
        assert!(message.contains(name), "{message}");
    }
}

#[tokio::test]
async fn an_expiry_that_is_no_time_is_refused() {
    for expiry in [
        "soon",
        "",
        "1234567890",
        "1960-01-01T00:00:00Z",
        "1969-12-31T23:59:59.5Z",
        "9999-12-31T23:59:59-01:00",
    ] {
        let mut fields = complete();
        fields[3] = field("Expiration", expiry);
        malformed(credentials(&fields.concat())).await;
    }
}

#[tokio::test]
async fn a_session_of_another_role_or_name_is_refused() {
    for resource in ["OTHER/alice", "deploy/OTHER", "deploy", "deploy/alice/x"] {
        let user = format!(
            "<AssumedRoleUser><AssumedRoleId>A:b</AssumedRoleId>\
             <Arn>arn:aws:sts::123456789012:assumed-role/{resource}</Arn></AssumedRoleUser>"
        );
        let fields = complete().concat();
        let message = malformed(xml(&format!("{user}<Credentials>{fields}</Credentials>"))).await;
        assert!(
            message.contains("is not that of assumed-role/deploy/alice"),
            "{message}"
        );
    }
}

#[tokio::test]
async fn a_session_that_is_over_is_none() {
    for seconds in [-1, -3600] {
        let message = malformed(Answer::success().lasting_seconds(seconds)).await;
        assert!(message.contains("its session expired at"), "{message}");
    }
    let past = SystemTime::UNIX_EPOCH + Duration::from_secs(1_000_000_000);
    let message = malformed(Answer::success().expiring_at(past)).await;
    assert!(message.contains("expired at 2001-09-09T01:46:40Z"), "{message}");
}

#[tokio::test]
async fn a_session_that_lives_far_longer_than_was_asked_is_none() {
    let asked = |seconds| request().with_duration(SessionDuration::from_seconds(seconds).unwrap());
    for (request, granted, is_refused) in [
        (request(), 3600, false),
        (request(), 3600 + 200, false),
        (request(), 3600 + 400, true),
        (asked(900), 1300, true),
        (asked(43_200), 43_200, false),
        (asked(43_200), 44_000, true),
        (request(), 10_000_000_000, true),
    ] {
        let stub = StsStub::start().unwrap();
        stub.answer_by_default(Answer::success().lasting_seconds(granted));
        let answer = client(settings(&stub)).assume_role(&base(), &request).await;
        assert_eq!(answer.is_err(), is_refused, "{granted}: {answer:?}");
        if let Err(error) = answer {
            assert!(matches!(error, StsError::MalformedAnswer { .. }), "{error}");
            assert_eq!(stub.count(), 1, "{error}");
        }
    }
    let message = malformed(Answer::success().lasting_seconds(7200)).await;
    assert!(message.contains("and it was asked for 1h only"), "{message}");
}

#[tokio::test]
async fn a_key_that_is_not_a_new_and_temporary_one_is_none() {
    let temporary = BaseCredentials::new("test", "ASIAIOSFODNN7EXAMPLE", &Secret::new(SECRET_ACCESS_KEY))
        .unwrap()
        .with_session_token(&Secret::new("canary-of-the-token"))
        .unwrap();
    for (base, index, echoed, expected) in [
        (base(), 0, field("AccessKeyId", ACCESS_KEY_ID), "begins with AKIA"),
        (
            base(),
            0,
            field("AccessKeyId", "AKIAI44QH8DHBEXAMPLE"),
            "begins with AKIA",
        ),
        (
            base(),
            1,
            field("SecretAccessKey", SECRET_ACCESS_KEY),
            "SecretAccessKey is the one that the request was signed with",
        ),
        (
            temporary.clone(),
            0,
            field("AccessKeyId", "ASIAIOSFODNN7EXAMPLE"),
            "AccessKeyId is the one that the request was signed with",
        ),
        (
            temporary.clone(),
            2,
            field("SessionToken", "canary-of-the-token"),
            "SessionToken is the one that the request was signed with",
        ),
    ] {
        let mut fields = complete();
        fields[0] = field("AccessKeyId", "ASIAI44QH8DHBEXAMPLE");
        fields[index] = echoed;
        let stub = StsStub::start().unwrap();
        stub.answer_by_default(credentials(&fields.concat()));
        let error = client(settings(&stub))
            .assume_role(&base, &request())
            .await
            .unwrap_err();
        assert!(matches!(error, StsError::MalformedAnswer { .. }), "{error:?}");
        assert!(error.to_string().contains(expected), "{error}");
        assert!(!everything(&error).contains("canary"), "{error:?}");
    }
}

#[tokio::test]
async fn a_session_in_another_account_is_none() {
    let message = malformed(Answer::success().in_account("111111111111")).await;
    assert!(message.contains("in account 111111111111"), "{message}");
    assert!(
        message.contains("the role is in account 123456789012"),
        "{message}"
    );
}

#[tokio::test]
async fn a_session_without_a_proper_arn_is_none() {
    for arn in [
        "",
        "deploy",
        "arn:aws:iam::123456789012:user/alice",
        "arn:aws:sts::123456789012:federated-user/alice",
        "arn:aws:sts::12345:assumed-role/deploy/alice",
        "arn:aws-cn:sts::123456789012:assumed-role/deploy/alice",
        "arn:aws:sts::123456789012:assumed-role/deploy/ali ce",
    ] {
        malformed(xml(&format!(
            "<AssumedRoleUser><AssumedRoleId>A:b</AssumedRoleId><Arn>{arn}</Arn></AssumedRoleUser>\
             <Credentials>{}</Credentials>",
            complete().concat()
        )))
        .await;
    }
}
