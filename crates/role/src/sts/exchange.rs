use std::fmt;

use aws_smithy_runtime_api::client::connection::{CaptureSmithyConnection, ConnectionMetadata};
use aws_smithy_runtime_api::client::http::{HttpConnector, HttpConnectorFuture};
use aws_smithy_runtime_api::client::orchestrator::{HttpRequest, HttpResponse};
use aws_smithy_runtime_api::client::result::ConnectorError;
use aws_smithy_types::body::SdkBody;
use aws_smithy_types::retry::ErrorKind;
use http::HeaderValue;
use http::header::PROXY_AUTHORIZATION;
use http_body_util::Limited;
use hyper_util::client::legacy::connect::{CaptureConnection, capture_connection};
use hyper_util::client::legacy::{Client, Error};
use hyper_util::rt::{TokioExecutor, TokioTimer};

use super::early_connection::EarlyConnection;
use super::error_chain::find_cause;
use super::way::ConnectTimedOut;

/// The longest answer that is read. STS's are a few kilobytes; something else that answers in its place may
/// send without end.
const LONGEST_ANSWER: usize = 1024 * 1024;

/// Sends the SDK's requests, over connections that are kept for the next ones.
pub(super) struct Exchange {
    client: Client<EarlyConnection, SdkBody>,
    proxy_authorization: Option<HeaderValue>,
}

impl Exchange {
    pub(super) fn new(connection: EarlyConnection, proxy_authorization: Option<HeaderValue>) -> Self {
        let client = Client::builder(TokioExecutor::new())
            .pool_timer(TokioTimer::new())
            .build(connection);
        Self {
            client,
            proxy_authorization,
        }
    }
}

impl HttpConnector for Exchange {
    fn call(&self, request: HttpRequest) -> HttpConnectorFuture {
        let mut request = match request.try_into_http1x() {
            Ok(request) => request,
            Err(error) => return HttpConnectorFuture::ready(Err(ConnectorError::user(error.into()))),
        };
        if let Some(authorization) = &self.proxy_authorization {
            request
                .headers_mut()
                .insert(PROXY_AUTHORIZATION, authorization.clone());
        }
        let used = capture_connection(&mut request);
        if let Some(capture) = request.extensions().get::<CaptureSmithyConnection>() {
            capture.set_connection_retriever(move || described(&used));
        }
        let asked = self.client.request(request);
        HttpConnectorFuture::new(async move {
            let answer = asked.await.map_err(classified)?;
            HttpResponse::try_from(
                answer.map(|body| SdkBody::from_body_1_x(Limited::new(body, LONGEST_ANSWER))),
            )
            .map_err(|error| ConnectorError::other(error.into(), None))
        })
    }
}

impl fmt::Debug for Exchange {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        // The header holds a password.
        formatter.debug_struct("Exchange").finish_non_exhaustive()
    }
}

/// The connection in the SDK's terms, so that it can have one closed that failed.
fn described(used: &CaptureConnection) -> Option<ConnectionMetadata> {
    let is_proxied = used.connection_metadata().as_ref()?.is_proxied();
    let used = used.clone();
    let poison = move || {
        if let Some(connection) = used.connection_metadata().as_ref() {
            connection.poison();
        }
    };
    let described = ConnectionMetadata::builder()
        .proxied(is_proxied)
        .poison_fn(poison);
    Some(described.build())
}

/// The error in the SDK's terms, which decide whether it tries again: as the SDK's own HTTP client has it.
fn classified(error: Error) -> ConnectorError {
    if find_cause::<ConnectTimedOut>(&error).is_some() {
        return ConnectorError::timeout(error.into());
    }
    let (is_connect, is_io) = (error.is_connect(), find_cause::<std::io::Error>(&error).is_some());
    match find_cause::<hyper::Error>(&error) {
        _ if is_connect => ConnectorError::io(error.into()),
        Some(cause) if cause.is_user() => ConnectorError::user(error.into()),
        Some(cause) if cause.is_incomplete_message() => {
            ConnectorError::other(error.into(), Some(ErrorKind::TransientError))
        }
        Some(cause) if is_io || cause.is_closed() || cause.is_canceled() => ConnectorError::io(error.into()),
        None if is_io => ConnectorError::io(error.into()),
        _ => ConnectorError::other(error.into(), None),
    }
}
