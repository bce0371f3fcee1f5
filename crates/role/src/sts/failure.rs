use std::error::Error;
use std::time::{Duration, SystemTime};

use aws_sdk_sts::config::http::HttpResponse;
use aws_sdk_sts::error::{ProvideErrorMetadata, SdkError};
use aws_sdk_sts::operation::RequestId;
use aws_sdk_sts::primitives::{DateTime, DateTimeFormat};
use aws_smithy_runtime_api::client::dns::ResolveDnsError;
use http_body_util::LengthLimitError;
use hyper_util::client::legacy;
use rolewrap_core::BoxError;

use super::caller::Caller;
use super::error_chain::find_cause;
use super::tls_reason::tls_reason;
use crate::clock_skew::TOLERATED;
use crate::{ClockSkew, ConnectStep, Region, StsAnswer, StsError};

/// What STS says to a duration above the role's own maximum, before the words "set for this role". The code alone does not
/// tell it from other parameters.
const ABOVE_THE_MAXIMUM: &str = "DurationSeconds exceeds the MaxSessionDuration";

/// RFC 6585, section 4. Gateways answer so; STS itself with a code.
pub(super) const TOO_MANY_REQUESTS: u16 = 429;

/// What an error needs to know about the operation that failed.
#[derive(Debug)]
pub(super) struct Attempted<'a> {
    pub(super) operation: String,
    pub(super) caller: Caller<'a>,
    pub(super) endpoint: &'a str,
    pub(super) region: &'a Region,
    pub(super) proxy: Option<&'a str>,
    pub(super) connect_timeout: Duration,
    pub(super) attempt_timeout: Duration,
    pub(super) attempts: u32,
    /// When the error came in.
    pub(super) now: SystemTime,
}

