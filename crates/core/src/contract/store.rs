use super::{
    ACCESS_KEY_ID, ROTATED_ACCESS_KEY_ID, ROTATED_SECRET_ACCESS_KEY, SECRET_ACCESS_KEY, assert_silent,
};
use crate::{BaseCredentialStore, BaseCredentials, Held, Secret, SourceError};

/// Checks these promises of [`BaseCredentialStore`]: what was stored is what is loaded and what is said to be held, storing
/// replaces what was there, nothing is there after removing, and removing nothing is [`SourceError::NotFound`]. That nobody
/// reads half a key in between, and that one login serves, is not checked.
///
/// `store` is empty, can be written to, and is empty again in the end.
///
/// # Panics
/// At the first promise that is not kept.
pub async fn check_store(store: &dyn BaseCredentialStore) {
    check_empty(store).await;
    for (id, secret) in [
        (ACCESS_KEY_ID, SECRET_ACCESS_KEY),
        (ROTATED_ACCESS_KEY_ID, ROTATED_SECRET_ACCESS_KEY),
    ] {
        let key = BaseCredentials::new("any", id, &Secret::new(secret)).expect("it is a key");
        let stored = store.store(&key).await;
        stored.unwrap_or_else(|error| panic!("a key can be stored: {error}"));
        let loaded = store.load().await;
        let loaded = loaded.unwrap_or_else(|error| panic!("what was stored can be loaded: {error}"));
        assert_eq!(loaded.access_key_id(), id, "what was stored is loaded");
        assert!(
            loaded.secret_access_key().expose() == secret,
            "what was stored is loaded, the secret too"
        );
        assert_eq!(loaded.source_name(), store.name());
        assert_silent("the store's Debug", &format!("{store:?}"));
        assert_held(store, &Held::Key(id.to_owned())).await;
    }
    let removed = store.remove().await;
    removed.unwrap_or_else(|error| panic!("a key can be removed: {error}"));
    check_empty(store).await;
}

async fn check_empty(store: &dyn BaseCredentialStore) {
    assert_held(store, &Held::Nothing).await;
    let loaded = store.load().await.map(|_| ());
    for absent in [loaded, store.remove().await] {
        assert!(
            matches!(absent, Err(SourceError::NotFound { .. })),
            "nothing can be loaded from an empty store, or removed: {absent:?}"
        );
    }
}

async fn assert_held(store: &dyn BaseCredentialStore, expected: &Held) {
    let held = store.held().await;
    store.leave().await;
    assert_eq!(
        held.as_ref().ok(),
        Some(expected),
        "a store says what it holds: {held:?}"
    );
}
