use rolewrap_role::{AskedDuration, StsError};

use crate::plan::Hop;
use crate::session::signer::Signer;

/// What did not work, in one sentence.
pub(super) fn what_failed(error: &StsError, signer: &Signer<'_>, hop: Option<&Hop>) -> String {
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
