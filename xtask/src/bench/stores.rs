use std::path::Path;

use rolewrap_lab::{OpenBao, Sandbox, SecretService};
use serde_json::json;

use crate::Failure;
use crate::bench::variables::{ACCESS_KEY_ID, CALL, ROLE, SECRET_ACCESS_KEY, TRUE, variables};
use crate::bench::{Contender, StsEndpoint};

pub(crate) const VAULT: &str = "rolewrap exec, Vault, TLS";
pub(crate) const VAULT_CURL: &str = "curl twice, Vault, TLS";
pub(crate) const KEYRING: &str = "rolewrap exec, keyring, http";
pub(crate) const SECRET_TOOL: &str = "secret-tool lookup";

/// The same two requests as rolewrap makes, one after the other, and the command.
const CURL_TEXT: &str = r#"set -e
curl --silent --show-error --fail --cacert "$BAO_CACERT" --header "X-Vault-Token: $VAULT_TOKEN" \
    --output /dev/null "$BAO_ADDR/v1/secret/data/aws/bench"
curl --silent --show-error --fail --cacert "$AWS_CA_BUNDLE" --aws-sigv4 aws:amz:us-east-1:sts \
    --user "$KEY" --data "$CALL" --output /dev/null "$AWS_ENDPOINT_URL_STS"
exec /bin/true
"#;

const VAULT_SOURCE: &str = "source = \"team\"\n[sources.team]\ntype = \"vault\"\npath = \"aws/bench\"\n";

/// A secret server and a keyring, which answer as long as this value lives.
#[derive(Debug)]
pub(crate) struct Stores {
    vault: OpenBao,
    keyring: SecretService,
}

impl Stores {
    pub(crate) fn start() -> Result<Self, Failure> {
        let vault = OpenBao::start()?;
        vault.put(
            "aws/bench",
            &json!({ "access_key_id": ACCESS_KEY_ID, "secret_access_key": SECRET_ACCESS_KEY }),
        );
        let keyring = SecretService::start()?;
        let document =
            json!({ "Version": 1, "AccessKeyId": ACCESS_KEY_ID, "SecretAccessKey": SECRET_ACCESS_KEY });
        keyring.put("service rolewrap username default", &document.to_string());
        Ok(Self { vault, keyring })
    }

    /// Base credentials from a store, beside the store's own client.
    pub(crate) fn line_up(&self, rolewrap: &Path, http: &StsEndpoint, tls: &StsEndpoint) -> Vec<Contender> {
        let program = rolewrap.to_string_lossy();
        let under_the_role = [&*program, "--iam-role", ROLE, "exec", "--", TRUE];
        let vault = self.vault_variables(tls);
        let keyring = self.keyring_variables(http);
        let sandbox = Sandbox::new();
        let configured = sandbox.config_home().join("rolewrap/config.toml");
        vec![
            Contender::new(VAULT, &under_the_role)
                .sandbox(sandbox.file(configured, VAULT_SOURCE))
                .variables(&vault),
            Contender::new(VAULT_CURL, &["/bin/sh", "-c", CURL_TEXT]).variables(&vault),
            Contender::new(KEYRING, &under_the_role).variables(&keyring),
            Contender::new(
                SECRET_TOOL,
                &[
                    "secret-tool",
                    "lookup",
                    "service",
                    "rolewrap",
                    "username",
                    "default",
                ],
            )
            .variables(&keyring),
        ]
    }

    fn vault_variables(&self, sts: &StsEndpoint) -> Vec<(&'static str, String)> {
        let mut variables = without_keys(variables(sts));
        variables.extend([
            ("BAO_ADDR", self.vault.tls_url()),
            (
                "BAO_CACERT",
                self.vault.file("ca.pem").to_string_lossy().into_owned(),
            ),
            ("VAULT_TOKEN", self.vault.token(&["reader"])),
            ("KEY", format!("{ACCESS_KEY_ID}:{SECRET_ACCESS_KEY}")),
            ("CALL", CALL.to_owned()),
        ]);
        variables
    }

    fn keyring_variables(&self, sts: &StsEndpoint) -> Vec<(&'static str, String)> {
        let mut variables = without_keys(variables(sts));
        variables.extend(self.keyring.variables());
        variables
    }
}

fn without_keys(mut variables: Vec<(&'static str, String)>) -> Vec<(&'static str, String)> {
    variables.retain(|(name, _)| !name.contains("ACCESS_KEY"));
    variables
}
