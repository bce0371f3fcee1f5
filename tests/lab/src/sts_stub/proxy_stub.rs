use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::{Arc, Mutex, PoisonError};

use http_body_util::{BodyExt, Full};
use hyper::body::{Bytes, Incoming};
use hyper::client::conn::http1;
use hyper::{Method, Request, Response, StatusCode};
use hyper_util::rt::TokioIo;
use tokio::net::TcpStream;

use super::server::Server;

/// A forward proxy that records what it was asked: `CONNECT` for TLS, whole URLs for plain HTTP.
///
/// It is a real proxy as far as it goes, and stops when it is dropped. A name that ends in `.test` is this machine for it: a
/// client never asks a proxy for `127.0.0.1`, so this is how it reaches a stub through one.
#[derive(Debug)]
pub struct ProxyStub {
    server: Server,
    requests: Arc<Mutex<Vec<ProxyStubRequest>>>,
}

/// A request as a [`ProxyStub`] received it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProxyStubRequest {
    /// `CONNECT`, or the method of a plain request.
    pub method: String,
    /// `host:port` for `CONNECT`, else the whole URL.
    pub target: String,
    /// The header that names user and password.
    pub proxy_authorization: Option<String>,
}

#[derive(Debug, Clone, Default)]
struct Rules {
    authorization: Option<String>,
    route: Option<SocketAddr>,
}

impl ProxyStub {
    /// A proxy for everybody, to everywhere.
    ///
    /// # Errors
    /// When there is no port or no thread.
    pub fn start() -> io::Result<Self> {
        Self::start_with(Rules::default())
    }

    /// A proxy that demands this value of `Proxy-Authorization`, such as `Basic YWxpY2U6c2VjcmV0`.
    ///
    /// # Errors
    /// When there is no port or no thread.
    pub fn start_with_authorization(authorization: &str) -> io::Result<Self> {
        Self::start_with(Rules {
            authorization: Some(authorization.to_owned()),
            route: None,
        })
    }

    /// A proxy that connects to `route`, whatever host is asked for. So a client can be made to ask for a real
    /// host name and to reach a stub.
    ///
    /// # Errors
    /// When there is no port or no thread.
    pub fn start_with_route(route: SocketAddr) -> io::Result<Self> {
        Self::start_with(Rules {
            authorization: None,
            route: Some(route),
        })
    }

    fn start_with(rules: Rules) -> io::Result<Self> {
        let requests = Arc::new(Mutex::new(Vec::new()));
        let server = Server::start(None, {
            let requests = requests.clone();
            move |request| {
                let recorded = ProxyStubRequest::of(&request);
                let is_allowed =
                    rules.authorization.is_none() || rules.authorization == recorded.proxy_authorization;
                requests
                    .lock()
                    .unwrap_or_else(PoisonError::into_inner)
                    .push(recorded);
                pass(request, is_allowed, rules.route)
            }
        })?;
        Ok(Self { server, requests })
    }

    /// The URL of the proxy.
    pub fn url(&self) -> String {
        format!("http://{}", self.server.address())
    }

    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.server.address()
    }

    /// The requests so far, in the order of their arrival.
    pub fn requests(&self) -> Vec<ProxyStubRequest> {
        self.requests
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }
}

impl ProxyStubRequest {
    fn of(request: &Request<Incoming>) -> Self {
        Self {
            method: request.method().to_string(),
            target: request.uri().to_string(),
            proxy_authorization: request
                .headers()
                .get("proxy-authorization")
                .map(|value| String::from_utf8_lossy(value.as_bytes()).into_owned()),
        }
    }
}

async fn pass(
    request: Request<Incoming>,
    is_allowed: bool,
    route: Option<SocketAddr>,
) -> io::Result<Response<Full<Bytes>>> {
    if !is_allowed {
        return answer(StatusCode::PROXY_AUTHENTICATION_REQUIRED);
    }
    let host = request.uri().host().unwrap_or_default();
    let port = request.uri().port_u16().unwrap_or(80);
    let connected = match route {
        Some(route) => TcpStream::connect(route).await,
        None if host.rsplit('.').next() == Some("test") => {
            TcpStream::connect((Ipv4Addr::LOCALHOST, port)).await
        }
        None => TcpStream::connect((host, port)).await,
    };
    let Ok(upstream) = connected else {
        return answer(StatusCode::BAD_GATEWAY);
    };
    if request.method() == Method::CONNECT {
        tokio::spawn(tunnel(request, upstream));
        return answer(StatusCode::OK);
    }
    forward(request, upstream).await
}

async fn tunnel(request: Request<Incoming>, mut upstream: TcpStream) {
    if let Ok(upgraded) = hyper::upgrade::on(request).await {
        let _ = tokio::io::copy_bidirectional(&mut TokioIo::new(upgraded), &mut upstream).await;
    }
}

async fn forward(mut request: Request<Incoming>, upstream: TcpStream) -> io::Result<Response<Full<Bytes>>> {
    let path = request.uri().path_and_query().map_or("/", |path| path.as_str());
    *request.uri_mut() = path.parse().map_err(io::Error::other)?;
    request.headers_mut().remove("proxy-authorization");
    let (mut sender, connection) = http1::handshake(TokioIo::new(upstream))
        .await
        .map_err(io::Error::other)?;
    tokio::spawn(connection);
    let (parts, body) = sender
        .send_request(request)
        .await
        .map_err(io::Error::other)?
        .into_parts();
    let body = body.collect().await.map_err(io::Error::other)?.to_bytes();
    Ok(Response::from_parts(parts, Full::new(body)))
}

fn answer(status: StatusCode) -> io::Result<Response<Full<Bytes>>> {
    Response::builder()
        .status(status)
        .body(Full::default())
        .map_err(io::Error::other)
}
