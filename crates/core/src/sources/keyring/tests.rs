use std::sync::{Arc, Barrier};
use std::time::{Duration, UNIX_EPOCH};

use async_trait::async_trait;
use insta::assert_snapshot;
use keyring::mock::{Cred, Store};
use keyring::{CredentialStore, Error};

use super::KeyringSource;
use super::opened::Opened;
use crate::contract::{self, Rotation, Scenario, Scenarios};
use crate::{BaseCredentialSource, FixedClock, SourceError};

/// A source over a keyring in memory, on 2027-01-15.
fn source(open: impl Fn() -> Opened + Send + Sync + 'static) -> KeyringSource {
    let clock = FixedClock(UNIX_EPOCH + Duration::from_hours(500_000));
    KeyringSource::new("laptop", "security", Arc::new(clock))
        .unwrap()
        .with_keyring(open)
}

/// A keyring without entries.
fn empty() -> Arc<CredentialStore> {
    Store::new().unwrap()
}

/// A keyring whose entry says this.
fn holding(text: &str) -> Arc<CredentialStore> {
    let keyring = empty();
    let entry = keyring.build("rolewrap", "security", None).unwrap();
    entry.set_secret(text.as_bytes()).unwrap();
    keyring
}

/// A source whose keyring fails in this way as soon as its entry is read.
fn failing(error: impl Fn() -> Error + Send + Sync + 'static) -> KeyringSource {
    source(move || {
        let keyring = empty();
        let entry = keyring.build("rolewrap", "security", None)?;
        entry.as_any().downcast_ref::<Cred>().unwrap().set_error(error());
        Ok(keyring)
    })
}

fn reading(text: &str) -> KeyringSource {
    let keyring = holding(text);
    source(move || Ok(keyring.clone()))
}

fn ambiguous() -> Error {
    let entry = |user| empty().build("rolewrap", user, None).unwrap();
    Error::Ambiguous(vec![entry("one"), entry("two")])
}

async fn failure(source: &KeyringSource) -> String {
    source.load().await.unwrap_err().to_string()
}

#[tokio::test]
async fn it_keeps_the_contract_of_stores() {
    let keyring = empty();
    contract::check_store(&source(move || Ok(keyring.clone()))).await;
}

#[tokio::test]
async fn each_way_to_fail_is_told_apart() {
    let cause = || "what the system said".into();
    assert_snapshot!(failure(&failing(|| Error::NoEntry)).await, @"find base credentials in source laptop: the keyring has no entry `security` of service rolewrap");
    assert_snapshot!(failure(&failing(move || Error::NoStorageAccess(cause()))).await, @"read base credentials from source laptop: the keyring is locked, and nobody unlocked it");
    assert_snapshot!(failure(&failing(ambiguous)).await, @"use the base credentials from source laptop: the keyring has 2 entries `security` of service rolewrap, and nothing says which one is meant; remove all but one");
    assert_snapshot!(failure(&failing(|| Error::TooLong("secret".to_owned(), 2560))).await, @"use source laptop: entry: this system's keyring has no room for more than 2560 bytes");
    assert_snapshot!(failure(&failing(move || Error::PlatformFailure(cause()))).await, @"reach source laptop: this system's keyring failed");
    assert_snapshot!(failure(&reading("canary")).await, @"use the base credentials from source laptop: the entry `security` of service rolewrap is of no use: it is not one JSON document: see line 1, column 1");
}

#[tokio::test]
async fn a_keyring_that_does_not_answer_is_given_up() {
    let never = Arc::new(Barrier::new(2));
    let answer = never.clone();
    let source = source(move || {
        never.wait();
        Err(Error::NoEntry)
    })
    .with_timeout(Duration::from_millis(50));
    assert_snapshot!(failure(&source).await, @"reach source laptop: the keyring did not answer within 50ms; it may be waiting for somebody to unlock it");
    answer.wait();
}

#[tokio::test]
async fn a_library_that_panics_is_an_error_of_the_source() {
    let source = source(|| panic!("the thread ends, and nothing else"));
    assert_snapshot!(failure(&source).await, @"reach source laptop: the library that talks to it failed");
}

#[test]
fn what_cannot_be_the_name_of_an_entry_is_refused() {
    for entry in [String::new(), "a\nb".to_owned(), "x".repeat(256)] {
        let refused = KeyringSource::new("laptop", &*entry, Arc::new(FixedClock(UNIX_EPOCH)));
        assert!(
            matches!(refused, Err(SourceError::InvalidConfiguration { .. })),
            "{entry:?}"
        );
    }
}

fn document(id: &str, secret: &str) -> String {
    format!(r#"{{"Version":1,"AccessKeyId":"{id}","SecretAccessKey":"{secret}"}}"#)
}

struct KeyringScenarios;

#[async_trait]
impl Scenarios for KeyringScenarios {
    async fn present(&self) -> Box<dyn BaseCredentialSource> {
        Box::new(reading(&document(
            contract::ACCESS_KEY_ID,
            contract::SECRET_ACCESS_KEY,
        )))
    }

    async fn rotated(&self) -> Rotation<'_> {
        let keyring = holding(&document(contract::ACCESS_KEY_ID, contract::SECRET_ACCESS_KEY));
        let rotated = keyring.clone();
        Rotation::Source {
            source: Box::new(source(move || Ok(keyring.clone()))),
            rotate: Box::pin(async move {
                let text = document(
                    contract::ROTATED_ACCESS_KEY_ID,
                    contract::ROTATED_SECRET_ACCESS_KEY,
                );
                let entry = rotated.build("rolewrap", "security", None).unwrap();
                entry.set_secret(text.as_bytes()).unwrap();
            }),
        }
    }

    async fn absent(&self) -> Box<dyn BaseCredentialSource> {
        Box::new(source(|| Ok(empty())))
    }

    async fn malformed(&self) -> Vec<Box<dyn BaseCredentialSource>> {
        let canary = contract::MALFORMED_CANARY;
        vec![
            Box::new(reading(canary)),
            Box::new(reading(&format!(
                r#"{{"Version":1,"SecretAccessKey":"{canary}"}}"#
            ))),
            Box::new(reading(&format!(r#"{{"Version":"{canary}"}}"#))),
            Box::new(failing(ambiguous)),
        ]
    }

    async fn denied(&self) -> Scenario {
        Scenario::Source(Box::new(failing(|| Error::NoStorageAccess("locked".into()))))
    }

    async fn unreachable(&self) -> Scenario {
        Scenario::Source(Box::new(source(|| Err(Error::PlatformFailure("no bus".into())))))
    }
}

#[tokio::test]
async fn keeps_the_contract_of_sources() {
    contract::check(&KeyringScenarios).await;
}
