//! A Raft cluster of three nodes that loses its active one.

use std::time::Duration;

use rolewrap_core::{BaseCredentialSource, SecretFrom, VaultLoginMethod, VaultSettings, VaultSource};
use rolewrap_lab::BaoCluster;
use serde_json::{Value, json};

use crate::given::{KEY, key, settings, source};

const POLICY: &str = r#"path "secret/data/aws/*" { capabilities = ["read"] }"#;

/// A cluster with a key, and a source that logs in with an `AppRole`.
fn cluster() -> (BaoCluster, VaultSource) {
    let cluster = BaoCluster::start().expect("the cluster starts");
    cluster.change("PUT", "sys/policies/acl/reader", &json!({ "policy": POLICY }));
    cluster.change("POST", "sys/auth/approle", &json!({ "type": "approle" }));
    cluster.change(
        "POST",
        "auth/approle/role/ci",
        &json!({ "token_policies": "reader" }),
    );
    cluster.change("POST", "secret/data/aws/security", &json!({ "data": key() }));
    let role = cluster.change("GET", "auth/approle/role/ci/role-id", &Value::Null);
    let secret = cluster.change("POST", "auth/approle/role/ci/secret-id", &json!({}));
    let login = VaultLoginMethod::AppRole {
        mount: "approle".to_owned(),
        role_id: role["data"]["role_id"].as_str().expect("a role").to_owned(),
        secret_id: SecretFrom::Variable("SECRET_ID".to_owned()),
        wrapped: false,
    };
    let settings = VaultSettings {
        addresses: cluster.urls(),
        login,
        timeout: Some(Duration::from_secs(10)),
        ..settings("")
    };
    let secret_id = secret["data"]["secret_id"].as_str().expect("a secret id");
    let source = source(settings, &[("SECRET_ID", secret_id)]);
    (cluster, source)
}

fn logins(cluster: &BaoCluster) -> usize {
    let answer = cluster.change("LIST", "auth/token/accessors", &Value::Null);
    answer["data"]["keys"].as_array().map_or(0, Vec::len)
}

#[tokio::test]
async fn a_node_that_dies_between_two_runs_is_replaced_by_another() {
    let (mut cluster, source) = cluster();
    let loaded = source.load().await.unwrap();
    source.release(&loaded).await.unwrap();
    cluster.kill_active();
    let loaded = source.load().await.unwrap();
    assert_eq!(loaded.access_key_id(), KEY);
    source.release(&loaded).await.unwrap();
}

#[tokio::test]
async fn a_node_that_dies_during_a_run_does_not_keep_the_login_from_being_ended() {
    let (mut cluster, source) = cluster();
    let before = logins(&cluster);
    let loaded = source.load().await.unwrap();
    assert_eq!(logins(&cluster), before + 1);
    cluster.kill_active();
    source.release(&loaded).await.unwrap();
    assert_eq!(logins(&cluster), before);
}
