use rolewrap_core::{Clock, Secret};
use rolewrap_lab::{Answer, StsStub};
use rolewrap_role::{AskedDuration, Session, SessionDuration, StsError, longest};

use crate::support::{SystemClock, base, client, request, settings};

const HOUR: u32 = 3600;

fn hours(hours: u32) -> SessionDuration {
    SessionDuration::from_seconds(hours * HOUR).unwrap()
}

/// Looks for the longest session at `stub`.
async fn search(
    stub: &StsStub,
    known: Option<SessionDuration>,
) -> Result<(Session, SessionDuration), StsError> {
    let client = client(settings(stub));
    let base = base();
    longest(known, async |duration| {
        client
            .assume_role(&base, &request().with_duration(duration))
            .await
    })
    .await
}

/// The hours that were asked for, one after the other.
fn asked(stub: &StsStub) -> Vec<u32> {
    let seconds = |request: &rolewrap_lab::StsRequest| -> u32 {
        request.parameter("DurationSeconds").unwrap().parse().unwrap()
    };
    stub.requests()
        .iter()
        .map(|request| seconds(request) / HOUR)
        .collect()
}

#[tokio::test]
async fn it_is_found_for_every_maximum_with_at_most_five_requests() {
    for maximum in 1..=12 {
        for seconds in [maximum * HOUR, maximum * HOUR + 1799] {
            let stub = StsStub::start().unwrap();
            stub.limit_sessions_to(seconds.into());
            let (session, found) = search(&stub, None).await.unwrap();
            assert_eq!(found, hours(maximum), "{seconds} seconds");
            assert!(stub.count() <= 5, "{:?}", asked(&stub));
            let lasts = session.expires_at().duration_since(SystemClock.now()).unwrap();
            assert!(
                lasts.as_secs() > u64::from(maximum * HOUR) - 60,
                "{lasts:?} of {maximum} hours"
            );
        }
    }
}

#[tokio::test]
async fn what_people_set_is_tried_first() {
    for (maximum, requests) in [
        (12, &[12][..]),
        (4, &[12, 4, 8, 6, 5]),
        (1, &[12, 4, 2, 1]),
        (8, &[12, 4, 8, 10, 9]),
    ] {
        let stub = StsStub::start().unwrap();
        stub.limit_sessions_to(maximum * i64::from(HOUR));
        search(&stub, None).await.unwrap();
        assert_eq!(asked(&stub), requests, "{maximum} hours");
    }
}

#[tokio::test]
async fn what_is_known_is_asked_for_once_and_looked_for_again_when_it_is_refused() {
    let stub = StsStub::start().unwrap();
    stub.limit_sessions_to((4 * HOUR).into());
    let (_, found) = search(&stub, Some(hours(4))).await.unwrap();
    assert_eq!((found, asked(&stub)), (hours(4), vec![4]));
    stub.limit_sessions_to((2 * HOUR).into());
    let (_, found) = search(&stub, Some(hours(4))).await.unwrap();
    assert_eq!((found, asked(&stub)), (hours(2), vec![4, 4, 12, 4, 2, 3]));
}

#[tokio::test]
async fn any_other_refusal_ends_the_search() {
    let stub = StsStub::start().unwrap();
    stub.answer_by_default(Answer::error(403, "AccessDenied", "no"));
    let error = search(&stub, None).await.unwrap_err();
    assert!(matches!(error, StsError::AccessDenied { .. }), "{error}");
    assert_eq!(stub.count(), 1);
}

#[tokio::test]
async fn a_refusal_is_about_the_maximum_by_code_and_documented_message_together() {
    let documented = "The requested DurationSeconds exceeds the MaxSessionDuration set for this role.";
    for (code, message, is_about_it) in [
        ("ValidationError", documented, true),
        ("ValidationError", "1 validation error detected", false),
        ("AccessDenied", documented, false),
    ] {
        let stub = StsStub::start().unwrap();
        stub.answer_by_default(Answer::error(400, code, message));
        let error = client(settings(&stub))
            .assume_role(&base(), &request())
            .await
            .unwrap_err();
        assert_eq!(
            matches!(error, StsError::DurationAboveMaximum { .. }),
            is_about_it,
            "{error}"
        );
    }
}

#[tokio::test]
async fn the_longest_is_sent_as_the_most_that_the_credentials_can_have() {
    let stub = StsStub::start().unwrap();
    let client = client(settings(&stub));
    let request = request().with_duration(AskedDuration::Longest);
    client.assume_role(&base(), &request).await.unwrap();
    let temporary = base().with_session_token(&Secret::new("base-session")).unwrap();
    client.assume_role(&temporary, &request).await.unwrap();
    assert_eq!(asked(&stub), [12, 1]);
    let listed = request.parameters();
    let duration = listed
        .iter()
        .find(|parameter| parameter.name == "DurationSeconds");
    assert_eq!(
        duration.unwrap().value.expose(),
        "max",
        "and is not the same request as one for 12 hours"
    );
}
