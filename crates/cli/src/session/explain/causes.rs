use rolewrap_role::StsError;

use crate::error::Error;

/// What the other side said, or what the connection reported.
pub(crate) fn causes(error: &StsError, explained: Error) -> Error {
    let explained = match (error.code(), error.message()) {
        (Some(code), Some(message)) => {
            return explained.cause(format!("{code}: {}", shortened(message.trim_end())));
        }
        (Some(code), None) => return explained.cause(code),
        (None, _) => explained,
    };
    let explained = match error {
        StsError::Unreachable {
            step,
            proxy,
            attempts,
            ..
        } => {
            let proxy = proxy
                .as_ref()
                .map_or_else(String::new, |proxy| format!(", through the proxy {proxy}"));
            explained.cause(format!("{step}{proxy} ({})", in_words(*attempts)))
        }
        StsError::TlsRefused { reason, .. } => explained.cause(reason),
        StsError::TimedOut { limit, attempts, .. } => explained.cause(format!(
            "no answer came within {} ({})",
            humantime::format_duration(*limit),
            in_words(*attempts)
        )),
        StsError::MalformedAnswer { reason, .. } => return explained.cause(reason),
        StsError::ClockSkew { skew, .. } => {
            return explained.cause(format!(
                "it is {} here, and AWS's answer says {}",
                humantime::format_rfc3339_seconds(skew.ours),
                humantime::format_rfc3339_seconds(skew.theirs)
            ));
        }
        // When it expired is said already.
        StsError::ExpiredWebIdentity { .. } => return explained,
        other => return explained.causes(other),
    };
    explained.causes_of(error)
}

fn in_words(attempts: u32) -> String {
    if attempts == 1 {
        "1 attempt".to_owned()
    } else {
        format!("{attempts} attempts")
    }
}

/// A message from outside, as long as AWS's own are and no longer.
fn shortened(message: &str) -> String {
    const LONGEST: usize = 1000;
    let mut characters = message.chars();
    let start: String = characters.by_ref().take(LONGEST).collect();
    if characters.next().is_some() {
        format!("{start}…")
    } else {
        start
    }
}
