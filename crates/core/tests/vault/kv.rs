//! Keys that are stored in the key-value engine, and what is said where there is none.

use rolewrap_core::{
    BaseCredentialSource, BaseCredentialStore, BaseCredentials, KvVersion, Secret, VaultFields,
};
use serde_json::{Value, json};

use crate::given::{KEY, SECRET, failure, key, kv, kv_with, server, settings, source};

#[tokio::test]
async fn a_key_is_read_from_both_versions_of_the_engine() {
    let server = server();
    server.put("aws/security", &key());
    server.put_v1("aws/security", &key());
    let client_token = server.token(&["reader"]);
    let v1 = kv_with("kv1", "aws/security", KvVersion::V1, None, VaultFields::default());
    for engine in [kv("aws/security"), v1] {
        let mut settings = settings(&server.url());
        settings.engine = engine;
        let loaded = source(settings, &[("VAULT_TOKEN", &client_token)])
            .load()
            .await
            .unwrap();
        assert_eq!(
            (loaded.access_key_id(), loaded.secret_access_key().expose()),
            (KEY, SECRET)
        );
        assert!(!loaded.is_temporary() && loaded.lease().is_none());
    }
}

#[tokio::test]
async fn fields_can_have_other_names_and_a_session_token_makes_the_key_temporary() {
    let server = server();
    server.put("aws/named", &json!({ "id": KEY, "AWS_SECRET_ACCESS_KEY": SECRET, "aws_session_token": "session", "access_key_id": 7 }));
    let fields = VaultFields {
        access_key_id: Some("id".to_owned()),
        ..VaultFields::default()
    };
    let mut settings = settings(&server.url());
    settings.engine = kv_with("secret", "aws/named", KvVersion::V2, None, fields);
    let loaded = source(settings, &[("VAULT_TOKEN", server.root())])
        .load()
        .await
        .unwrap();
    assert_eq!(loaded.session_token().unwrap().expose(), "session");
    assert!(loaded.is_temporary());
}

#[tokio::test]
async fn a_certain_version_is_read_and_one_that_is_gone_is_named() {
    let server = server();
    server.put(
        "aws/security",
        &json!({ "access_key_id": "AKIAFIRSTFIRSTFIRST1", "secret_access_key": "x" }),
    );
    for _ in 2..=4 {
        server.put("aws/security", &key());
    }
    let change = |action: &str, version: u64| {
        let body = json!({ "versions": [version] });
        server.change("POST", &format!("secret/{action}/aws/security"), &body);
    };
    change("delete", 2);
    change("destroy", 3);
    let at = |version| {
        let mut settings = settings(&server.url());
        settings.engine = kv_with(
            "secret",
            "aws/security",
            KvVersion::V2,
            Some(version),
            VaultFields::default(),
        );
        settings
    };
    let client_token = server.token(&["reader"]);
    let variables = [("VAULT_TOKEN", client_token.as_str())];
    let first = source(at(1), &variables).load().await.unwrap();
    assert_eq!(first.access_key_id(), "AKIAFIRSTFIRSTFIRST1");
    for (version, expected) in [
        (
            2,
            "version 2 of the secret at secret/data/aws/security was deleted on 20",
        ),
        (
            3,
            "version 3 of the secret at secret/data/aws/security was destroyed",
        ),
        (9, "the secret at secret/data/aws/security has no version 9"),
    ] {
        let message = failure(at(version), &variables).await;
        // Only what can come back by itself lets a fallback order go on.
        let start = if version == 2 {
            "find base credentials in"
        } else {
            "use the base credentials from"
        };
        assert!(
            message.starts_with(&format!("{start} source team: ")),
            "{message}"
        );
        assert!(message.contains(expected), "{message}");
    }
    let error = source(at(1), &variables).store(&first).await.unwrap_err();
    assert!(
        error.to_string().contains("version: a new key becomes"),
        "{error}"
    );
}

