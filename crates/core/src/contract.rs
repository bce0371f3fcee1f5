//! The contract of [`BaseCredentialSource`], as a test that every implementation can run.
//!
//! Implement [`Scenarios`] for a source and call [`check`] from a test. `check` panics at the first promise
//! that the source does not keep, with a sentence that names it.

use std::error::Error;
use std::pin::pin;
use std::task::{Context, Waker};

use async_trait::async_trait;

use crate::{BaseCredentialSource, SourceError};

/// The access key id that [`Scenarios::present`] stores.
pub const ACCESS_KEY_ID: &str = "AKIACONTRACTEXAMPLE1";
/// The secret access key that [`Scenarios::present`] stores. It must never be printed.
pub const SECRET_ACCESS_KEY: &str = "canary-secret-access-key-2c41f7";
/// What [`Scenarios::malformed`] plants in a broken entry. It must never be printed either.
pub const MALFORMED_CANARY: &str = "canary-malformed-81be05";

/// A state that a store can or cannot be in.
#[derive(Debug)]
pub enum Scenario {
    /// A source whose store is in that state.
    Source(Box<dyn BaseCredentialSource>),
    /// This kind of store has no such state, for the reason given.
    CannotHappen(&'static str),
}

/// How the store of one kind of source is brought into each state. The sources are made anew for each call.
#[async_trait]
pub trait Scenarios: Send + Sync {
    /// A store that holds [`ACCESS_KEY_ID`] and [`SECRET_ACCESS_KEY`].
    async fn present(&self) -> Box<dyn BaseCredentialSource>;
    /// A store that answers and holds nothing.
    async fn absent(&self) -> Box<dyn BaseCredentialSource>;
    /// Stores with broken entries, each with [`MALFORMED_CANARY`] somewhere in a value.
    async fn malformed(&self) -> Vec<Box<dyn BaseCredentialSource>>;
    /// A store that refuses.
    async fn denied(&self) -> Scenario;
    /// A store that does not answer.
    async fn unreachable(&self) -> Scenario;
}

/// Checks every promise of the trait's contract.
///
/// # Panics
/// At the first promise that is not kept.
pub async fn check(scenarios: &dyn Scenarios) {
    check_present(scenarios).await;
    check_cancelled(scenarios).await;
    check_failure(&*scenarios.absent().await, "absent", |error| {
        matches!(error, SourceError::NotFound { .. })
    })
    .await;
    let malformed = scenarios.malformed().await;
    assert!(!malformed.is_empty(), "there is at least one way to be malformed");
    for source in malformed {
        check_failure(&*source, "malformed", |error| {
            matches!(error, SourceError::Malformed { .. })
        })
        .await;
    }
    if let Scenario::Source(source) = scenarios.denied().await {
        check_failure(&*source, "denied", |error| {
            matches!(error, SourceError::Denied { .. })
        })
        .await;
    }
    if let Scenario::Source(source) = scenarios.unreachable().await {
        check_failure(&*source, "unreachable", |error| {
            matches!(error, SourceError::Unavailable { .. })
        })
        .await;
    }
}

async fn check_present(scenarios: &dyn Scenarios) {
    let source = scenarios.present().await;
    assert!(!source.name().is_empty(), "a source has a name");
    for attempt in ["first", "second"] {
        let credentials = source
            .load()
            .await
            .unwrap_or_else(|error| panic!("the {attempt} load succeeds: {error}"));
        assert_eq!(credentials.access_key_id(), ACCESS_KEY_ID);
        assert_eq!(credentials.secret_access_key().expose(), SECRET_ACCESS_KEY);
        assert_eq!(
            credentials.source_name(),
            source.name(),
            "credentials say which source yielded them"
        );
        assert_silent(
            "the credentials' Debug",
            &format!("{credentials:?}{credentials:#?}"),
        );
    }
    assert_silent("the source's Debug", &format!("{source:?}{source:#?}"));
}

async fn check_cancelled(scenarios: &dyn Scenarios) {
    let source = scenarios.present().await;
    {
        let mut load = pin!(source.load());
        let _ = load.as_mut().poll(&mut Context::from_waker(Waker::noop()));
    }
    let reloaded = source.load().await;
    assert!(
        reloaded.is_ok(),
        "a source works on after a load was dropped half-way: {reloaded:?}"
    );
}

async fn check_failure(source: &dyn BaseCredentialSource, state: &str, expected: fn(&SourceError) -> bool) {
    let Err(error) = source.load().await else {
        panic!("a source whose store is {state} fails")
    };
    assert!(
        expected(&error),
        "a store that is {state} must not be reported as: {error:?}"
    );
    assert_eq!(error.source_name(), source.name(), "an error names its source");
    assert!(!error.reason().is_empty(), "an error has a reason");
    assert_silent("the error", &format!("{error}{error:?}{error:#?}"));
    assert_silent("the source's Debug", &format!("{source:?}"));
    let mut cause = error.source();
    while let Some(error) = cause {
        assert_silent("a cause of the error", &format!("{error}{error:?}"));
        cause = error.source();
    }
}

fn assert_silent(what: &str, text: &str) {
    for canary in [SECRET_ACCESS_KEY, MALFORMED_CANARY] {
        assert!(!text.contains(canary), "{what} must not show a secret: {text}");
    }
}
