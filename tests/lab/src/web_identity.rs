use std::time::{Duration, SystemTime, UNIX_EPOCH};

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::json;

/// A web identity token as a CI system issues one, with the signature of nobody: counterparts that verify it refuse
/// it, and those that do not see a token of the right form. Its parts are canaries.
#[derive(Debug, Clone)]
pub struct WebIdentity {
    claims: serde_json::Value,
}

impl WebIdentity {
    /// What every signature of these tokens begins with, to look for where none may be.
    pub const SECRET_PREFIX: &str = "canary-of-a-signature";

    /// A token about `subject` that is meant for STS and expires at `expires_at`.
    pub fn new(subject: &str, expires_at: SystemTime) -> Self {
        let seconds = expires_at
            .duration_since(UNIX_EPOCH)
            .unwrap_or(Duration::ZERO)
            .as_secs();
        let claims = json!({
            "iss": "https://issuer.example.com",
            "sub": subject,
            "aud": "sts.amazonaws.com",
            "exp": seconds,
        });
        Self { claims }
    }

    /// The same token with another claim.
    #[must_use]
    pub fn with_claim(mut self, name: &str, value: serde_json::Value) -> Self {
        self.claims[name] = value;
        self
    }

    /// The token.
    pub fn token(&self) -> String {
        let encode = |text: &str| URL_SAFE_NO_PAD.encode(text);
        format!(
            "{}.{}.{}",
            encode(r#"{"alg":"RS256","typ":"JWT"}"#),
            encode(&self.claims.to_string()),
            Self::SECRET_PREFIX
        )
    }
}
