//! The AWS engine, and the logins that OpenBao does not have or cannot be given a counterpart for.

use std::time::Duration;

use rolewrap_core::{
    AwsEndpoint, BaseCredentialSource, BaseCredentialStore, FallbackOrder, SecretFrom, VaultEngine,
    VaultLoginMethod, VaultSettings,
};
use rolewrap_lab::{VaultAnswer, VaultStub};
use serde_json::{Value, json};

use crate::given::{KEY, SECRET, failure, key, now, settings, source, stub};

const LEASE: &str = "aws/creds/ci/f3e92392";
const TOKEN: (&str, &str) = ("VAULT_TOKEN", "canary-users-own");

fn aws(stub: &VaultStub, endpoint: AwsEndpoint) -> VaultSettings {
    let mut settings = settings(&stub.url());
    settings.engine = VaultEngine::Aws {
        mount: "aws".to_owned(),
        role: "ci".to_owned(),
        endpoint,
    };
    settings
}

/// What Vault documents for an `iam_user`: there is no session token.
fn iam_user() -> VaultAnswer {
    let data = json!({ "access_key": KEY, "secret_key": SECRET, "security_token": null });
    VaultAnswer::json(
        200,
        &json!({ "request_id": "1", "lease_id": LEASE, "renewable": true, "lease_duration": 2_764_800, "data": data, "warnings": null }),
    )
}

fn login() -> VaultAnswer {
    VaultAnswer::json(
        200,
        &json!({ "auth": { "client_token": "canary-login", "accessor": "a" } }),
    )
}

fn done() -> VaultAnswer {
    VaultAnswer::raw(204, "")
}

fn secret(name: &str) -> SecretFrom {
    SecretFrom::Variable(name.to_owned())
}

#[tokio::test]
async fn the_key_of_an_iam_user_is_lasting_and_its_lease_is_revoked_on_release() {
    let stub = stub()
        .answering("aws/creds/ci", [iam_user()])
        .answering("sys/leases/revoke", [done()]);
    let source = source(aws(&stub, AwsEndpoint::Creds), &[TOKEN]);
    let loaded = source.load().await.unwrap();
    assert_eq!(loaded.access_key_id(), KEY);
    assert!(!loaded.is_temporary() && loaded.expires_at().is_none());
    assert_eq!(loaded.lease().unwrap().id(), Some(LEASE));
    FallbackOrder::new(vec![Box::new(source)])
        .release(&loaded)
        .await
        .unwrap();
    let requests = stub.requests();
    let revoked = requests.last().unwrap();
    assert_eq!((&*revoked.method, &*revoked.path), ("PUT", "sys/leases/revoke"));
    assert_eq!(revoked.body["lease_id"], LEASE);
    assert_eq!(revoked.client_token.as_deref(), Some(TOKEN.1));
}

#[tokio::test]
async fn temporary_credentials_say_when_they_expire() {
    for field in ["security_token", "session_token"] {
        let data = json!({ "access_key": "ASIAIOSFODNN7EXAMPLE", "secret_key": SECRET, field: "session" });
        let answer = VaultAnswer::json(
            200,
            &json!({ "lease_id": LEASE, "lease_duration": 3600, "data": data }),
        );
        let stub = stub().answering("aws/sts/ci", [answer]);
        let loaded = source(aws(&stub, AwsEndpoint::Sts), &[TOKEN])
            .load()
            .await
            .unwrap();
        assert_eq!(loaded.session_token().unwrap().expose(), "session", "{field}");
        assert_eq!(loaded.expires_at(), Some(now() + Duration::from_hours(1)));
    }
}

#[tokio::test]
async fn a_new_key_is_made_for_each_load() {
    let stub = stub().answering("aws/creds/ci", [iam_user()]);
    let source = source(aws(&stub, AwsEndpoint::Creds), &[TOKEN]);
    source.load().await.unwrap();
    source.load().await.unwrap();
    assert_eq!(stub.requests().len(), 2);
    let error = source.store(&source.load().await.unwrap()).await.unwrap_err();
    assert!(
        error.to_string().contains("engine: the AWS engine makes"),
        "{error}"
    );
}

