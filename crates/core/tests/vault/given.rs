use std::sync::Arc;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use rolewrap_core::{
    BaseCredentialSource, FixedClock, FixedEnvironment, KvVersion, VaultEngine, VaultFields,
    VaultLoginMethod, VaultSettings, VaultSource, VaultTls,
};
use rolewrap_lab::{OpenBao, VaultStub};
use serde_json::{Value, json};

/// A key that AWS's documentation uses.
pub(crate) const KEY: &str = "AKIAIOSFODNN7EXAMPLE";
pub(crate) const SECRET: &str = "canary-secret-access-key-4d20";

pub(crate) fn server() -> OpenBao {
    OpenBao::start().expect("OpenBao starts")
}

pub(crate) fn stub() -> VaultStub {
    VaultStub::start().expect("the stub starts")
}

/// A key as people store it.
pub(crate) fn key() -> Value {
    json!({ "access_key_id": KEY, "secret_access_key": SECRET })
}

pub(crate) fn settings(address: &str) -> VaultSettings {
    VaultSettings {
        addresses: vec![address.to_owned()],
        namespace: None,
        engine: kv("aws/security"),
        login: VaultLoginMethod::Token { token_file: None },
        tls: VaultTls::default(),
        // So long that a test which waits for it has failed.
        timeout: Some(Duration::from_mins(1)),
    }
}

/// Version 2 of the engine, at `secret`.
pub(crate) fn kv(path: &str) -> VaultEngine {
    kv_with("secret", path, KvVersion::V2, None, VaultFields::default())
}

pub(crate) fn kv_with(
    mount: &str,
    path: &str,
    kv_version: KvVersion,
    version: Option<u64>,
    fields: VaultFields,
) -> VaultEngine {
    VaultEngine::Kv {
        mount: mount.to_owned(),
        path: path.to_owned(),
        kv_version,
        version,
        fields,
    }
}

/// What the sources' clock says.
pub(crate) fn now() -> SystemTime {
    UNIX_EPOCH + Duration::from_hours(500_000)
}

pub(crate) fn source(settings: VaultSettings, variables: &[(&str, &str)]) -> VaultSource {
    VaultSource::new(
        "team",
        settings,
        Arc::new(variables.iter().copied().collect::<FixedEnvironment>()),
        Arc::new(FixedClock(now())),
    )
}

/// The message of a load that fails, with the server's address left out, and nothing secret in the error.
pub(crate) async fn failure(settings: VaultSettings, variables: &[(&str, &str)]) -> String {
    let addresses = settings.addresses.clone();
    let source = source(settings, variables);
    let error = source.load().await.expect_err("the load fails");
    let shown = format!("{error:?} {error} {source:?}");
    for secret in ["canary", "s."].iter().chain(
        variables
            .iter()
            .filter(|(name, _)| name.ends_with("TOKEN"))
            .map(|(_, value)| value),
    ) {
        if secret.len() > 5 {
            assert!(!shown.contains(secret), "{shown}");
        }
    }
    addresses
        .iter()
        .filter(|address| !address.is_empty())
        .enumerate()
        .fold(error.to_string(), |text, (index, address)| {
            text.replace(address.as_str(), &format!("SERVER{index}"))
        })
        .replace("SERVER0", "SERVER")
}
