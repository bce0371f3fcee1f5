use std::io::{self, Read, Write};
use std::net::TcpStream;

use crate::Failure;

/// The most bytes that are read at once. An answer is smaller.
const CAPACITY: usize = 16 * 1024;

/// What the command was told: where its session is, and what to show there.
#[derive(Debug)]
pub(super) struct Client {
    pub(super) address: String,
    pub(super) request: Vec<u8>,
}

impl Client {
    /// Of what the command finds in its environment.
    pub(super) fn of_environment() -> Result<Self, Failure> {
        let uri = variable("AWS_CONTAINER_CREDENTIALS_FULL_URI")?;
        let token = variable("AWS_CONTAINER_AUTHORIZATION_TOKEN")?;
        let (address, path) = uri
            .strip_prefix("http://")
            .and_then(|rest| rest.split_once('/'))
            .ok_or_else(|| format!("this is no address of an endpoint: {uri}"))?;
        Ok(Self {
            address: address.to_owned(),
            // What botocore sends, to the header.
            request: format!(
                "GET /{path} HTTP/1.1\r\nHost: {address}\r\nAccept-Encoding: identity\r\n\
                 Accept: application/json\r\nAuthorization: {token}\r\nUser-Agent: Boto3/1.40\r\n\r\n"
            )
            .into_bytes(),
        })
    }

    pub(super) fn connect(&self) -> io::Result<TcpStream> {
        let stream = TcpStream::connect(&self.address)?;
        stream.set_nodelay(true)?;
        Ok(stream)
    }

    /// The access key id of the session that is served now.
    pub(super) fn access_key_id(&self, stream: &mut TcpStream) -> Result<String, Failure> {
        stream.write_all(&self.request)?;
        let mut answer = Vec::new();
        while !answer.ends_with(b"}") {
            let mut buffer = [0; CAPACITY];
            let length = read(stream, &mut buffer)?;
            answer.extend_from_slice(&buffer[..length]);
        }
        let text = String::from_utf8(answer)?;
        let (head, body) = text.split_once("\r\n\r\n").unwrap_or((&text, ""));
        if !head.starts_with("HTTP/1.1 200 ") {
            return Err(text.into());
        }
        let document: serde_json::Value = serde_json::from_str(body)?;
        Ok(document["AccessKeyId"].as_str().unwrap_or_default().to_owned())
    }
}

/// Reads some of an answer. The end of the connection is none.
pub(super) fn read(stream: &mut TcpStream, buffer: &mut [u8]) -> io::Result<usize> {
    match stream.read(buffer)? {
        0 => Err(io::ErrorKind::UnexpectedEof.into()),
        length => Ok(length),
    }
}

#[expect(
    clippy::disallowed_methods,
    reason = "it is the command whose environment is looked at"
)]
fn variable(name: &str) -> Result<String, Failure> {
    std::env::var(name).map_err(|error| format!("{name}: {error}").into())
}
