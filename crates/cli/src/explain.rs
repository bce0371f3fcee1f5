//! The libraries' errors, as people read them: what failed, what the other side said, where the values came
//! from, and what to do next.

use rolewrap_core::SourceError;
use rolewrap_role::{AskedDuration, InvalidParameter, InvalidRequest, InvalidStsSettings, StsError};

use crate::configuration::{Configuration, Origin, VARIABLES};
use crate::error::Error;
use crate::plan::{BasePlan, Chosen, Hop, Plan};
use crate::reach;
use crate::signer::Signer;
use crate::sources;

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
    let explained = Error::new(format!("failed to {what}")).cause(error.reason());
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
        _ => "correct what the cause names, and set or store the key again",
    })
}

/// Why what a source gave is no web identity token.
pub(crate) fn no_web_identity(error: &InvalidParameter, source: &str, order: &Chosen<Vec<String>>) -> Error {
    Error::new(format!("what source {source} gives is no web identity token"))
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

/// Why STS cannot be asked at all.
pub(crate) fn settings(error: &InvalidStsSettings, plan: &BasePlan, configuration: &Configuration) -> Error {
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

/// Why STS did not do what `signer` asked it to: assume the role of a hop of the plan, or without one say whose the
/// key is.
pub(crate) fn sts(
    error: &StsError,
    signer: &Signer<'_>,
    plan: &BasePlan,
    asked: Option<(&Plan, usize)>,
) -> Error {
    let hop = asked.map(|(plan, index)| &plan.hops[index]);
    let mut explained = causes(error, Error::new(what_failed(error, signer, hop)));
    if let Some(hop) = hop {
        explained = explained.with("role", format!("{} ({})", hop.role.value, hop.role.origin));
    }
    if let (StsError::DurationAboveMaximum { .. }, Some(duration)) =
        (error, hop.and_then(|hop| hop.duration.as_ref()))
    {
        explained = explained.with("duration", format!("{} ({})", duration.value, duration.origin));
    }
    if let Some((plan, index)) = asked.filter(|(plan, _)| plan.hops.len() > 1) {
        let hop = &plan.hops[index];
        explained = explained
            .with("hop", place_in_chain(plan, index))
            .with("with", hop.summary());
    }
    explained = match signer {
        Signer::Base(base) => explained.with(
            "key",
            format!(
                "{} from source {} ({})",
                base.access_key_id(),
                base.source_name(),
                plan.sources.origin
            ),
        ),
        Signer::WebIdentity(source, token) => explained
            .with("web identity", token.claims())
            .with("source", format!("{source} ({})", plan.sources.origin)),
        Signer::Hop { arn, .. } => explained.with("signed by", arn),
    };
    let explained = asked_where(error, explained)
        .hint(next_step(error, signer, hop))
        .reaches(reach::of(error));
    match error {
        // A later hop is signed by a session, which is new each time.
        StsError::ExpiredBaseCredentials { .. }
        | StsError::UnknownAccessKey { .. }
        | StsError::SignatureMismatch { .. }
            if matches!(signer, Signer::Base(_)) =>
        {
            explained.about_the_key()
        }
        _ => explained,
    }
}

/// `2 of 3, hub > [network] > prod`
fn place_in_chain(plan: &Plan, index: usize) -> String {
    let names = plan.hops.iter().enumerate().map(|(number, hop)| {
        if number == index {
            format!("[{}]", hop.name())
        } else {
            hop.name()
        }
    });
    format!(
        "{} of {}: {}",
        index + 1,
        plan.hops.len(),
        names.collect::<Vec<_>>().join(" > ")
    )
}

/// Where STS was asked, with what finds the request again.
pub(crate) fn asked_where(error: &StsError, explained: Error) -> Error {
    let Some(endpoint) = error.endpoint() else {
        return explained;
    };
    let request = error
        .request_id()
        .map_or_else(String::new, |id| format!(", request id {id}"));
    explained.with("asked", format!("{endpoint}{request}"))
}

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
            "nothing came within {} ({})",
            humantime::format_duration(*limit),
            in_words(*attempts)
        )),
        StsError::MalformedAnswer { reason, .. } => return explained.cause(reason),
        // When it expired is said already.
        StsError::ExpiredWebIdentity { .. } => return explained,
        other => return explained.causes(other),
    };
    match std::error::Error::source(error) {
        Some(cause) => explained.causes(cause),
        None => explained,
    }
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

