use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::SystemTime;

use aws_sdk_sts::config::http::HttpResponse;
use aws_sdk_sts::config::interceptors::{
    BeforeTransmitInterceptorContextRef, FinalizerInterceptorContextRef,
};
use aws_sdk_sts::config::{ConfigBag, Intercept, RuntimeComponents};
use aws_sdk_sts::error::{BoxError, ErrorMetadata};
use aws_sdk_sts::operation::RequestId;
use aws_sdk_sts::primitives::{DateTime, DateTimeFormat};
use aws_smithy_runtime_api::client::interceptors::context::Error;
use aws_smithy_runtime_api::client::interceptors::dyn_dispatch_hint;
use aws_smithy_runtime_api::client::orchestrator::OrchestratorError;

use super::error_chain::error_chain;
use super::operation_error::metadata;

/// The attempts of one operation: how many there were, and how the last one ended. The SDK's errors do not say the first,
/// and where our own time limit ends the operation there is no error of the SDK that says the second.
#[derive(Debug, Clone, Default)]
pub(super) struct Attempts(Arc<Mutex<State>>);

#[derive(Debug, Default)]
struct State {
    count: u32,
    last: Option<Ended>,
    date: Option<SystemTime>,
}

/// How an attempt ended that brought nothing.
#[derive(Debug, Clone)]
pub(super) enum Ended {
    /// The other side answered, and refused.
    Refused(Refusal),
    /// There was no answer, for this reason.
    Unanswered(String),
}

/// What is kept of an answer that refused.
#[derive(Debug, Clone)]
pub(super) struct Refusal {
    pub(super) status: u16,
    pub(super) code: Option<String>,
    pub(super) message: Option<String>,
    pub(super) request_id: Option<String>,
}

impl Refusal {
    /// The refusal in `raw`, which the SDK read as `error` where it could.
    pub(super) fn new(raw: &HttpResponse, error: Option<&ErrorMetadata>) -> Self {
        Self {
            status: raw.status().as_u16(),
            code: error.and_then(ErrorMetadata::code).map(str::to_owned),
            message: error.and_then(ErrorMetadata::message).map(str::to_owned),
            request_id: error
                .and_then(RequestId::request_id)
                .or_else(|| raw.request_id())
                .map(str::to_owned),
        }
    }
}

impl Attempts {
    pub(super) fn count(&self) -> u32 {
        self.state().count
    }

    /// How the last attempt ended that has ended.
    pub(super) fn last(&self) -> Option<Ended> {
        self.state().last.clone()
    }

    /// The time in the last answer.
    pub(super) fn date(&self) -> Option<SystemTime> {
        self.state().date
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[dyn_dispatch_hint]
impl Intercept for Attempts {
    fn name(&self) -> &'static str {
        "Attempts"
    }

    fn read_before_attempt(
        &self,
        _context: &BeforeTransmitInterceptorContextRef<'_>,
        _components: &RuntimeComponents,
        _config: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        self.state().count += 1;
        Ok(())
    }

    fn read_after_attempt(
        &self,
        context: &FinalizerInterceptorContextRef<'_>,
        _components: &RuntimeComponents,
        _config: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        let response = context.response();
        let mut state = self.state();
        if let Some(date) = response.and_then(date) {
            state.date = Some(date);
        }
        if let Some(Err(error)) = context.output_or_error() {
            state.last = Some(ended(error, response));
        }
        Ok(())
    }
}

fn ended(error: &OrchestratorError<Error>, response: Option<&HttpResponse>) -> Ended {
    if let (Some(response), Some(error)) = (response, error.as_operation_error()) {
        return Ended::Refused(Refusal::new(response, metadata(error)));
    }
    // The text of other errors may repeat what came, and that may be credentials.
    let reason = match error.as_connector_error() {
        Some(error) => error_chain(error).last().map(ToString::to_string),
        None => None,
    };
    Ended::Unanswered(reason.unwrap_or_else(|| "an attempt brought no answer in its time".to_owned()))
}

fn date(raw: &HttpResponse) -> Option<SystemTime> {
    let date = DateTime::from_str(raw.headers().get("date")?, DateTimeFormat::HttpDate).ok()?;
    SystemTime::try_from(date).ok()
}