impl Attempted<'_> {
    /// The SDK's error as one of ours.
    ///
    /// The SDK's own type is never kept as a cause: its `Debug` shows the whole response, which in a malformed
    /// answer to AssumeRole are credentials.
    pub(super) fn failed<E>(self, error: SdkError<E, HttpResponse>) -> StsError
    where
        E: ProvideErrorMetadata + Error + Send + Sync + 'static,
    {
        match error {
            SdkError::ServiceError(context) => {
                let answer = self.answer(context.raw(), Some(context.err()));
                let theirs = date(context.raw());
                self.refused(answer, theirs)
            }
            SdkError::ResponseError(context) => {
                let answer = self.answer::<E>(context.raw(), None);
                match SdkError::<E, HttpResponse>::ResponseError(context).into_source() {
                    Ok(cause) if find_cause::<LengthLimitError>(&*cause).is_some() => {
                        self.malformed(answer, "it is longer than any answer of STS")
                    }
                    Ok(cause) => self.unreachable(cause),
                    Err(_) => self.malformed(answer, "it cannot be read"),
                }
            }
            SdkError::TimeoutError(_) => {
                let limit = self.attempt_timeout;
                self.timed_out(limit, error.into_source().ok())
            }
            SdkError::DispatchFailure(failure) if failure.is_timeout() => {
                let limit = self.connect_timeout;
                let cause = SdkError::<E, HttpResponse>::DispatchFailure(failure)
                    .into_source()
                    .ok();
                self.timed_out(limit, cause)
            }
            // A request that could not be built or sent never left this machine.
            other => {
                let cause = other
                    .into_source()
                    .unwrap_or_else(|_| BoxError::from("the SDK gave no reason"));
                self.not_connected(cause)
            }
        }
    }

    /// The end of the time for everything.
    pub(super) fn timed_out(self, limit: Duration, cause: Option<BoxError>) -> StsError {
        StsError::TimedOut {
            operation: self.operation,
            endpoint: self.endpoint.to_owned(),
            limit,
            attempts: self.attempts,
            cause,
        }
    }

    /// A 2xx answer without what was asked for.
    pub(super) fn unusable(self, request_id: Option<&str>, reason: &str) -> StsError {
        let answer = StsAnswer {
            endpoint: self.endpoint.to_owned(),
            status: 200,
            code: None,
            message: None,
            request_id: request_id.map(str::to_owned),
        };
        self.malformed(answer, reason)
    }

    fn answer<E: ProvideErrorMetadata>(&self, raw: &HttpResponse, error: Option<&E>) -> StsAnswer {
        StsAnswer {
            endpoint: self.endpoint.to_owned(),
            status: raw.status().as_u16(),
            code: error.and_then(|error| error.code()).map(str::to_owned),
            message: error.and_then(|error| error.message()).map(str::to_owned),
            request_id: error
                .and_then(|error| error.meta().request_id())
                .or_else(|| raw.request_id())
                .map(str::to_owned),
        }
    }

    fn refused(self, answer: StsAnswer, theirs: Option<SystemTime>) -> StsError {
        let Some(code) = answer.code.clone() else {
            return self.refused_without_a_code(answer);
        };
        if is_about_the_signature(&code) {
            return self.signature_refused(answer, theirs);
        }
        let attempts = self.attempts;
        let (operation, answer) = (self.operation, Box::new(answer));
        match code.as_str() {
            "AccessDenied" | "AccessDeniedException" => StsError::AccessDenied { operation, answer },
            "ExpiredToken" | "ExpiredTokenException" => self.caller.expired(operation, Some(answer)),
            "InvalidClientTokenId" | "UnrecognizedClientException" => StsError::UnknownAccessKey {
                operation,
                access_key_id: self.caller.access_key_id().to_owned(),
                answer,
            },
            "IDPRejectedClaim" | "InvalidIdentityToken" => StsError::WebIdentityRefused { operation, answer },
            "IDPCommunicationError" => StsError::IdentityProviderUnreachable {
                operation,
                attempts,
                answer,
            },
            "ValidationError" if is_above_the_maximum(&answer) => {
                StsError::DurationAboveMaximum { operation, answer }
            }
            "ValidationError"
            | "ValidationException"
            | "MalformedPolicyDocument"
            | "PackedPolicyTooLarge" => StsError::RejectedParameters { operation, answer },
            "RegionDisabledException" => StsError::RegionDisabled {
                operation,
                region: self.region.clone(),
                answer,
            },
            code if is_throttling(code) => StsError::Throttled {
                operation,
                attempts,
                answer,
            },
            _ => StsError::Service {
                operation,
                attempts,
                answer,
            },
        }
    }

    /// A signature is wrong because of the secret, or because of the time that is signed. The code is the same.
    fn signature_refused(self, answer: StsAnswer, theirs: Option<SystemTime>) -> StsError {
        let (operation, answer) = (self.operation, Box::new(answer));
        match skew(self.now, theirs) {
            Some(skew) => StsError::ClockSkew {
                operation,
                skew,
                answer,
            },
            // These two are only ever about the time, and the time is right.
            None if matches!(
                answer.code.as_deref(),
                Some("RequestExpired" | "RequestTimeTooSkewed")
            ) =>
            {
                StsError::Service {
                    operation,
                    attempts: self.attempts,
                    answer,
                }
            }
            None => StsError::SignatureMismatch {
                operation,
                access_key_id: self.caller.access_key_id().to_owned(),
                answer,
            },
        }
    }

    fn refused_without_a_code(self, answer: StsAnswer) -> StsError {
        match answer.status {
            TOO_MANY_REQUESTS => StsError::Throttled {
                operation: self.operation,
                attempts: self.attempts,
                answer: Box::new(answer),
            },
            500.. => StsError::Service {
                operation: self.operation,
                attempts: self.attempts,
                answer: Box::new(answer),
            },
            200..300 => self.malformed(answer, "it is not the XML of STS"),
            status => self.malformed(
                answer,
                &format!("its status is {status} and it has no error code of STS"),
            ),
        }
    }

    fn malformed(self, answer: StsAnswer, reason: &str) -> StsError {
        StsError::MalformedAnswer {
            operation: self.operation,
            answer: Box::new(answer),
            reason: reason.to_owned(),
        }
    }

    fn not_connected(self, cause: BoxError) -> StsError {
        match find_cause::<rustls::Error>(&*cause) {
            Some(tls) => {
                let reason = tls_reason(tls);
                StsError::TlsRefused {
                    operation: self.operation,
                    endpoint: self.endpoint.to_owned(),
                    reason,
                    cause,
                }
            }
            None => self.unreachable(cause),
        }
    }

    fn unreachable(self, cause: BoxError) -> StsError {
        let is_connecting = find_cause::<legacy::Error>(&*cause).is_some_and(legacy::Error::is_connect);
        let step = match (is_connecting, self.proxy) {
            (true, Some(_)) => ConnectStep::Proxy,
            (true, None) if find_cause::<ResolveDnsError>(&*cause).is_some() => ConnectStep::Dns,
            (true, None) => ConnectStep::Connect,
            (false, _) => ConnectStep::Exchange,
        };
        StsError::Unreachable {
            operation: self.operation,
            endpoint: self.endpoint.to_owned(),
            proxy: self.proxy.map(str::to_owned),
            step,
            attempts: self.attempts,
            cause,
        }
    }
}

fn date(raw: &HttpResponse) -> Option<SystemTime> {
    let date = DateTime::from_str(raw.headers().get("date")?, DateTimeFormat::HttpDate).ok()?;
    SystemTime::try_from(date).ok()
}

fn skew(ours: SystemTime, theirs: Option<SystemTime>) -> Option<ClockSkew> {
    let skew = ClockSkew {
        ours,
        theirs: theirs?,
    };
    (skew.difference() > TOLERATED).then_some(skew)
}

fn is_about_the_signature(code: &str) -> bool {
    matches!(
        code,
        "SignatureDoesNotMatch" | "InvalidSignatureException" | "RequestExpired" | "RequestTimeTooSkewed"
    )
}

fn is_above_the_maximum(answer: &StsAnswer) -> bool {
    answer
        .message
        .as_ref()
        .is_some_and(|message| message.contains(ABOVE_THE_MAXIMUM))
}

/// The codes that the SDK waits and tries again for (`aws_runtime::retries::classifiers::THROTTLING_ERRORS`).
pub(super) fn is_throttling(code: &str) -> bool {
    matches!(
        code,
        "Throttling"
            | "ThrottlingException"
            | "ThrottledException"
            | "RequestThrottled"
            | "RequestThrottledException"
            | "RequestLimitExceeded"
            | "BandwidthLimitExceeded"
            | "LimitExceededException"
            | "TooManyRequestsException"
            | "SlowDown"
            | "PriorRequestNotComplete"
    )
}
