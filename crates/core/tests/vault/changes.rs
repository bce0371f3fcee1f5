//! Putting a key into the real server, and removing it.

use rolewrap_core::{
    BaseCredentialSource, BaseCredentialStore, BaseCredentials, Held, KvVersion, Secret, SecretFrom,
    SourceError, VaultFields, VaultLoginMethod, VaultSettings,
};
use rolewrap_lab::{OpenBao, VaultAnswer};
use serde_json::{Value, json};

use crate::given::{KEY, SECRET, key, kv, kv_with, server, settings, source, stub};

fn credentials() -> BaseCredentials {
    BaseCredentials::new("test", KEY, &Secret::new(SECRET)).expect("a key")
}

/// A client token that has these capabilities for the key, and no others.
fn token_that_may(server: &OpenBao, capabilities: &str) -> String {
    let policy = format!(
        "path \"secret/data/aws/security\" {{ capabilities = [{capabilities}] }}\n\
         path \"kv1/aws/security\" {{ capabilities = [{capabilities}] }}"
    );
    server.change("PUT", "sys/policies/acl/own", &json!({ "policy": policy }));
    server.token(&["own"])
}

fn both_versions(server: &OpenBao) -> [VaultSettings; 2] {
    let version_2 = settings(&server.url());
    let version_1 = VaultSettings {
        engine: kv_with("kv1", "aws/security", KvVersion::V1, None, VaultFields::default()),
        ..version_2.clone()
    };
    [version_2, version_1]
}

#[tokio::test]
async fn a_login_that_may_only_write_stores_and_removes_without_reading() {
    let server = server();
    let client_token = token_that_may(&server, "\"create\", \"update\", \"delete\"");
    for settings in both_versions(&server) {
        let root = source(settings.clone(), &[("VAULT_TOKEN", server.root())]);
        let store = source(settings, &[("VAULT_TOKEN", &client_token)]);
        let Held::Unknown { reason } = store.held().await.unwrap() else {
            panic!("nobody knows")
        };
        assert!(
            reason.contains("aws/security needs the capability read"),
            "{reason}"
        );
        store.store(&credentials()).await.unwrap();
        assert_eq!(root.held().await.unwrap(), Held::Key(KEY.to_owned()));
        store.remove().await.unwrap();
        assert_eq!(root.held().await.unwrap(), Held::Nothing);
    }
}

#[tokio::test]
async fn a_login_that_may_not_write_says_which_capability_is_missing() {
    let server = server();
    let client_token = token_that_may(&server, "\"read\"");
    let store = source(settings(&server.url()), &[("VAULT_TOKEN", &client_token)]);
    assert_eq!(store.held().await.unwrap(), Held::Nothing);
    let refused = store.store(&credentials()).await.unwrap_err().to_string();
    assert!(
        refused.contains("secret/data/aws/security needs the capability create and update"),
        "{refused}"
    );
    server.put("aws/security", &key());
    let refused = store.remove().await.unwrap_err().to_string();
    assert!(refused.contains("needs the capability delete"), "{refused}");
}

#[tokio::test]
async fn a_wrapped_secret_id_serves_a_look_and_the_change_after_it() {
    let server = server();
    let (role_id, _) = server.app_role();
    let logins = server.tokens();
    let store = || {
        let mut settings = settings(&server.url());
        settings.engine = kv("aws/new");
        settings.login = VaultLoginMethod::AppRole {
            mount: "approle".to_owned(),
            role_id: role_id.clone(),
            secret_id: SecretFrom::Variable("WRAPPED".to_owned()),
            wrapped: true,
        };
        source(settings, &[("WRAPPED", &server.wrapped_secret_id())])
    };
    let adding = store();
    assert_eq!(adding.held().await.unwrap(), Held::Nothing);
    adding.store(&credentials()).await.unwrap();
    assert_eq!(server.tokens(), logins, "the login is ended");

    let leaving = store();
    assert_eq!(leaving.held().await.unwrap(), Held::Key(KEY.to_owned()));
    leaving.leave().await;
    assert_eq!(server.tokens(), logins, "also where nothing is changed");

    let removing = store();
    assert_eq!(removing.held().await.unwrap(), Held::Key(KEY.to_owned()));
    removing.remove().await.unwrap();
    let root = source(
        VaultSettings {
            engine: kv("aws/new"),
            ..settings(&server.url())
        },
        &[("VAULT_TOKEN", server.root())],
    );
    assert_eq!(root.held().await.unwrap(), Held::Nothing);
    assert_eq!(server.tokens(), logins);
}

