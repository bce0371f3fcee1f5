use rolewrap_core::SourceError;
use rolewrap_role::InvalidParameter;

use super::no_base_credentials::at_a_keyring;
use crate::configuration::{Configuration, Origin, SourceSection};
use crate::error::Error;
use crate::plan::Chosen;
use crate::session::sources;

/// Why a source yielded no base credentials.
pub(crate) fn source(
    error: &SourceError,
    order: &Chosen<Vec<String>>,
    configuration: &Configuration,
) -> Error {
    let mut what = without_reason(error);
    if configuration.is_web_identity(&[error.source_name()]) {
        what = what
            .replace("the base credentials", "base credentials")
            .replace("base credentials", "the web identity token");
    }
    let explained = match (error, at_a_keyring(error, order, configuration)) {
        (_, Some(explained)) => explained,
        (SourceError::InvalidConfiguration { name, key, reason }, None) => {
            Error::new(format!("failed to use source {name}: {reason}")).with("setting", key)
        }
        (_, None) => Error::new(format!("failed to {what}")).cause(error.reason()),
    };
    let explained = explained
        .causes_of(error)
        .with("source", format!("{} ({})", order.value.join(", "), order.origin));
    let explained = match configured_key(error, configuration) {
        Some(origin) => explained.from(origin),
        None => explained,
    };
    if let Some(hint) = sources::hint(configuration, error) {
        return explained.hint(hint);
    }
    let keyring = order.value.iter().find(|name| {
        let section = configuration.source(name);
        matches!(section, Some(SourceSection::Keyring { .. }))
    });
    if let (SourceError::NotFound { .. }, Some(keyring)) = (error, keyring) {
        return explained.hint(format!(
            "set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY to the keys that may assume the role, store them with rolewrap source add {keyring}, or name another source with --source"
        ));
    }
    explained.hint(match error {
        SourceError::NotFound { .. } => {
            "set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY to the keys that may assume the role, or name another source with --source"
        }
        SourceError::InvalidConfiguration { .. } => "correct the source; `rolewrap config show` says where each value is from",
        SourceError::Denied { .. } => "obtain the permission, or unlock the store, and try again",
        SourceError::Unavailable { .. } => "try again, or check the address and the network",
        _ => "correct what the cause names, and set or store the key again",
    })
}

/// Why what a source gave is no web identity token.
pub(crate) fn no_web_identity(error: &InvalidParameter, source: &str, order: &Chosen<Vec<String>>) -> Error {
    Error::new(format!("what source {source} gives is not a web identity token"))
        .causes(error)
        .with("source", format!("{source} ({})", order.origin))
        .hint("it has to be an OpenID Connect token, in its compact form, with issuer, subject, audience and expiry")
}

/// Where the key that a source cannot work with is configured, if it is.
fn configured_key(error: &SourceError, configuration: &Configuration) -> Option<Origin> {
    let SourceError::InvalidConfiguration { name, key, .. } = error else {
        return None;
    };
    let place = |key: &str| configuration.known_origin(&format!("sources.{name}.{key}"));
    place(key).or_else(|| place(&format!("auth.{key}")))
}

/// The error's message up to its reason, which is shown on a line of its own.
fn without_reason(error: &SourceError) -> String {
    let text = error.to_string();
    text.strip_suffix(error.reason())
        .unwrap_or(&text)
        .trim_end_matches([' ', ':'])
        .to_owned()
}
