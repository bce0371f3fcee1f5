//! Codes of MFA devices, from the TOTP engine.

use rolewrap_core::{SecretFrom, SourceError, VaultLoginMethod};

use crate::given::{server, settings, source, stub};
use rolewrap_lab::VaultAnswer;
use serde_json::json;

const SEED: &str = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP";

async fn failure(source: &rolewrap_core::VaultSource, mount: &str, key: &str) -> SourceError {
    source.totp_code(mount, key).await.expect_err("no code is given")
}

#[tokio::test]
async fn the_code_is_one_that_the_device_shows_now() {
    let server = server();
    server.put_totp("alice", SEED);
    server.put_totp("aws", SEED);
    let client_token = server.token(&["reader"]);
    let source = source(settings(&server.url()), &[("VAULT_TOKEN", &client_token)]);
    let code = source.totp_code("totp", "alice").await.unwrap();
    assert_eq!(code.expose().len(), 6);
    assert!(
        server.takes_code("aws", code.expose()),
        "another holder of the seed takes it"
    );
}

#[tokio::test]
async fn a_login_that_was_made_for_a_code_is_revoked_at_once() {
    let server = server();
    server.put_totp("alice", SEED);
    let (role_id, secret_id) = server.app_role();
    let mut settings = settings(&server.url());
    settings.login = VaultLoginMethod::AppRole {
        mount: "approle".to_owned(),
        role_id,
        secret_id: SecretFrom::Variable("SECRET_ID".to_owned()),
        wrapped: false,
    };
    let source = source(settings, &[("SECRET_ID", &secret_id)]);
    let tokens = server.tokens();
    source.totp_code("totp", "alice").await.unwrap();
    assert_eq!(server.tokens(), tokens);
    failure(&source, "totp", "nobody").await;
    assert_eq!(server.tokens(), tokens);
}

#[tokio::test]
async fn what_is_not_there_is_named() {
    let server = server();
    let client_token = server.token(&["reader"]);
    let reader = source(settings(&server.url()), &[("VAULT_TOKEN", &client_token)]);
    let root = source(settings(&server.url()), &[("VAULT_TOKEN", server.root())]);
    for (source, mount, key, said) in [
        (&reader, "totp", "nobody", "unknown key: nobody"),
        (
            &reader,
            "other",
            "alice",
            "other/code/alice needs the capability read",
        ),
        (&root, "other", "alice", "nothing is mounted at other/"),
        (&root, "transit", "alice", "transit"),
        (&root, "../sys", "alice", ": mount: "),
        (&root, "totp", "a/../b", ": key: "),
    ] {
        let error = failure(source, mount, key).await;
        assert!(error.to_string().contains(said), "{mount}/{key}: {error}");
    }
}

#[tokio::test]
async fn an_answer_without_a_code_is_not_vaults_and_is_not_shown() {
    for body in [
        json!({}),
        json!({ "data": {} }),
        json!({ "data": { "code": 987_654 } }),
    ] {
        let stub = stub().answering("totp/code/alice", [VaultAnswer::json(200, &body)]);
        let source = source(settings(&stub.url()), &[("VAULT_TOKEN", "root")]);
        let error = failure(&source, "totp", "alice").await;
        assert!(!format!("{error} {error:?}").contains("987654"), "{error:?}");
        assert!(error.to_string().contains("is not Vault"), "{error}");
    }
}
