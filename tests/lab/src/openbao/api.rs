use std::io;
use std::net::SocketAddr;
use std::thread;

use http_body_util::{BodyExt, Full};
use hyper::Request;
use hyper::body::Bytes;
use hyper::client::conn::http1;
use hyper_util::rt::TokioIo;
use serde_json::Value;
use tokio::net::TcpStream;
use tokio::runtime;

/// Status and body of one request to the API, which `path` is below.
///
/// It has a thread of its own, so that tests with and without a runtime can use it.
pub(super) fn call(
    server: SocketAddr,
    method: &str,
    path: &str,
    headers: &[(&str, &str)],
    body: &Value,
) -> io::Result<(u16, Value)> {
    let mut request = Request::builder()
        .method(method)
        .uri(format!("/v1/{path}"))
        .header("host", server.to_string());
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    let body = if body.is_null() {
        String::new()
    } else {
        body.to_string()
    };
    let request = request
        .body(Full::new(Bytes::from(body)))
        .map_err(io::Error::other)?;
    thread::scope(|scope| {
        scope
            .spawn(|| {
                runtime::Builder::new_current_thread()
                    .enable_all()
                    .build()?
                    .block_on(send(server, request))
            })
            .join()
            .unwrap_or_else(|_| Err(io::Error::other("the request panicked")))
    })
}

async fn send(server: SocketAddr, request: Request<Full<Bytes>>) -> io::Result<(u16, Value)> {
    let stream = TcpStream::connect(server).await?;
    let (mut sender, connection) = http1::handshake(TokioIo::new(stream))
        .await
        .map_err(io::Error::other)?;
    tokio::spawn(connection);
    let answer = sender.send_request(request).await.map_err(io::Error::other)?;
    let status = answer.status().as_u16();
    let body = answer
        .into_body()
        .collect()
        .await
        .map_err(io::Error::other)?
        .to_bytes();
    Ok((status, serde_json::from_slice(&body).unwrap_or(Value::Null)))
}
