use std::error::Error;
use std::time::{Duration, SystemTime};

use aws_sdk_sts::config::http::HttpResponse;
use aws_sdk_sts::error::{ProvideErrorMetadata, SdkError};
use aws_smithy_runtime_api::client::dns::ResolveDnsError;
use http_body_util::LengthLimitError;
use hyper_util::client::legacy;
use rolewrap_core::BoxError;

use super::attempts::{Attempts, Ended, Refusal};
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
    pub(super) attempts: Attempts,
    /// When it ended.
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
                let answer = self.answer(Refusal::new(context.raw(), Some(context.err().meta())));
                self.refused(answer)
            }
            SdkError::ResponseError(context) => {
                let answer = self.answer(Refusal::new(context.raw(), None));
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

    /// The end of the time for everything, `limit`: the last answer is why there is no other. Where no attempt was answered
    /// last, there was none in time.
    pub(super) fn out_of_time(self, limit: Duration) -> StsError {
        match self.attempts.last() {
            Some(Ended::Refused(refusal)) => {
                let answer = self.answer(refusal);
                self.refused(answer)
            }
            Some(Ended::Unanswered(reason)) => self.timed_out(limit, Some(reason.into())),
            None => self.timed_out(limit, None),
        }
    }

    fn timed_out(self, limit: Duration, cause: Option<BoxError>) -> StsError {
        StsError::TimedOut {
            operation: self.operation,
            endpoint: self.endpoint.to_owned(),
            limit,
            attempts: self.attempts.count(),
            cause,
        }
    }

    /// What a clock that AWS does not accept means for a request that succeeded: the expiry cannot be relied on, and
    /// what is signed with the session will be refused. A web identity is taken whatever the time is here.
    pub(super) fn check_clock(self, request_id: Option<&str>) -> Result<Self, StsError> {
        let Some(skew) = self.skew() else {
            return Ok(self);
        };
        let answer = Box::new(self.success(request_id));
        Err(StsError::ClockSkew {
            operation: self.operation,
            skew,
            answer,
        })
    }

    /// A 2xx answer without what was asked for.
    pub(super) fn unusable(self, request_id: Option<&str>, reason: &str) -> StsError {
        let answer = self.success(request_id);
        self.malformed(answer, reason)
    }

    fn success(&self, request_id: Option<&str>) -> StsAnswer {
        self.answer(Refusal {
            status: 200,
            code: None,
            message: None,
            request_id: request_id.map(str::to_owned),
        })
    }

    fn answer(&self, refusal: Refusal) -> StsAnswer {
        StsAnswer {
            endpoint: self.endpoint.to_owned(),
            status: refusal.status,
            code: refusal.code,
            message: refusal.message,
            request_id: refusal.request_id,
        }
    }

    /// How wrong the clock here is, by the time in the last answer, where that is more than AWS tolerates.
    fn skew(&self) -> Option<ClockSkew> {
        let skew = ClockSkew {
            ours: self.now,
            theirs: self.attempts.date()?,
        };
        (skew.difference() > TOLERATED).then_some(skew)
    }

    fn refused(self, answer: StsAnswer) -> StsError {
        let Some(code) = answer.code.clone() else {
            return self.refused_without_a_code(answer);
        };
        if let Some(skew) = self.skew().filter(|_| is_about_the_time(&code)) {
            return StsError::ClockSkew {
                operation: self.operation,
                skew,
                answer: Box::new(answer),
            };
        }
        let attempts = self.attempts.count();
        let (operation, answer) = (self.operation, Box::new(answer));
        match code.as_str() {
            "AccessDenied" | "AccessDeniedException" => StsError::AccessDenied { operation, answer },
            "ExpiredToken" | "ExpiredTokenException" => self.caller.expired(operation, Some(answer)),
            "InvalidClientTokenId" | "UnrecognizedClientException" => StsError::UnknownAccessKey {
                operation,
                access_key_id: self.caller.access_key_id().to_owned(),
                answer,
            },
            // The clock is right, so it is the secret that is wrong.
            "SignatureDoesNotMatch" | "InvalidSignatureException" => StsError::SignatureMismatch {
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

    fn refused_without_a_code(self, answer: StsAnswer) -> StsError {
        match answer.status {
            TOO_MANY_REQUESTS => StsError::Throttled {
                operation: self.operation,
                attempts: self.attempts.count(),
                answer: Box::new(answer),
            },
            500.. => StsError::Service {
                operation: self.operation,
                attempts: self.attempts.count(),
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
            attempts: self.attempts.count(),
            cause,
        }
    }
}

/// What a clock that is wrong may be answered with: the time is signed, and by the time here we reckon what has expired.
fn is_about_the_time(code: &str) -> bool {
    matches!(
        code,
        "SignatureDoesNotMatch"
            | "InvalidSignatureException"
            | "RequestExpired"
            | "RequestTimeTooSkewed"
            | "ExpiredToken"
            | "ExpiredTokenException"
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
