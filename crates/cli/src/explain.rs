//! The libraries' errors, as people read them: what failed, what the other side said, where the values came
//! from, and what to do next.

use rolewrap_core::{BaseCredentials, SourceError};
use rolewrap_role::{InvalidRequest, InvalidStsSettings, StsError};

use crate::configuration::{Configuration, Origin, VARIABLES};
use crate::error::Error;
use crate::plan::{Chosen, Plan};
use crate::sources;

/// Why a source yielded no base credentials.
pub(crate) fn source(
    error: &SourceError,
    order: &Chosen<Vec<String>>,
    configuration: &Configuration,
) -> Error {
    let explained = Error::new(format!("failed to {}", without_reason(error))).cause(error.reason());
    let explained = match std::error::Error::source(error) {
        Some(cause) => explained.causes(cause),
        None => explained,
    };
    let explained = explained.with("source", format!("{} ({})", order.value.join(", "), order.origin));
    let explained = match configured_key(error, configuration) {
        Some(origin) => explained.from(origin),
        None => explained,
    };
    if let Some(hint) = sources::hint(configuration, error) {
        return explained.hint(hint);
    }
    explained.hint(match error {
        SourceError::NotFound { .. } => {
            "set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY to the keys that may assume the role, or name another source with --source"
        }
        SourceError::InvalidConfiguration { .. } => "correct the source; `rolewrap config show` says where each value is from",
        SourceError::Denied { .. } => "obtain the permission, or unlock the store, and try again",
        SourceError::Unavailable { .. } => "try again, or check the address and the network",
        _ => "set or store both halves of the key again, together",
    })
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

/// Why STS cannot be asked at all.
pub(crate) fn settings(error: &InvalidStsSettings, plan: &Plan, configuration: &Configuration) -> Error {
    let explained = Error::new(format!("failed to {error}"));
    let explained = match std::error::Error::source(error) {
        Some(cause) => explained.causes(cause),
        None => explained,
    };
    let key = match error {
        InvalidStsSettings::EndpointUrl { .. } => Some("sts.endpoint_url"),
        InvalidStsSettings::CaBundle { .. } => Some("sts.ca_bundle"),
        InvalidStsSettings::VariantOfCustomEndpoint { variant, .. } if *variant == "FIPS" => {
            Some("sts.use_fips")
        }
        InvalidStsSettings::VariantOfCustomEndpoint { .. } => Some("sts.use_dual_stack"),
        _ => None,
    };
    let explained = match key {
        Some(key) => explained.from(configuration.origin(key)),
        None => explained,
    };
    let names = |key| {
        VARIABLES
            .iter()
            .find(|(known, _)| *known == key)
            .map_or("", |(_, names)| names[0])
    };
    explained.hint(match error {
        InvalidStsSettings::EndpointUrl { .. } => {
            format!(
                "write it like https://sts.example.com; {} sets it",
                names("sts.endpoint_url")
            )
        }
        InvalidStsSettings::VariantOfCustomEndpoint { .. } => "drop one of the two".to_owned(),
        InvalidStsSettings::NoEndpoint { .. } => {
            "name another region, or drop what that region does not have".to_owned()
        }
        InvalidStsSettings::OtherPartition { .. } => format!(
            "the region is from {}; correct it, or the role",
            plan.region
                .as_ref()
                .map_or_else(|| "the role".to_owned(), |region| region.origin.to_string())
        ),
        InvalidStsSettings::CaBundle { .. } => {
            "name a PEM file with the certificates to trust, or unset it".to_owned()
        }
        InvalidStsSettings::ProxyUrl { .. } => {
            "write it like http://proxy.example.com:3128, in HTTPS_PROXY or HTTP_PROXY".to_owned()
        }
        _ => "correct the setting".to_owned(),
    })
}

/// Why STS did not do what it was asked to.
pub(crate) fn sts(error: &StsError, base: &BaseCredentials, plan: &Plan) -> Error {
    let mut explained = Error::new(what_failed(error, base, plan));
    match (error.code(), error.message()) {
        (Some(code), Some(message)) => explained = explained.cause(format!("{code}: {message}")),
        (Some(code), None) => explained = explained.cause(code),
        (None, _) => explained = explained.causes(error),
    }
    explained = explained
        .with("role", format!("{} ({})", plan.role.value, plan.role.origin))
        .with(
            "key",
            format!(
                "{} from source {} ({})",
                base.access_key_id(),
                base.source_name(),
                plan.sources.origin
            ),
        );
    if let Some(endpoint) = error.endpoint() {
        let request = error
            .request_id()
            .map_or_else(String::new, |id| format!(", request id {id}"));
        explained = explained.with("asked", format!("{endpoint}{request}"));
    }
    explained.hint(next_step(error, base, plan))
}

fn what_failed(error: &StsError, base: &BaseCredentials, plan: &Plan) -> String {
    let role = &plan.role.value;
    let key = base.access_key_id();
    match error {
        StsError::InvalidRequest { .. } => {
            format!("{role} cannot be asked for in this way, so nothing was sent")
        }
        StsError::ExpiredBaseCredentials { .. } => format!("the base credentials {key} have expired"),
        StsError::AccessDenied { .. } => format!("AWS does not let {key} assume {role}"),
        StsError::UnknownAccessKey { .. } => format!("AWS does not know the access key {key}"),
        StsError::SignatureMismatch { .. } => format!("the secret access key does not belong to {key}"),
        StsError::ClockSkew { skew, .. } => format!("this machine's clock is {skew} AWS's clock"),
        StsError::RejectedParameters { .. } => format!("AWS refused the request for {role}"),
        StsError::RegionDisabled { region, .. } => {
            format!("STS is switched off in {region} for this account")
        }
        StsError::Throttled { attempts, .. } => format!("AWS had no time for us in {attempts} attempts"),
        StsError::Unreachable { endpoint, .. } => format!("cannot reach {endpoint}"),
        StsError::TlsRefused { endpoint, .. } => format!("no trusted connection to {endpoint}"),
        StsError::TimedOut { endpoint, .. } => format!("no answer from {endpoint}"),
        StsError::MalformedAnswer { .. } => "what answered is not AWS STS, or not as asked".to_owned(),
        _ => format!("AWS STS failed when asked for {role}"),
    }
}

fn next_step(error: &StsError, base: &BaseCredentials, plan: &Plan) -> String {
    match error {
        StsError::InvalidRequest { source, .. } => match source {
            InvalidRequest::ChainedDuration { .. } => {
                let origin = plan.duration.as_ref().map_or_else(String::new, |duration| format!(" ({})", duration.origin));
                format!("ask for one hour or less{origin}, or start from long-lived keys")
            }
            _ => "correct the value".to_owned(),
        },
        StsError::ExpiredBaseCredentials { .. } => format!("renew what source {} gives", base.source_name()),
        StsError::AccessDenied { .. } => "two policies must allow sts:AssumeRole: the one of this key's user, and the trust policy of the role. The trust policy may also ask for an external id (--external-id), a source identity or MFA. A role that does not exist is answered in the same way".to_owned(),
        StsError::UnknownAccessKey { .. } => "check that the key exists, is active, and belongs to the role's partition. A key that was made seconds ago needs a moment; one that begins with ASIA needs its session token".to_owned(),
        StsError::SignatureMismatch { .. } => "store both halves of the key again, together, without quotes or line ends".to_owned(),
        StsError::ClockSkew { .. } => "set the clock, for example with timedatectl set-ntp true, and try again".to_owned(),
        StsError::RejectedParameters { .. } => match &plan.duration {
            Some(duration) => format!(
                "the role may not allow a session of {} ({}); its maximum is set in IAM",
                duration.value, duration.origin
            ),
            None => "correct the parameter that AWS names".to_owned(),
        },
        StsError::RegionDisabled { .. } => "name another region with --region, or switch STS on for it in IAM's account settings".to_owned(),
        StsError::Throttled { .. } => "try again later, or start fewer runs at once".to_owned(),
        StsError::Unreachable { .. } => "check the network, the proxy (HTTPS_PROXY, NO_PROXY) and the endpoint (AWS_ENDPOINT_URL_STS, --region)".to_owned(),
        StsError::TlsRefused { .. } => "if a proxy opens connections on your network, name its certificates in AWS_CA_BUNDLE; otherwise somebody else may be answering".to_owned(),
        StsError::TimedOut { .. } => "try again; if it stays, check the network and the proxy".to_owned(),
        StsError::MalformedAnswer { .. } => "check the endpoint (AWS_ENDPOINT_URL_STS) and whether a proxy or a login page answers in its place".to_owned(),
        _ => "try again; if it stays, ask AWS support with the request id".to_owned(),
    }
}
