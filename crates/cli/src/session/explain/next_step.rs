use rolewrap_role::{AskedDuration, InvalidRequest, StsError};

use crate::plan::Hop;
use crate::session::signer::Signer;

/// What to do about it.
pub(super) fn next_step(error: &StsError, signer: &Signer<'_>, hop: Option<&Hop>) -> String {
    let duration = hop.and_then(|hop| hop.duration.as_ref());
    match error {
        StsError::InvalidRequest { source, .. } => match source {
            InvalidRequest::ChainedDuration { .. } => {
                let origin = duration.map_or_else(String::new, |duration| format!(" ({})", duration.origin));
                format!("ask for one hour or less{origin}, or start from long-lived keys; with --delivery endpoint the session is renewed as long as the command runs")
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
        StsError::AccessDenied { .. } if let Signer::Hop { hop: before, .. } = signer => format!("two policies must allow sts:AssumeRole: one of the role {}, which signs, and the trust policy of the role that it assumes{}. Where that trust policy asks for MFA, no session of another role will do: the role cannot be had through a chain. A role that does not exist is answered in the same way", before.role.value, also_needed(hop)),
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
        StsError::Unreachable { .. } if error.endpoint().is_some_and(|url| url.starts_with("http://")) => "check the endpoint (AWS_ENDPOINT_URL_STS): where it speaks TLS, its URL begins with https://. Check the network and the proxy (HTTP_PROXY, NO_PROXY) too".to_owned(),
        StsError::Unreachable { .. } => "check the network, the proxy (HTTPS_PROXY, NO_PROXY) and the endpoint (AWS_ENDPOINT_URL_STS, --region)".to_owned(),
        StsError::TlsRefused { .. } => "if a proxy opens connections on your network, name its certificates in AWS_CA_BUNDLE; where this machine trusts nobody at all, install its certificates (ca-certificates); otherwise somebody else may be answering".to_owned(),
        StsError::TimedOut { .. } => "try again; if it stays, check the network and the proxy".to_owned(),
        StsError::MalformedAnswer { .. } => "check the endpoint (AWS_ENDPOINT_URL_STS) and whether a proxy or a login page answers in its place; where it speaks TLS, its URL begins with https://".to_owned(),
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
