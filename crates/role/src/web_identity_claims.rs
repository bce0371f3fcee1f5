use std::fmt;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use serde_json::{Map, Value};

use crate::visible::Visible;

/// The last second that RFC 3339, with four digits for the year, has a way to write.
const LAST_SECOND: u64 = 253_402_300_799;

/// The claims of RFC 7519 that say which of many tokens this is, and when it counts.
const OF_ONE_TOKEN: [&str; 4] = ["exp", "iat", "nbf", "jti"];
/// What Kubernetes says about the pod, and in it from when on a token should have been replaced.
const KUBERNETES: (&str, &str) = ("kubernetes.io", "warnafter");

/// What a web identity token says about itself. Nobody has verified it here: STS does. They are no secret and go
/// into messages, with control characters made visible.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WebIdentityClaims {
    /// `iss`: who issued the token.
    pub issuer: String,
    /// `sub`: whom it is about.
    pub subject: String,
    /// `aud`: whom it is meant for.
    pub audience: Vec<String>,
    /// `exp`: when it stops being accepted.
    pub expires_at: SystemTime,
}

impl WebIdentityClaims {
    /// The claims in `claims`, or which of those that STS asks for is missing.
    pub(crate) fn from_json(claims: &Map<String, Value>) -> Result<Self, &'static str> {
        let text = |name: &str| claims.get(name).and_then(Value::as_str).map(str::to_owned);
        Ok(Self {
            issuer: text("iss").ok_or("has no issuer (iss)")?,
            subject: text("sub").ok_or("has no subject (sub)")?,
            audience: audience(claims.get("aud")).ok_or("has no audience (aud)")?,
            expires_at: claims.get("exp").and_then(time).ok_or("has no expiry (exp)")?,
        })
    }
}

impl fmt::Display for WebIdentityClaims {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            formatter,
            "{} of {} for {}",
            Visible(&self.subject),
            Visible(&self.issuer),
            Visible(&self.audience.join(", "))
        )
    }
}

/// One audience or a list of them (RFC 7519, section 4.1.3).
fn audience(value: Option<&Value>) -> Option<Vec<String>> {
    match value? {
        Value::String(one) => Some(vec![one.clone()]),
        Value::Array(several) if !several.is_empty() => several
            .iter()
            .map(|one| one.as_str().map(str::to_owned))
            .collect(),
        _ => None,
    }
}

/// Seconds after 1970, with or without a fraction (RFC 7519, section 2, `NumericDate`).
fn time(value: &Value) -> Option<SystemTime> {
    let seconds = match value.as_u64() {
        Some(seconds) => Duration::from_secs(seconds),
        None => Duration::try_from_secs_f64(value.as_f64()?).ok()?,
    };
    (seconds.as_secs() <= LAST_SECOND).then(|| UNIX_EPOCH + seconds)
}

/// The claims without those that change whenever a token is issued again, as JSON in which the order of the claims says
/// nothing. A claim that nobody knows stays: at worst a session is asked for once more.
pub(crate) fn lasting_claims(mut claims: Map<String, Value>) -> String {
    for name in OF_ONE_TOKEN {
        claims.remove(name);
    }
    let (kubernetes, warning) = KUBERNETES;
    if let Some(Value::Object(kubernetes)) = claims.get_mut(kubernetes) {
        kubernetes.remove(warning);
    }
    let mut claims = Value::Object(claims);
    claims.sort_all_objects();
    claims.to_string()
}