fn what_failed(error: &StsError, signer: &Signer<'_>, hop: Option<&Hop>) -> String {
    let role = hop.map_or_else(|| "its own identity".to_owned(), |hop| hop.role.value.to_string());
    let key = signer.key();
    match error {
        StsError::InvalidRequest { .. } => {
            format!("{role} cannot be asked for in this way, so nothing was sent")
        }
        StsError::ExpiredBaseCredentials { source_name, .. } => match signer {
            Signer::Base(_) | Signer::WebIdentity(..) => format!("the base credentials {key} have expired"),
            Signer::Hop { .. } => format!("{source_name} has expired before it was used"),
        },
        StsError::ExpiredWebIdentity {
            expired_at, answer, ..
        } => {
            let at = humantime::format_rfc3339_seconds(*expired_at);
            match answer {
                None => format!("the web identity token has expired at {at}"),
                Some(_) => {
                    format!("AWS says that the web identity token, which is good until {at}, has expired")
                }
            }
        }
        StsError::WebIdentityRefused { .. } => "AWS does not accept the web identity token".to_owned(),
        StsError::IdentityProviderUnreachable { .. } => {
            "AWS cannot reach the identity provider that issued the token".to_owned()
        }
        StsError::AccessDenied { .. } if error.is_about_the_mfa_code() => {
            "AWS does not take the MFA code".to_owned()
        }
        StsError::AccessDenied { .. } if hop.is_none() => format!("AWS refuses the key {key}"),
        StsError::AccessDenied { .. } => format!("AWS does not let {} assume {role}", signer.name()),
        StsError::UnknownAccessKey { .. } => format!("AWS does not know the access key {key}"),
        StsError::SignatureMismatch { .. } => format!("the secret access key does not belong to {key}"),
        StsError::ClockSkew { skew, .. } => format!("this machine's clock is {skew} AWS's clock"),
        StsError::DurationAboveMaximum { .. } => match hop.and_then(|hop| hop.duration.as_ref()) {
            Some(duration) if duration.value == AskedDuration::Longest => {
                format!("{role} does not allow the session that it allowed before")
            }
            Some(duration) => format!("{role} does not allow a session of {}", duration.value),
            None => format!("{role} does not allow a session of this length"),
        },
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

fn next_step(error: &StsError, signer: &Signer<'_>, hop: Option<&Hop>) -> String {
    let duration = hop.and_then(|hop| hop.duration.as_ref());
    match error {
        StsError::InvalidRequest { source, .. } => match source {
            InvalidRequest::ChainedDuration { .. } => {
                let origin = duration.map_or_else(String::new, |duration| format!(" ({})", duration.origin));
                format!("ask for one hour or less{origin}, or start from long-lived keys")
            }
            _ => "correct the value".to_owned(),
        },
        StsError::ExpiredBaseCredentials { source_name, .. } => match signer {
            Signer::Base(_) | Signer::WebIdentity(..) => format!("renew what source {source_name} gives, or check this machine's clock"),
            Signer::Hop { .. } => "check this machine's clock".to_owned(),
        },
        StsError::ExpiredWebIdentity { .. } => "have the token issued again; in a CI job, ask for the session before it expires, or set a longer life where it is issued. If it is new, check this machine's clock".to_owned(),
        StsError::WebIdentityRefused { .. } => "IAM needs an OpenID Connect provider for exactly this issuer, with this audience in its list, in the role's account".to_owned(),
        StsError::IdentityProviderUnreachable { .. } => "try again; if it stays, the provider's keys must be readable from the internet: ISSUER/.well-known/openid-configuration".to_owned(),
        StsError::AccessDenied { .. } if let Signer::WebIdentity(..) = signer => "the role's trust policy must allow sts:AssumeRoleWithWebIdentity to the identity provider, and its conditions must fit the subject and the audience above. A role that does not exist is answered in the same way".to_owned(),
        StsError::AccessDenied { .. } if error.is_about_the_mfa_code() => "give the code that the device shows now. AWS takes each code once, so wait for the next one; the device has to be that of the key's user".to_owned(),
        StsError::AccessDenied { .. } if hop.is_none() => "a policy of the account or of its organisation denies this key; ask who administers it".to_owned(),
        StsError::AccessDenied { .. } if let Signer::Hop { hop: before, .. } = signer => format!("two policies must allow sts:AssumeRole: one of the role {}, which signs, and the trust policy of the role that it assumes{}. A role that does not exist is answered in the same way", before.role.value, also_needed(hop)),
        StsError::AccessDenied { .. } => format!("two policies must allow sts:AssumeRole: the one of this key's user, and the trust policy of the role{}. The trust policy may also ask for an external id (--external-id), a source identity or MFA (--mfa-serial). A role that does not exist is answered in the same way", also_needed(hop)),
        StsError::UnknownAccessKey { .. } => "check that the key exists, is active, and belongs to the role's partition. A key that was made seconds ago needs a moment; one that begins with ASIA needs its session token".to_owned(),
        StsError::SignatureMismatch { .. } => "store both halves of the key again, together, without quotes or line ends. If AWS speaks of an expired signature, the clock of this machine is wrong".to_owned(),
        StsError::ClockSkew { .. } => "set the clock, for example with timedatectl set-ntp true, and try again".to_owned(),
        StsError::DurationAboveMaximum { .. } if duration.is_some_and(|duration| duration.value == AskedDuration::Longest) => "try again with a new MFA code: what was known about the role is forgotten".to_owned(),
        StsError::DurationAboveMaximum { .. } => "ask for less, or for max, which finds what the role allows; the role's MaxSessionDuration in IAM can be raised to 12h".to_owned(),
        StsError::RejectedParameters { .. } => match duration {
            Some(duration) => format!(
                "the role may not allow a session of {} ({}); its maximum is set in IAM",
                duration.value, duration.origin
            ),
            None => "correct the parameter that AWS names".to_owned(),
        },
        StsError::RegionDisabled { .. } => "name another region with --region, or switch STS on for it in IAM's account settings".to_owned(),
        StsError::Throttled { .. } => "try again later, or start fewer runs at once".to_owned(),
        StsError::Unreachable { .. } => "check the network, the proxy (HTTPS_PROXY, NO_PROXY) and the endpoint (AWS_ENDPOINT_URL_STS, --region)".to_owned(),
        StsError::TlsRefused { .. } => "if a proxy opens connections on your network, name its certificates in AWS_CA_BUNDLE; where this machine trusts nobody at all, install its certificates (ca-certificates); otherwise somebody else may be answering".to_owned(),
        StsError::TimedOut { .. } => "try again; if it stays, check the network and the proxy".to_owned(),
        StsError::MalformedAnswer { .. } => "check the endpoint (AWS_ENDPOINT_URL_STS) and whether a proxy or a login page answers in its place".to_owned(),
        _ if error.request_id().is_some() => "try again; if it stays, ask AWS support with the request id".to_owned(),
        _ => "try again; if it stays, check what is on the way to AWS".to_owned(),
    }
}

/// What both policies must allow besides, for what is asked with the role.
fn also_needed(hop: Option<&Hop>) -> &'static str {
    let has_tags = hop.is_some_and(|hop| !hop.tags.tags.is_empty());
    let has_identity = hop.is_some_and(|hop| hop.source_identity.is_some());
    match (has_tags, has_identity) {
        (false, false) => "",
        (true, false) => "; both also sts:TagSession, for the tags",
        (false, true) => "; both also sts:SetSourceIdentity, for the source identity",
        (true, true) => {
            "; both also sts:TagSession and sts:SetSourceIdentity, for the tags and the source identity"
        }
    }
}
