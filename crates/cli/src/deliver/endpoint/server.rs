use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use http::header::{ALLOW, CACHE_CONTROL, CONNECTION, CONTENT_TYPE};
use http::{HeaderValue, Request, Response, StatusCode};
use http_body_util::Full;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use serde_json::json;
use tokio::net::{TcpListener, TcpStream};

use super::connections::{Admitted, Connections};
use super::gate::{Gate, Refusal};
use super::served_session::ServedSession;

/// How many connections may be open at the same time. A command has a handful; the memory for these is bounded.
const MOST_CONNECTIONS: usize = 128;
/// How long a connection may take to send a whole request, and may be idle between two.
const REQUEST_TIMEOUT: Duration = Duration::from_secs(5);
/// The most bytes of a request's head. The SDKs send less than one kilobyte; hyper's own least is this.
const LARGEST_HEAD: usize = 8 * 1024;
/// The most header lines of a request. The SDKs send about ten.
const MOST_HEADERS: usize = 32;
/// How long to wait where the system has no descriptor left for a connection.
const NO_DESCRIPTOR_PAUSE: Duration = Duration::from_millis(10);

/// Answers whoever passes the gate, for ever.
pub(super) async fn serve(listener: TcpListener, gate: Gate, session: Arc<ServedSession>) -> Infallible {
    let gate = Arc::new(gate);
    let mut connections = Connections::new(MOST_CONNECTIONS);
    loop {
        connections.room().await;
        if let Ok((stream, _)) = listener.accept().await {
            let admitted = Admitted::default();
            let task = tokio::spawn(connection(
                stream,
                gate.clone(),
                session.clone(),
                admitted.clone(),
            ));
            connections.add(task.abort_handle(), admitted);
        } else {
            // Either the connection is gone, or all descriptors are taken.
            connections.drop_one();
            tokio::time::sleep(NO_DESCRIPTOR_PAUSE).await;
        }
    }
}

async fn connection(stream: TcpStream, gate: Arc<Gate>, session: Arc<ServedSession>, admitted: Admitted) {
    // An answer is one small write, and waiting for more of it gains nothing.
    let _ = stream.set_nodelay(true);
    let service = service_fn(|request| {
        let (gate, session, admitted) = (&gate, &session, &admitted);
        async move { Ok::<_, Infallible>(respond(&request, gate, session, admitted).await) }
    });
    // How a connection ends matters to its client alone.
    let _ = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(REQUEST_TIMEOUT)
        .max_buf_size(LARGEST_HEAD)
        .max_headers(MOST_HEADERS)
        .serve_connection(TokioIo::new(stream), service)
        .await;
}

async fn respond(
    request: &Request<Incoming>,
    gate: &Gate,
    session: &ServedSession,
    admitted: &Admitted,
) -> Response<Full<Bytes>> {
    if let Err(refusal) = gate.admit(request) {
        return refused(refusal);
    }
    admitted.now();
    match session.answer().await {
        Ok(answer) => response(StatusCode::OK, answer),
        Err(trouble) => response(
            StatusCode::SERVICE_UNAVAILABLE,
            document("SessionNotRenewed", &trouble),
        ),
    }
}

fn refused(refusal: Refusal) -> Response<Full<Bytes>> {
    let mut response = response(refusal.status, document("AccessDenied", refusal.reason));
    // Who was refused once has no second request on the same connection.
    response
        .headers_mut()
        .insert(CONNECTION, HeaderValue::from_static("close"));
    if refusal.status == StatusCode::METHOD_NOT_ALLOWED {
        response
            .headers_mut()
            .insert(ALLOW, HeaderValue::from_static("GET"));
    }
    response
}

/// The form of an error that the SDKs read and show.
fn document(code: &str, message: &str) -> Bytes {
    json!({ "Code": code, "Message": message }).to_string().into()
}

fn response(status: StatusCode, body: Bytes) -> Response<Full<Bytes>> {
    let mut response = Response::new(Full::new(body));
    *response.status_mut() = status;
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}
