use std::time::Instant;

use hyper::http::request::Parts;

/// A request as an [`StsStub`](crate::StsStub) received it.
#[derive(Debug, Clone)]
pub struct StsRequest {
    arrived: Instant,
    method: String,
    path: String,
    headers: Vec<(String, String)>,
    parameters: Vec<(String, String)>,
}

impl StsRequest {
    pub(super) fn new(parts: &Parts, body: &[u8]) -> Self {
        Self {
            arrived: Instant::now(),
            method: parts.method.to_string(),
            path: parts.uri.path().to_owned(),
            headers: parts
                .headers
                .iter()
                .map(|(name, value)| {
                    let value = String::from_utf8_lossy(value.as_bytes()).into_owned();
                    (name.to_string(), value)
                })
                .collect(),
            parameters: form_urlencoded::parse(body).into_owned().collect(),
        }
    }

    /// When it arrived.
    pub fn arrived(&self) -> Instant {
        self.arrived
    }

    /// The HTTP method.
    pub fn method(&self) -> &str {
        &self.method
    }

    /// The path of the URL.
    pub fn path(&self) -> &str {
        &self.path
    }

    /// What was asked for, such as `AssumeRole`.
    pub fn action(&self) -> &str {
        self.parameter("Action").unwrap_or_default()
    }

    /// The form's parameters, in the order that they were sent.
    pub fn parameters(&self) -> &[(String, String)] {
        &self.parameters
    }

    /// One parameter.
    pub fn parameter(&self, name: &str) -> Option<&str> {
        find(&self.parameters, |key| key == name)
    }

    /// One header.
    pub fn header(&self, name: &str) -> Option<&str> {
        find(&self.headers, |key| key.eq_ignore_ascii_case(name))
    }

    /// The access key id that it was signed with.
    pub fn access_key_id(&self) -> Option<&str> {
        let (_, credential) = self.header("authorization")?.split_once("Credential=")?;
        credential.split('/').next()
    }
}

fn find(pairs: &[(String, String)], is_wanted: impl Fn(&str) -> bool) -> Option<&str> {
    pairs
        .iter()
        .find_map(|(key, value)| is_wanted(key).then_some(value.as_str()))
}