#[tokio::test]
async fn what_is_no_key_is_told_apart_from_nothing() {
    let server = server();
    server.put("aws/security", &json!({ "access_key_id": KEY }));
    let store = source(settings(&server.url()), &[("VAULT_TOKEN", server.root())]);
    assert_eq!(store.held().await.unwrap(), Held::Unreadable);
}

#[tokio::test]
async fn version_2_says_since_when_it_has_the_key_and_version_1_does_not() {
    let server = server();
    server.put("aws/security", &key());
    server.put_v1("aws/security", &key());
    let written = server.change("GET", "secret/metadata/aws/security", &Value::Null);
    let written = written["data"]["versions"]["1"]["created_time"].as_str().unwrap();
    let written = humantime::parse_rfc3339(written).unwrap();
    let [version_2, version_1] = both_versions(&server);
    let variables = [("VAULT_TOKEN", server.root())];
    let loaded = source(version_2, &variables).load().await.unwrap();
    assert_eq!(loaded.stored_at(), Some(written));
    let loaded = source(version_1, &variables).load().await.unwrap();
    assert_eq!(loaded.stored_at(), None);
}

/// A server whose key-value engine takes a new version only where the request names the one that it replaces.
fn server_that_requires_versions() -> OpenBao {
    let server = server();
    server.change("PUT", "secret/config", &json!({ "cas_required": true }));
    server
}

#[tokio::test]
async fn a_mount_that_requires_the_version_gets_it() {
    let server = server_that_requires_versions();
    let store = || source(settings(&server.url()), &[("VAULT_TOKEN", server.root())]);
    // There is no secret, there is one, its newest version was deleted, and destroyed.
    store().store(&credentials()).await.unwrap();
    store().store(&credentials()).await.unwrap();
    store().remove().await.unwrap();
    store().store(&credentials()).await.unwrap();
    server.change("PUT", "secret/destroy/aws/security", &json!({ "versions": [3] }));
    store().store(&credentials()).await.unwrap();
    assert_eq!(store().held().await.unwrap(), Held::Key(KEY.to_owned()));
}

#[tokio::test]
async fn a_login_that_may_not_read_the_version_stores_a_first_key_and_replaces_none() {
    let server = server_that_requires_versions();
    let client_token = token_that_may(&server, "\"create\", \"update\", \"delete\"");
    let store = source(settings(&server.url()), &[("VAULT_TOKEN", &client_token)]);
    store.store(&credentials()).await.unwrap();
    let error = store.store(&credentials()).await.unwrap_err();
    assert!(matches!(error, SourceError::Denied { .. }), "{error:?}");
    let refused = error.to_string();
    assert!(
        refused
            .contains("secret/data/aws/security takes a new version only from somebody who says which one"),
        "{refused}"
    );
}

#[tokio::test]
async fn a_version_that_somebody_else_wrote_meanwhile_is_not_replaced() {
    const PATH: &str = "secret/data/aws/security";
    let found = json!({ "data": { "data": key(), "metadata": { "version": 7 } } });
    let refused = json!({ "errors": ["check-and-set parameter did not match the current version"] });
    let answers = [VaultAnswer::json(200, &found), VaultAnswer::json(400, &refused)];
    let stub = stub().answering(PATH, answers);
    let store = source(settings(&stub.url()), &[("VAULT_TOKEN", "token")]);
    let refused = store.store(&credentials()).await.unwrap_err().to_string();
    assert!(
        refused.contains("was changed by somebody else at the same time"),
        "{refused}"
    );
}
