mod said;
mod wording;

use std::time::{Duration, SystemTime};

use rolewrap_core::BoxError;
use thiserror::Error;

use crate::{ClockSkew, ConnectStep, InvalidRequest, Region, StsAnswer};
use wording::{expired_details, through, times};

/// Why STS did not do what it was asked to.
///
/// Every message reads on after "failed to", and no variant holds a secret. Which variant it is follows from
/// STS's error code and not from its text; [`DurationAboveMaximum`](Self::DurationAboveMaximum) is the one exception. `operation` is what was attempted, such as
/// `assume role arn:aws:iam::123456789012:role/deploy`.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum StsError {
    /// AWS would refuse the parameters, so nothing was sent. The user corrects what `source` names.
    #[error("{operation}: {source}")]
    InvalidRequest {
        /// What was attempted.
        operation: String,
        /// The rule that is broken.
        source: InvalidRequest,
    },

    /// The base credentials have expired: by their own date, and then nothing was sent, or by STS's word. The
    /// user obtains new ones.
    #[error(
        "{operation}: the base credentials from source {source_name} have expired{}",
        expired_details(.expired_at.as_ref(), .answer.as_deref())
    )]
    ExpiredBaseCredentials {
        /// What was attempted.
        operation: String,
        /// The source that yielded them.
        source_name: String,
        /// When they expired, where the source knew.
        expired_at: Option<SystemTime>,
        /// What STS said, if it was asked.
        answer: Option<Box<StsAnswer>>,
    },

    /// The web identity token has expired: by its own date, and then nothing was sent, or by STS's word. The user
    /// has it issued again.
    #[error(
        "{operation}: the web identity token has expired{}",
        expired_details(Some(.expired_at), .answer.as_deref())
    )]
    ExpiredWebIdentity {
        /// What was attempted.
        operation: String,
        /// When it expires by its own date.
        expired_at: SystemTime,
        /// What STS said, if it was asked.
        answer: Option<Box<StsAnswer>>,
    },

    /// STS does not accept the web identity token (`InvalidIdentityToken`), or the identity provider does not
    /// (`IDPRejectedClaim`). The user has IAM's identity provider fit the token's issuer and audience.
    #[error("{operation}: the web identity token is not accepted; {answer}")]
    WebIdentityRefused {
        /// What was attempted.
        operation: String,
        /// What STS said.
        answer: Box<StsAnswer>,
    },

    /// STS cannot reach the identity provider (`IDPCommunicationError`), also after waiting. The user tries again,
    /// or has the provider answer STS from the internet.
    #[error("{operation}: STS cannot reach the identity provider (in {}); {answer}", times(*.attempts))]
    IdentityProviderUnreachable {
        /// What was attempted.
        operation: String,
        /// How many requests were made.
        attempts: u32,
        /// What STS said last.
        answer: Box<StsAnswer>,
    },

    /// STS refused permission. The user has the role's trust policy, or the base identity's permissions,
    /// allow it; external id, MFA, tags and source identity are frequent conditions.
    #[error("{operation}: {answer}")]
    AccessDenied {
        /// What was attempted.
        operation: String,
        /// What STS said.
        answer: Box<StsAnswer>,
    },

    /// AWS does not know the access key (`InvalidClientTokenId`): deleted, inactive, or of another partition.
    /// A key that was made seconds ago may not be known yet.
    #[error("{operation}: the access key {access_key_id} is not known there; {answer}")]
    UnknownAccessKey {
        /// What was attempted.
        operation: String,
        /// The id of the key.
        access_key_id: String,
        /// What STS said.
        answer: Box<StsAnswer>,
    },

    /// The secret access key does not belong to the access key id, or something on the way changed the
    /// request. The user stores the key again.
    #[error(
        "{operation}: the signature is wrong, so the secret access key does not belong to {access_key_id}; {answer}"
    )]
    SignatureMismatch {
        /// What was attempted.
        operation: String,
        /// The id of the key.
        access_key_id: String,
        /// What STS said.
        answer: Box<StsAnswer>,
    },

    /// The clock here is wrong by more than the five minutes that AWS tolerates: a signature or a token was refused, or
    /// there is a session whose expiry the clock here cannot tell. The user sets the clock.
    #[error("{operation}: this machine's clock is {skew} that of {}; {answer}", .answer.endpoint)]
    ClockSkew {
        /// What was attempted.
        operation: String,
        /// Both clocks.
        skew: ClockSkew,
        /// What STS said.
        answer: Box<StsAnswer>,
    },

    /// The role does not allow a session to last so long. The user asks for less, or has the role's maximum raised.
    ///
    /// STS has the code `ValidationError` for everything that is wrong with a parameter, so this is told from it by the
    /// message that AWS documents ("View the maximum session duration setting for a role" in the IAM User Guide). Where
    /// AWS changes its words, the same answer is a [`RejectedParameters`](Self::RejectedParameters).
    #[error("{operation}: {answer}")]
    DurationAboveMaximum {
        /// What was attempted.
        operation: String,
        /// What STS said.
        answer: Box<StsAnswer>,
    },

    /// STS refused a parameter that passed our own checks: a malformed policy, tags and policies that are
    /// too large when packed. The user corrects it.
    #[error("{operation}: {answer}")]
    RejectedParameters {
        /// What was attempted.
        operation: String,
        /// What STS said.
        answer: Box<StsAnswer>,
    },

    /// STS is switched off for the account in this region. The user activates it there or takes another region.
    #[error("{operation}: STS is not activated in region {region}; {answer}")]
    RegionDisabled {
        /// What was attempted.
        operation: String,
        /// The region.
        region: Region,
        /// What STS said.
        answer: Box<StsAnswer>,
    },

    /// Too many requests from the account, also after waiting. The user tries again later.
    #[error("{operation}: throttled in {}; {answer}", times(*.attempts))]
    Throttled {
        /// What was attempted.
        operation: String,
        /// How many requests were made.
        attempts: u32,
        /// What STS said last.
        answer: Box<StsAnswer>,
    },

    /// There is no way to the endpoint. The user mends the network, the proxy or the address.
    #[error(
        "{operation}: cannot reach {endpoint}{}: {step} (in {})",
        through(.proxy.as_deref()),
        times(*.attempts)
    )]
    Unreachable {
        /// What was attempted.
        operation: String,
        /// The URL that was asked.
        endpoint: String,
        /// The proxy on the way, without user name and password.
        proxy: Option<String>,
        /// How far it went.
        step: ConnectStep,
        /// How many requests were made.
        attempts: u32,
        /// What the connection reported.
        #[source]
        cause: BoxError,
    },

    /// The endpoint's certificate was refused, or it does not speak TLS as it should. The user corrects the
    /// address, or names the CA bundle of the proxy that opens connections in between.
    #[error("{operation}: no trusted connection to {endpoint}: {reason}")]
    TlsRefused {
        /// What was attempted.
        operation: String,
        /// The URL that was asked.
        endpoint: String,
        /// What is wrong with the certificate.
        reason: String,
        /// What TLS reported.
        #[source]
        cause: BoxError,
    },

    /// There was no answer in time. The user tries again.
    #[error(
        "{operation}: no answer from {endpoint} within {} (in {})",
        humantime::format_duration(*.limit),
        times(*.attempts)
    )]
    TimedOut {
        /// What was attempted.
        operation: String,
        /// The URL that was asked.
        endpoint: String,
        /// The limit that was reached.
        limit: Duration,
        /// How many requests were made.
        attempts: u32,
        /// What the connection reported, unless the limit for everything ended the wait.
        #[source]
        cause: Option<BoxError>,
    },

    /// STS failed, or refused with a code that has no variant of its own.
    #[error("{operation}: {answer} (in {})", times(*.attempts))]
    Service {
        /// What was attempted.
        operation: String,
        /// How many requests were made.
        attempts: u32,
        /// What STS said last.
        answer: Box<StsAnswer>,
    },

    /// What came back is no answer of STS, or not the one that was asked for. Frequently something else answers
    /// in its place: a proxy's login page, a wrong address.
    #[error("{operation}: {} sent no usable answer: {reason}", .answer.endpoint)]
    MalformedAnswer {
        /// What was attempted.
        operation: String,
        /// The endpoint, the status and the request id.
        answer: Box<StsAnswer>,
        /// What is wrong with it, without its content: that may be credentials.
        reason: String,
    },
}
