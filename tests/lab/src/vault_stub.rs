use std::collections::{HashMap, VecDeque};
use std::io;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use http_body_util::{BodyExt, Full};
use hyper::body::{Bytes, Incoming};
use hyper::{Request, Response};
use serde_json::Value;

use crate::sts_stub::server::Server;

/// A stub of Vault, for what OpenBao does not have or does not do on demand: the AWS engine, LDAP, faults, and
/// answers that are none. It checks nothing.
///
/// What has no answer is answered with 404 and `{"errors":[]}`.
#[derive(Debug)]
pub struct VaultStub {
    script: Arc<Mutex<Script>>,
    server: Server,
}

/// An answer of a [`VaultStub`].
#[derive(Debug, Clone)]
pub struct VaultAnswer {
    status: u16,
    headers: Vec<(String, String)>,
    body: Vec<u8>,
}

/// A request as a [`VaultStub`] received it.
#[derive(Debug, Clone)]
pub struct VaultRequest {
    /// The HTTP method.
    pub method: String,
    /// The path below `/v1/`.
    pub path: String,
    /// The client token.
    pub client_token: Option<String>,
    /// The namespace.
    pub namespace: Option<String>,
    /// The body, where it is JSON.
    pub body: Value,
}

#[derive(Debug, Default)]
struct Script {
    /// The last answer for a path is given again and again.
    answers: HashMap<String, VecDeque<VaultAnswer>>,
    requests: Vec<VaultRequest>,
}

impl VaultAnswer {
    /// JSON with this status.
    pub fn json(status: u16, body: &Value) -> Self {
        Self::raw(status, body.to_string())
    }

    /// Anything with this status.
    pub fn raw(status: u16, body: impl Into<Vec<u8>>) -> Self {
        Self {
            status,
            headers: Vec::new(),
            body: body.into(),
        }
    }

    /// The same with a header.
    #[must_use]
    pub fn with_header(mut self, name: &str, value: &str) -> Self {
        self.headers.push((name.to_owned(), value.to_owned()));
        self
    }
}

impl VaultStub {
    /// A stub on a free port of 127.0.0.1.
    ///
    /// # Errors
    /// When there is no port or no thread.
    pub fn start() -> io::Result<Self> {
        let script = Arc::new(Mutex::new(Script::default()));
        let server = Server::start(None, {
            let script = script.clone();
            move |request| respond(script.clone(), request)
        })?;
        Ok(Self { script, server })
    }

    /// Its URL.
    pub fn url(&self) -> String {
        format!("http://{}", self.server.address())
    }

    /// Answers requests for the path below `/v1/`, whatever their method: each answer once, the last one always.
    #[must_use]
    pub fn answering(self, path: &str, answers: impl IntoIterator<Item = VaultAnswer>) -> Self {
        let answers = answers.into_iter().collect();
        self.script().answers.insert(path.to_owned(), answers);
        self
    }

    /// The requests so far, in the order of their arrival.
    pub fn requests(&self) -> Vec<VaultRequest> {
        self.script().requests.clone()
    }

    fn script(&self) -> MutexGuard<'_, Script> {
        lock(&self.script)
    }
}

fn lock(script: &Mutex<Script>) -> MutexGuard<'_, Script> {
    script.lock().unwrap_or_else(PoisonError::into_inner)
}

async fn respond(
    script: Arc<Mutex<Script>>,
    request: Request<Incoming>,
) -> io::Result<Response<Full<Bytes>>> {
    let (parts, body) = request.into_parts();
    let body = body.collect().await.map_err(io::Error::other)?.to_bytes();
    let header = |name| {
        parts
            .headers
            .get(name)
            .map(|value: &hyper::header::HeaderValue| String::from_utf8_lossy(value.as_bytes()).into_owned())
    };
    let path = parts.uri.path();
    let request = VaultRequest {
        method: parts.method.to_string(),
        path: path.strip_prefix("/v1/").unwrap_or(path).to_owned(),
        client_token: header("x-vault-token"),
        namespace: header("x-vault-namespace"),
        body: serde_json::from_slice(&body).unwrap_or(Value::Null),
    };
    let answer = answer(&mut lock(&script), request);
    let mut response = Response::builder().status(answer.status);
    for (name, value) in &answer.headers {
        response = response.header(name, value);
    }
    response
        .body(Full::new(Bytes::from(answer.body)))
        .map_err(io::Error::other)
}

fn answer(script: &mut Script, request: VaultRequest) -> VaultAnswer {
    let nothing = || VaultAnswer::raw(404, r#"{"errors":[]}"#);
    let answer = match script.answers.get_mut(&request.path) {
        None => nothing(),
        Some(answers) if answers.len() > 1 => answers.pop_front().unwrap_or_else(nothing),
        Some(answers) => answers.front().cloned().unwrap_or_else(nothing),
    };
    script.requests.push(request);
    answer
}
