//! The request with which a job of GitHub Actions has a token issued (GitHub's documentation, "`OpenID` Connect
//! reference").

use std::error::Error;
use std::net::IpAddr;
use std::time::Duration;

use reqwest::header::{AUTHORIZATION, HeaderValue};
use reqwest::{Client, Response};
use serde::Deserialize;
use url::{Host, Url};
use zeroize::Zeroizing;

use super::place::LONGEST_BYTES;
use crate::{BoxError, Secret};

/// The variables of a job that may have tokens issued: where, and with what.
pub(super) const VARIABLES: [&str; 2] = ["ACTIONS_ID_TOKEN_REQUEST_URL", "ACTIONS_ID_TOKEN_REQUEST_TOKEN"];

/// How long one request may take.
const ATTEMPT_LONGEST: Duration = Duration::from_secs(9);
/// How often it is asked. What fails here is often overloaded for a moment.
const ATTEMPTS: u32 = 3;
/// The wait before the second request. It doubles.
const FIRST_WAIT: Duration = Duration::from_millis(500);

/// Why there is no token.
pub(super) enum Refused {
    Denied(String),
    Unavailable(String, Option<BoxError>),
    Malformed(String),
}

#[derive(Deserialize)]
struct Issued {
    value: String,
}

/// The URL to ask for a token that is for `audience`. The bearer token goes nowhere without TLS.
pub(super) fn request_url(url: &str, audience: &str) -> Result<Url, &'static str> {
    let mut url = Url::parse(url).map_err(|_| "it is no URL")?;
    match url.scheme() {
        "https" => {}
        "http" if is_this_machine(&url) => {}
        _ => return Err("it does not begin with https://"),
    }
    url.query_pairs_mut().append_pair("audience", audience);
    Ok(url)
}

fn is_this_machine(url: &Url) -> bool {
    match url.host() {
        Some(Host::Ipv4(address)) => IpAddr::from(address).is_loopback(),
        Some(Host::Ipv6(address)) => IpAddr::from(address).is_loopback(),
        Some(Host::Domain(name)) => name == "localhost",
        None => false,
    }
}

/// The token that GitHub issues. `proxy` is the URL of the proxy on the way, which can hold a password.
pub(super) async fn ask(url: Url, bearer: &Secret, proxy: Option<Secret>) -> Result<Secret, Refused> {
    let client = client(&url, proxy)?;
    let mut bearer = HeaderValue::from_str(&format!("bearer {}", bearer.expose()))
        .map_err(|_| Refused::Malformed(format!("{} cannot be sent in a header", VARIABLES[1])))?;
    bearer.set_sensitive(true);
    let mut wait = FIRST_WAIT;
    for _ in 1..ATTEMPTS {
        match once(&client, &url, &bearer).await {
            Err(Refused::Unavailable(..)) => tokio::time::sleep(wait).await,
            answer => return answer,
        }
        wait *= 2;
    }
    once(&client, &url, &bearer).await
}

fn client(url: &Url, proxy: Option<Secret>) -> Result<Client, Refused> {
    let mut builder = Client::builder()
        .tls_backend_rustls()
        // It would read the process's environment.
        .no_proxy()
        // A redirect would carry what the request carries to another server.
        .redirect(reqwest::redirect::Policy::none())
        .timeout(ATTEMPT_LONGEST);
    if url.scheme() == "http" {
        builder = builder.tls_certs_only(Vec::new());
    }
    let unset = |reason: &str| Refused::Unavailable(reason.to_owned(), None);
    if let Some(proxy) = proxy {
        let proxy = reqwest::Proxy::all(proxy.expose())
            .map_err(|_| unset("the URL of the proxy in HTTPS_PROXY is not valid"))?;
        builder = builder.proxy(proxy);
    }
    builder.build().map_err(|_| unset("TLS cannot be set up"))
}

async fn once(client: &Client, url: &Url, bearer: &HeaderValue) -> Result<Secret, Refused> {
    let sent = client.get(url.clone()).header(AUTHORIZATION, bearer).send();
    let response = sent.await.map_err(|error| failed(&error))?;
    match response.status().as_u16() {
        200 => issued(response).await,
        401 | 403 => Err(Refused::Denied(
            "GitHub does not issue a token to this job".to_owned(),
        )),
        status @ (429 | 500..) => Err(Refused::Unavailable(format!("GitHub answered {status}"), None)),
        status => Err(Refused::Malformed(format!("GitHub answered {status}"))),
    }
}

/// Why there was no answer, without the URL.
fn failed(error: &reqwest::Error) -> Refused {
    let mut cause: &dyn Error = error;
    while let Some(next) = cause.source() {
        cause = next;
    }
    Refused::Unavailable(
        "GitHub cannot be reached".to_owned(),
        Some(cause.to_string().into()),
    )
}

async fn issued(mut response: Response) -> Result<Secret, Refused> {
    let longest = usize::try_from(LONGEST_BYTES).unwrap_or(usize::MAX);
    let mut body = Zeroizing::new(Vec::with_capacity(longest));
    while let Some(chunk) = response.chunk().await.map_err(|error| failed(&error))? {
        if body.len() + chunk.len() > longest {
            return Err(Refused::Malformed(format!(
                "GitHub's answer is longer than {longest} bytes"
            )));
        }
        body.extend_from_slice(&chunk);
    }
    // The parser's own message could show a value.
    match serde_json::from_slice::<Issued>(&body) {
        Ok(Issued { value }) if !value.is_empty() => Ok(Secret::new(value)),
        _ => Err(Refused::Malformed(
            "there is no token in GitHub's answer".to_owned(),
        )),
    }
}