#[tokio::test]
async fn each_way_of_not_finding_a_key_is_told_apart() {
    let server = server();
    server.put("aws/security", &key());
    server.put(
        "aws/other",
        &json!({ "password": "canary-value", "user": "canary-name" }),
    );
    server.put_v1("aws/security", &key());
    let (reader, nobody) = (server.token(&["reader"]), server.token(&["default"]));
    let v1 = |mount, path| kv_with(mount, path, KvVersion::V1, None, VaultFields::default());
    let v2 = |mount, path| kv_with(mount, path, KvVersion::V2, None, VaultFields::default());
    for (engine, client_token, expected) in [
        (
            v2("secret", "aws/none"),
            &*reader,
            "find base credentials in source team: there is no secret at secret/data/aws/none",
        ),
        (
            v1("kv1", "aws/none"),
            &reader,
            "find base credentials in source team: there is no secret at kv1/aws/none",
        ),
        (
            v2("secret", "aws/other"),
            &reader,
            "use the base credentials from source team: secret/data/aws/other has no field access_key_id; it has password, user",
        ),
        (
            v2("none", "aws/x"),
            server.root(),
            "use source team: mount: nothing is mounted at none/",
        ),
        (
            v2("kv1", "aws/security"),
            &reader,
            "use source team: kv_version: kv1/ looks like version 1 of the key-value engine, and not like version 2",
        ),
        (
            v1("secret", "aws/security"),
            &reader,
            "use source team: kv_version: secret/ looks like version 2 of the key-value engine, and not like version 1",
        ),
        (
            v1("secret", "data/aws/security"),
            &reader,
            "use source team: kv_version: secret/ looks like version 2 of the key-value engine, and not like version 1",
        ),
        (
            v2("transit", "aws/x"),
            &reader,
            "use source team: mount: transit/ is not the key-value engine but the transit engine",
        ),
        (
            v2("secret", "aws/security"),
            &nobody,
            "read base credentials from source team: the policies of this login do not allow it: secret/data/aws/security needs the capability read",
        ),
        (
            v2("secret", "aws/security"),
            "s.expired",
            "read base credentials from source team: the token from VAULT_TOKEN is not valid: it has expired, was revoked, or belongs to another server or namespace",
        ),
        (
            v2("secret", "aws/../../sys/seal"),
            &reader,
            "use source team: path: the path has an empty part, or one that is . or .., between its slashes",
        ),
    ] {
        let mut settings = settings(&server.url());
        settings.engine = engine;
        let message = failure(settings, &[("VAULT_TOKEN", client_token)]).await;
        assert_eq!(message, expected);
    }
}

#[tokio::test]
async fn a_namespace_is_asked_for() {
    let server = server();
    server.change("POST", "sys/namespaces/team", &Value::Null);
    let mut there = settings(&server.url());
    there.namespace = Some("team".to_owned());
    let variables = [("VAULT_TOKEN", server.root())];
    assert_eq!(
        failure(there, &variables).await,
        "use source team: mount: nothing is mounted at secret/"
    );
    let message = failure(
        settings(&server.url()),
        &[variables[0], ("VAULT_NAMESPACE", "nowhere")],
    )
    .await;
    assert_eq!(
        message,
        "use source team: namespace: there is no namespace nowhere"
    );
}

#[tokio::test]
async fn a_sealed_server_is_named_and_another_one_is_asked() {
    let (sealed, open) = (server(), server());
    sealed.seal();
    let variables = [("VAULT_TOKEN", open.root())];
    let message = failure(settings(&sealed.url()), &variables).await;
    assert_eq!(message, "reach source team: SERVER is sealed");
    open.put("aws/security", &key());
    let mut several = settings("http://127.0.0.1:1");
    several.addresses.push(sealed.url());
    let message = failure(several.clone(), &variables).await;
    assert_eq!(
        message,
        "reach source team: SERVER cannot be reached; SERVER1 is sealed"
    );
    several.addresses.push(open.url());
    let source = source(several, &variables);
    assert_eq!(source.load().await.unwrap().access_key_id(), KEY);
}

#[tokio::test]
async fn a_secret_that_holds_more_than_a_key_is_neither_replaced_nor_removed() {
    let server = server();
    let shared = json!({ "db_password": "canary", "note": "keep" });
    server.put("aws/new", &shared);
    server.put_v1("aws/new", &shared);
    let v1 = kv_with("kv1", "aws/new", KvVersion::V1, None, VaultFields::default());
    for engine in [kv("aws/new"), v1] {
        let mut settings = settings(&server.url());
        settings.engine = engine;
        let source = source(settings, &[("VAULT_TOKEN", server.root())]);
        let credentials = BaseCredentials::new("any", KEY, &Secret::new(SECRET)).unwrap();
        let stored = source.store(&credentials).await.unwrap_err().to_string();
        assert!(
            stored.contains("holds more than a key") && stored.contains("db_password, note"),
            "{stored}"
        );
        assert!(!stored.contains("canary"), "{stored}");
        source.remove().await.unwrap_err();
        let kept = source.load().await.unwrap_err().to_string();
        assert!(kept.contains("it has db_password, note"), "{kept}");
    }
}
