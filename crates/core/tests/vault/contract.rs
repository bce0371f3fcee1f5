//! The contract of all sources and stores.

use async_trait::async_trait;
use rolewrap_core::contract::{
    ACCESS_KEY_ID, MALFORMED_CANARY, ROTATED_ACCESS_KEY_ID, ROTATED_SECRET_ACCESS_KEY, Rotation,
    SECRET_ACCESS_KEY, Scenario, Scenarios, check, check_store,
};
use rolewrap_core::{BaseCredentialSource, KvVersion, VaultFields};
use rolewrap_lab::OpenBao;
use serde_json::json;

use crate::given::{kv, kv_with, server, settings, source};

struct InOpenBao {
    server: OpenBao,
    reader: String,
    nobody: String,
}

impl InOpenBao {
    fn new() -> Self {
        let server = server();
        let fields = json!({ "access_key_id": ACCESS_KEY_ID, "secret_access_key": SECRET_ACCESS_KEY });
        server.put("aws/security", &fields);
        server.put("aws/rotated", &fields);
        server.put(
            "aws/half",
            &json!({ "access_key_id": ACCESS_KEY_ID, "note": MALFORMED_CANARY }),
        );
        server.put(
            "aws/spaces",
            &json!({ "access_key_id": ACCESS_KEY_ID, "secret_access_key": format!("{MALFORMED_CANARY} x") }),
        );
        server.put(
            "aws/id",
            &json!({ "access_key_id": format!("{MALFORMED_CANARY}!"), "secret_access_key": "x" }),
        );
        server.put(
            "aws/number",
            &json!({ "access_key_id": 17, "secret_access_key": MALFORMED_CANARY }),
        );
        let (reader, nobody) = (server.token(&["reader"]), server.token(&["default"]));
        Self {
            server,
            reader,
            nobody,
        }
    }

    fn at(&self, path: &str, client_token: &str) -> Box<dyn BaseCredentialSource> {
        let mut settings = settings(&self.server.url());
        settings.engine = kv(path);
        Box::new(source(settings, &[("VAULT_TOKEN", client_token)]))
    }
}

#[async_trait]
impl Scenarios for InOpenBao {
    async fn present(&self) -> Box<dyn BaseCredentialSource> {
        self.at("aws/security", &self.reader)
    }

    async fn rotated(&self) -> Rotation<'_> {
        let fields = json!({
            "access_key_id": ROTATED_ACCESS_KEY_ID,
            "secret_access_key": ROTATED_SECRET_ACCESS_KEY,
        });
        Rotation::Source {
            source: self.at("aws/rotated", &self.reader),
            rotate: Box::pin(async move {
                self.server.put("aws/rotated", &fields);
            }),
        }
    }

    async fn absent(&self) -> Box<dyn BaseCredentialSource> {
        self.at("aws/nothing", &self.reader)
    }

    async fn malformed(&self) -> Vec<Box<dyn BaseCredentialSource>> {
        ["aws/half", "aws/spaces", "aws/id", "aws/number"]
            .map(|path| self.at(path, &self.reader))
            .into()
    }

    async fn denied(&self) -> Scenario {
        Scenario::Source(self.at("aws/security", &self.nobody))
    }

    async fn unreachable(&self) -> Scenario {
        Scenario::Source(Box::new(source(
            settings("http://127.0.0.1:1"),
            &[("VAULT_TOKEN", "x")],
        )))
    }
}

#[tokio::test]
async fn the_source_keeps_the_contract() {
    check(&InOpenBao::new()).await;
}

#[tokio::test]
async fn both_versions_of_the_engine_keep_the_contract_of_a_store() {
    let server = server();
    let client_token = server.token(&["reader"]);
    for engine in [
        kv("aws/new"),
        kv_with("kv1", "aws/new", KvVersion::V1, None, VaultFields::default()),
    ] {
        let mut settings = settings(&server.url());
        settings.engine = engine;
        let store = source(settings, &[("BAO_TOKEN", &client_token)]);
        check_store(&store).await;
    }
}
