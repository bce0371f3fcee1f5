use std::time::Duration;

use zeroize::Zeroizing;

use super::answer::Answer;
use super::aws;
use super::engine::KvVersion;
use super::fields::VaultFields;
use super::kv::KvSecret;
use super::login::Login;
use super::login_method::VaultLoginMethod;
use crate::FixedClock;
use crate::fuzzing::now;

/// Longer than any session of STS.
const LONGEST: Duration = Duration::from_hours(48);

/// Reads an answer as everything that the source asks for: a secret of both versions, a key that was made, a login.
pub(crate) fn answer(text: &[u8]) {
    let line = text.iter().position(|byte| *byte == b'\n').unwrap_or(text.len());
    let status = std::str::from_utf8(&text[..line])
        .ok()
        .and_then(|status| status.trim().parse().ok());
    let answer = Answer {
        address: "https://vault.example.com:8200".to_owned(),
        status: status.unwrap_or(200),
        body: Zeroizing::new(text.get(line + 1..).unwrap_or_default().to_vec()),
    };
    for kv_version in [KvVersion::V1, KvVersion::V2] {
        kv_secret(&answer, kv_version);
    }
    if let Ok((credentials, _)) = aws::made(&answer, "aws/creds/deploy", "fuzzed", &FixedClock(now())) {
        assert!(credentials.expires_at().is_none_or(|end| end <= now() + LONGEST));
    }
    let method = VaultLoginMethod::Cert {
        mount: "cert".to_owned(),
        role: None,
    };
    if let Ok(login) = Login::answered(&method, "auth/cert/login", &answer) {
        assert!(answer.is_success() && !login.client_token.expose().is_empty());
    }
    // What it complains about goes into messages.
    let refusal = answer.refused("secret/data/aws").to_string();
    assert!(refusal.contains("secret/data/aws"));
}

fn kv_secret(answer: &Answer, kv_version: KvVersion) {
    let fields = VaultFields::default();
    let secret = KvSecret {
        mount: "secret",
        path: "aws",
        kv_version,
        version: None,
        fields: &fields,
    };
    if let Ok(Some(found)) = secret.found(answer, "secret/data/aws") {
        assert!(answer.is_success());
        if let Err(error) = secret.credentials("fuzzed", &found) {
            assert!(error.is_malformed(), "{error}");
        }
    }
}
