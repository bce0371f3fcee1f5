//! The contract of [`BaseCredentialSource`], as a test that every implementation can run.
//!
//! Implement [`Scenarios`] for a source and call [`check`] from a test. `check` panics at the first promise
//! that the source does not keep, with a sentence that names it. A [`BaseCredentialStore`](crate::BaseCredentialStore) is
//! also given to [`check_store`].
//!
//! Checked is
//!
//! - **Fresh**: a key that was replaced is what the next load yields.
//! - **Absent is not broken**: each state that [`Scenarios`] can bring about is reported as what it is, with the source's name.
//! - **Whole or not at all**: what [`Scenarios::malformed`] brings is an error. A key that is replaced during a load is not
//!   brought about.
//! - **Silent**: in `Debug`, errors and their causes. What a source prints or logs is not seen.
//! - **Cancellable**: a load is dropped at its first await point. The later ones are not tried.
//! - That what was loaded can be released, and that the fingerprint is the same before and after a load.
//!
//! Not checked are **Bounded** and **Injected**, that a lease is gone after its release, and that equal fingerprints mean equal
//! credentials. They are for the source's own tests.

mod rotation;
mod store;

use std::error::Error;
use std::pin::pin;
use std::task::{Context, Waker};

use async_trait::async_trait;

use crate::{BaseCredentialSource, SourceError};

pub use rotation::Rotation;
pub use store::check_store;

/// The access key id that [`Scenarios::present`] stores.
pub const ACCESS_KEY_ID: &str = "AKIACONTRACTEXAMPLE1";
/// The secret access key that [`Scenarios::present`] stores. It must never be printed.
pub const SECRET_ACCESS_KEY: &str = "canary-secret-access-key-2c41f7";
/// The access key id of the key that [`Scenarios::rotated`] stores next.
pub const ROTATED_ACCESS_KEY_ID: &str = "AKIACONTRACTEXAMPLE2";
/// The secret access key that [`Scenarios::rotated`] stores next. It must never be printed.
pub const ROTATED_SECRET_ACCESS_KEY: &str = "canary-secret-access-key-9e70d3";
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
    /// A store that holds the same, and later [`ROTATED_ACCESS_KEY_ID`] and [`ROTATED_SECRET_ACCESS_KEY`].
    async fn rotated(&self) -> Rotation<'_>;
    /// A store that answers and holds nothing.
    async fn absent(&self) -> Box<dyn BaseCredentialSource>;
    /// Stores with broken entries, each with [`MALFORMED_CANARY`] somewhere in a value.
    async fn malformed(&self) -> Vec<Box<dyn BaseCredentialSource>>;
    /// A store that refuses.
    async fn denied(&self) -> Scenario;
    /// A store that does not answer.
    async fn unreachable(&self) -> Scenario;
}

/// Checks the promises of the trait that the module's documentation lists.
///
/// # Panics
/// At the first promise that is not kept.
pub async fn check(scenarios: &dyn Scenarios) {
    check_present(scenarios).await;
    check_rotated(scenarios).await;
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
    let fingerprint = shown_fingerprint(&*source);
    for attempt in ["first", "second"] {
        let credentials = source
            .load()
            .await
            .unwrap_or_else(|error| panic!("the {attempt} load succeeds: {error}"));
        assert_eq!(credentials.access_key_id(), ACCESS_KEY_ID);
        assert!(
            credentials.secret_access_key().expose() == SECRET_ACCESS_KEY,
            "the secret is loaded"
        );
        assert_eq!(
            credentials.source_name(),
            source.name(),
            "credentials say which source yielded them"
        );
        assert_silent(
            "the credentials' Debug",
            &format!("{credentials:?}{credentials:#?}"),
        );
        source
            .release(&credentials)
            .await
            .unwrap_or_else(|error| panic!("what the {attempt} load gave is released: {error}"));
        assert!(
            shown_fingerprint(&*source) == fingerprint,
            "the fingerprint stays the same while nothing changes"
        );
    }
    assert_silent("the source's Debug", &format!("{source:?}{source:#?}"));
}

/// The fingerprint's names and values, which are not to be printed.
fn shown_fingerprint(source: &dyn BaseCredentialSource) -> Option<Vec<(String, Vec<u8>)>> {
    let fingerprint = source.fingerprint()?;
    assert_silent(
        "the fingerprint's Debug",
        &format!("{fingerprint:?}{fingerprint:#?}"),
    );
    let parts = fingerprint.parts();
    Some(
        parts
            .map(|(name, value)| (name.to_owned(), value.to_vec()))
            .collect(),
    )
}

async fn check_rotated(scenarios: &dyn Scenarios) {
    let Rotation::Source { source, rotate } = scenarios.rotated().await else {
        return;
    };
    let before = source.load().await;
    let before = before.unwrap_or_else(|error| panic!("the load before the rotation succeeds: {error}"));
    assert_eq!(before.access_key_id(), ACCESS_KEY_ID);
    rotate.await;
    let after = source.load().await;
    let after = after.unwrap_or_else(|error| panic!("the load after the rotation succeeds: {error}"));
    assert_eq!(
        after.access_key_id(),
        ROTATED_ACCESS_KEY_ID,
        "a key that was replaced is what the next load yields"
    );
    assert!(
        after.secret_access_key().expose() == ROTATED_SECRET_ACCESS_KEY,
        "a secret that was replaced is what the next load yields"
    );
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
    for canary in [SECRET_ACCESS_KEY, ROTATED_SECRET_ACCESS_KEY, MALFORMED_CANARY] {
        assert!(!text.contains(canary), "{what} must not show a secret: {text}");
    }
}
