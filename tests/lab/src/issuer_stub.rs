use std::collections::VecDeque;
use std::io;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use http_body_util::Full;
use hyper::Response;
use hyper::body::Bytes;

use crate::sts_stub::server::Server;

/// A stub of what issues tokens to the jobs of GitHub Actions, which only their runners can ask: it answers as it is
/// told, and records.
#[derive(Debug)]
pub struct IssuerStub {
    script: Arc<Mutex<Script>>,
    server: Server,
}

/// A request as an [`IssuerStub`] received it.
#[derive(Debug, Clone)]
pub struct IssuerRequest {
    /// The query of the URL.
    pub query: String,
    /// The `Authorization` header.
    pub authorization: Option<String>,
}

#[derive(Debug, Default)]
struct Script {
    /// The last one is given again and again.
    answers: VecDeque<(u16, String)>,
    requests: Vec<IssuerRequest>,
}

impl IssuerStub {
    /// A stub on a free port of 127.0.0.1 that answers with these statuses and bodies, the last one always.
    ///
    /// # Errors
    /// When there is no port or no thread.
    pub fn start(answers: impl IntoIterator<Item = (u16, String)>) -> io::Result<Self> {
        let script = Arc::new(Mutex::new(Script {
            answers: answers.into_iter().collect(),
            requests: Vec::new(),
        }));
        let server = Server::start(None, {
            let script = script.clone();
            move |request| {
                let (status, body) = answer(&mut lock(&script), &request);
                let response = Response::builder().status(status);
                let response = response.body(Full::new(Bytes::from(body)));
                async move { response.map_err(io::Error::other) }
            }
        })?;
        Ok(Self { script, server })
    }

    /// The URL that a runner puts into `ACTIONS_ID_TOKEN_REQUEST_URL`.
    pub fn url(&self) -> String {
        format!("http://{}/token?api-version=2.0", self.server.address())
    }

    /// The requests so far, in the order of their arrival.
    pub fn requests(&self) -> Vec<IssuerRequest> {
        lock(&self.script).requests.clone()
    }
}

fn lock(script: &Mutex<Script>) -> MutexGuard<'_, Script> {
    script.lock().unwrap_or_else(PoisonError::into_inner)
}

fn answer<Body>(script: &mut Script, request: &hyper::Request<Body>) -> (u16, String) {
    let authorization = request.headers().get("authorization");
    script.requests.push(IssuerRequest {
        query: request.uri().query().unwrap_or_default().to_owned(),
        authorization: authorization.map(|value| String::from_utf8_lossy(value.as_bytes()).into_owned()),
    });
    match script.answers.len() {
        0 | 1 => script.answers.front().cloned().unwrap_or((404, String::new())),
        _ => script.answers.pop_front().unwrap_or_default(),
    }
}