#[tokio::test]
async fn a_lease_that_cannot_be_revoked_is_reported_with_its_id() {
    let denied = VaultAnswer::json(403, &json!({ "errors": ["permission denied"] }));
    let stub = stub()
        .answering("aws/creds/ci", [iam_user()])
        .answering("sys/leases/revoke", [denied]);
    let source = source(aws(&stub, AwsEndpoint::Creds), &[TOKEN]);
    let error = source.release(&source.load().await.unwrap()).await.unwrap_err();
    assert_eq!(
        error.to_string(),
        "revoke the lease aws/creds/ci/f3e92392 of source team: the policies of this login do not allow it: sys/leases/revoke needs the capability update"
    );
    assert!(!format!("{error:?}").contains("canary"));
}

#[tokio::test]
async fn the_lease_of_a_login_of_our_own_goes_with_that_login() {
    let stub = stub()
        .answering("auth/ldap/login/alice", [login()])
        .answering("aws/creds/ci", [iam_user()])
        .answering("auth/token/revoke-self", [done()]);
    let mut settings = aws(&stub, AwsEndpoint::Creds);
    settings.namespace = Some("team/a".to_owned());
    settings.login = VaultLoginMethod::Ldap {
        mount: "ldap".to_owned(),
        username: "alice".to_owned(),
        password: secret("PASSWORD"),
    };
    let source = source(settings, &[("PASSWORD", "canary-password")]);
    let loaded = source.load().await.unwrap();
    source.release(&loaded).await.unwrap();
    let requests = stub.requests();
    let calls: Vec<_> = requests
        .iter()
        .map(|request| (&*request.path, request.client_token.as_deref()))
        .collect();
    assert_eq!(
        calls,
        [
            ("auth/ldap/login/alice", None),
            ("aws/creds/ci", Some("canary-login")),
            ("auth/token/revoke-self", Some("canary-login")),
        ]
    );
    assert_eq!(requests[0].body, json!({ "password": "canary-password" }));
    assert!(
        requests
            .iter()
            .all(|request| request.namespace.as_deref() == Some("team/a"))
    );
}

#[tokio::test]
async fn a_pod_logs_in_with_its_service_account() {
    let stub = stub().answering("auth/kubernetes/login", [login()]).answering(
        "secret/data/aws/security",
        [VaultAnswer::json(
            200,
            &json!({ "data": { "data": key(), "metadata": { "version": 1 } } }),
        )],
    );
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("jwt");
    std::fs::write(&file, "canary.jwt\n").unwrap();
    let mut settings = settings(&stub.url());
    settings.login = VaultLoginMethod::Kubernetes {
        mount: "kubernetes".to_owned(),
        role: "deployer".to_owned(),
        jwt: SecretFrom::File(file),
    };
    assert_eq!(source(settings, &[]).load().await.unwrap().access_key_id(), KEY);
    assert_eq!(
        stub.requests()[0].body,
        json!({ "role": "deployer", "jwt": "canary.jwt" })
    );
}

#[tokio::test]
async fn a_role_that_the_engine_does_not_have_is_said_as_the_server_says_it() {
    let unknown = VaultAnswer::json(400, &json!({ "errors": ["Role \"ci\" not found"] }));
    let stub = stub().answering("aws/creds/ci", [unknown]);
    assert_eq!(
        failure(aws(&stub, AwsEndpoint::Creds), &[TOKEN]).await,
        "read base credentials from source team: aws/creds/ci is refused with status 400: Role \"ci\" not found"
    );
    let half = json!({ "lease_id": LEASE, "data": { "access_key": KEY } });
    let stub = self::stub().answering("aws/creds/ci", [VaultAnswer::json(200, &half)]);
    let message = failure(aws(&stub, AwsEndpoint::Creds), &[TOKEN]).await;
    assert!(message.contains("is not Vault, or not as asked"), "{message}");
}

#[tokio::test]
async fn a_mount_of_another_engine_is_named() {
    let stub = stub().answering(
        "sys/internal/ui/mounts/aws",
        [VaultAnswer::json(
            200,
            &json!({ "data": { "type": "kv", "options": { "version": "2" } } }),
        )],
    );
    assert_eq!(
        failure(aws(&stub, AwsEndpoint::Creds), &[TOKEN]).await,
        "use source team: mount: aws/ is not the AWS engine but the kv engine"
    );
    assert_eq!(stub.requests().last().unwrap().body, Value::Null);
}
