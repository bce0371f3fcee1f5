//! What servers and what stands in their place say to a login, and what is in the files for one.

use rolewrap_core::{BaseCredentialSource, SecretFrom, VaultLoginMethod, VaultSettings};
use rolewrap_lab::{VaultAnswer, VaultStub};
use serde_json::json;

use crate::given::{KEY, failure, key, server, settings, source, stub};

const PASSWORD: (&str, &str) = ("PASSWORD", "canary-password");
const LDAP: &str = "auth/ldap/login/alice";

fn password() -> SecretFrom {
    SecretFrom::Variable("PASSWORD".to_owned())
}

fn ldap(stub: &VaultStub) -> VaultSettings {
    let mut settings = settings(&stub.url());
    settings.login = VaultLoginMethod::Ldap {
        mount: "ldap".to_owned(),
        username: "alice".to_owned(),
        password: password(),
    };
    settings
}

async fn ldap_answers(answer: VaultAnswer) -> String {
    let stub = stub().answering(LDAP, [answer]);
    failure(ldap(&stub), &[PASSWORD]).await
}

fn errors(status: u16, said: &str) -> VaultAnswer {
    VaultAnswer::json(status, &json!({ "errors": [said] }))
}

fn logged_in(client_token: &str) -> VaultAnswer {
    VaultAnswer::json(200, &json!({ "auth": { "client_token": client_token } }))
}

/// The answers are those of Vault's own method: <https://developer.hashicorp.com/vault/api-docs/auth/ldap>.
#[tokio::test]
async fn a_directorys_user_logs_in_and_a_refusal_is_said_as_the_server_says_it() {
    let read = json!({ "data": { "data": key(), "metadata": { "version": 1 } } });
    let stub = stub()
        .answering(LDAP, [logged_in("s.of-ldap")])
        .answering("secret/data/aws/security", [VaultAnswer::json(200, &read)]);
    let loaded = source(ldap(&stub), &[PASSWORD]).load().await.unwrap();
    assert_eq!(loaded.access_key_id(), KEY);
    assert_eq!(stub.requests()[0].body, json!({ "password": "canary-password" }));
    assert_eq!(
        ldap_answers(errors(400, "ldap operation failed: failed to bind as user")).await,
        "read base credentials from source team: the login by ldap at auth/ldap/login/alice is refused: ldap operation failed: failed to bind as user"
    );
}

#[tokio::test]
async fn an_answer_that_is_no_login_is_said_to_be_none() {
    let mut long = br#"{"auth":""#.to_vec();
    long.resize(10 * 1024 * 1024, b'x');
    for (answer, expected) in [
        (VaultAnswer::raw(200, ""), "the answer is empty"),
        (
            VaultAnswer::raw(200, "<html>canary</html>"),
            "is not the JSON of its API (line 1, column 1)",
        ),
        (
            VaultAnswer::json(200, &json!(["canary"])),
            "is not the JSON of its API",
        ),
        (
            VaultAnswer::json(200, &json!({ "auth": "canary" })),
            "is not the JSON of its API",
        ),
        (
            VaultAnswer::raw(200, long),
            "the answer is longer than 1048576 bytes",
        ),
        (
            logged_in("canary\ncanary"),
            "the client token has a line end or another control character in it",
        ),
        (
            logged_in("canary-é"),
            "the client token has characters in it that no token of Vault has",
        ),
        (
            VaultAnswer::json(200, &json!({})),
            "it gave no client token, as it does where it asks for a second factor",
        ),
        (logged_in(""), "it gave no client token"),
        (errors(403, "permission denied"), "is refused: permission denied"),
        (
            VaultAnswer::raw(403, "<html>canary</html>"),
            "the login by ldap at auth/ldap/login/alice is refused",
        ),
    ] {
        let message = ldap_answers(answer).await;
        assert!(message.contains(expected), "{expected}: {message}");
    }
}

#[tokio::test]
async fn a_pod_whose_service_account_is_refused_is_told_so() {
    let stub = stub().answering("auth/kubernetes/login", [errors(403, "namespace not authorized")]);
    let mut settings = settings(&stub.url());
    settings.login = VaultLoginMethod::Kubernetes {
        mount: "kubernetes".to_owned(),
        role: "deployer".to_owned(),
        jwt: SecretFrom::Variable("JWT".to_owned()),
    };
    assert_eq!(
        failure(settings, &[("JWT", "canary.jwt")]).await,
        "read base credentials from source team: the login by kubernetes at auth/kubernetes/login is refused: namespace not authorized"
    );
}

#[tokio::test]
async fn what_was_wrapped_and_is_no_secret_id_is_none() {
    let stub = stub().answering(
        "sys/wrapping/unwrap",
        [
            VaultAnswer::json(200, &json!({ "data": null })),
            VaultAnswer::json(200, &json!({ "data": { "other": "canary" } })),
        ],
    );
    let mut settings = settings(&stub.url());
    settings.login = VaultLoginMethod::AppRole {
        mount: "approle".to_owned(),
        role_id: "x".to_owned(),
        secret_id: SecretFrom::Variable("WRAPPED".to_owned()),
        wrapped: true,
    };
    for expected in [
        "there is no secret id in what was wrapped",
        "is not the JSON of its API",
    ] {
        let message = failure(settings.clone(), &[("WRAPPED", "s.canary")]).await;
        assert!(message.contains(expected), "{message}");
    }
}

#[tokio::test]
async fn a_file_that_holds_no_secret_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let stub = stub();
    let mut settings = settings(&stub.url());
    for (name, content, expected) in [
        ("empty", "\n".to_owned(), "is empty"),
        (
            "lines",
            "canary\ncanary".to_owned(),
            "has a line end or another control character in it",
        ),
        (
            "html",
            "<html>\n<body>canary".to_owned(),
            "has a line end or another control character in it",
        ),
        (
            "long",
            "x".repeat(10 * 1024 * 1024),
            "cannot be read: it is longer than 1 MiB",
        ),
    ] {
        let path = folder.path().join(name);
        std::fs::write(&path, content).unwrap();
        settings.login = VaultLoginMethod::Token {
            token_file: Some(path.clone()),
        };
        let of_token = failure(settings.clone(), &[]).await;
        settings.login = VaultLoginMethod::UserPass {
            mount: "userpass".to_owned(),
            username: "alice".to_owned(),
            password: SecretFrom::File(path.clone()),
        };
        let of_password = failure(settings.clone(), &[]).await;
        let expected = format!("{} {expected}", path.display());
        assert!(
            of_token.contains(&format!("token_file: {expected}")),
            "{of_token}"
        );
        assert!(
            of_password.contains(&format!("password_file: {expected}")),
            "{of_password}"
        );
    }
    settings.login = VaultLoginMethod::Token {
        token_file: Some(folder.path().to_owned()),
    };
    let message = failure(settings, &[]).await;
    assert!(
        message.contains("cannot be read: it is not a regular file"),
        "{message}"
    );
    assert_eq!(stub.requests().len(), 0, "nobody is asked");
}

#[tokio::test]
async fn a_key_that_does_not_belong_to_its_certificate_is_refused() {
    let server = server();
    let mut settings = settings(&server.tls_url());
    settings.tls.ca_cert = Some(server.file("ca.pem"));
    settings.tls.client_cert = Some(server.file("client.pem"));
    settings.tls.client_key = Some(server.file("server.key"));
    assert_eq!(
        failure(settings, &[("VAULT_TOKEN", server.root())]).await,
        "use source team: client_key: the key of the client certificate is another certificate's"
    );
}
