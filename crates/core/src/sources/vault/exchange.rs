use std::collections::HashMap;
use std::error::Error;
use std::io;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use reqwest::header::{HeaderMap, HeaderName, HeaderValue, LOCATION, RETRY_AFTER};
use reqwest::redirect::Policy;
use reqwest::{Client, Response};
use zeroize::Zeroizing;

use super::address::Address;
use super::answer::Answer;
use super::error::VaultError;
use super::proxies::Proxies;
use super::request::Request;
use super::tls::TlsReady;

/// The longest answer that is read, in bytes. A secret is at most 1 MiB (Vault's `max_request_size` limits what
/// can be stored to 32 MiB, but no key is that long).
const ANSWER_LONGEST: usize = 1024 * 1024;
/// How often one request is redirected at most: to the active node, and once more if that changed meanwhile.
const REDIRECTS: usize = 2;

/// Sends one request to one server, and follows it to the active node.
pub(super) struct Exchange {
    pub(super) tls: TlsReady,
    pub(super) proxies: Proxies,
    pub(super) namespace: Option<String>,
    pub(super) timeout: Duration,
    /// One client for each server, which keeps its connections.
    pub(super) clients: Mutex<HashMap<String, Client>>,
}

/// An answer, and how long the server wants to be left alone.
pub(super) struct Exchanged {
    pub(super) answer: Answer,
    pub(super) retry_after: Option<Duration>,
}

impl Exchange {
    /// The answer of the server at `address`, whatever its status.
    pub(super) async fn send(&self, address: &Address, request: &Request) -> Result<Exchanged, VaultError> {
        let standby = address;
        let mut url = address.api(&request.path, request.query.as_deref());
        let mut address = address.clone();
        for redirects in 0..=REDIRECTS {
            let of_this_node = |error| match redirects {
                0 => error,
                _ => behind(standby, &address, error),
            };
            let asked = self.ask(&address, &url, request).await;
            let response = asked.map_err(of_this_node)?;
            let is_redirect = matches!(response.status().as_u16(), 301 | 302 | 307 | 308);
            let Some(location) = response.headers().get(LOCATION).filter(|_| is_redirect) else {
                return self.read(&address, response).await.map_err(of_this_node);
            };
            let not_vault = |reason: &str| VaultError::NotVault {
                address: address.to_string(),
                reason: reason.to_owned(),
            };
            let location = location
                .to_str()
                .map_err(|_| not_vault("it redirects to what is no URL"))?;
            let target = Address::redirected(&url, location).map_err(not_vault)?;
            url = target.as_url().clone();
            address = target.server();
        }
        Err(VaultError::NotVault {
            address: address.to_string(),
            reason: "it redirects in a circle".to_owned(),
        })
    }

    async fn ask(
        &self,
        address: &Address,
        url: &reqwest::Url,
        request: &Request,
    ) -> Result<Response, VaultError> {
        let mut url = url.clone();
        if let (Some(name), true) = (&self.tls.server_name, address.is_tls()) {
            url.set_host(Some(name))
                .map_err(|_| VaultError::invalid("tls_server_name", "the server name is not a host name"))?;
        }
        self.client(address)?
            .request(request.method.clone(), url)
            .headers(self.headers(request)?)
            .body(request.body.to_vec())
            .send()
            .await
            .map_err(|error| self.failed(address, &error))
    }

    fn headers(&self, request: &Request) -> Result<HeaderMap, VaultError> {
        let mut headers = HeaderMap::new();
        // The servers can be told to demand it, so that nobody is tricked into sending a request.
        headers.insert(
            HeaderName::from_static("x-vault-request"),
            HeaderValue::from_static("true"),
        );
        if let Some(namespace) = &self.namespace {
            let value = HeaderValue::from_str(namespace).map_err(|_| {
                VaultError::invalid(
                    "namespace",
                    "the namespace has characters in it that none can have",
                )
            })?;
            headers.insert(HeaderName::from_static("x-vault-namespace"), value);
        }
        if let Some(client_token) = &request.client_token {
            let mut value = HeaderValue::from_str(client_token.expose())
                .map_err(|_| VaultError::invalid("auth", "the client token cannot be sent in a header"))?;
            value.set_sensitive(true);
            headers.insert(HeaderName::from_static("x-vault-token"), value);
        }
        Ok(headers)
    }

    fn client(&self, address: &Address) -> Result<Client, VaultError> {
        let mut clients = self.clients.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(client) = clients.get(&address.origin()) {
            return Ok(client.clone());
        }
        let mut builder = Client::builder()
            // It would read the process's environment.
            .no_proxy()
            // Followed here, where the target can be judged.
            .redirect(Policy::none())
            .timeout(self.timeout);
        if let Some(proxy) = self.proxies.to(address)? {
            if self.tls.server_name.is_some() {
                // The name stands in the place of the address then, for the proxy and its exceptions too.
                return Err(VaultError::invalid(
                    "tls_server_name",
                    "the server cannot be asked by another name through a proxy; unset the proxy's variable, or put the certificate's name into the address",
                ));
            }
            builder = builder.proxy(proxy);
        }
        let client = self.tls.apply(builder, address).build();
        let client = client.map_err(|error| no_tls(&error))?;
        clients.insert(address.origin(), client.clone());
        Ok(client)
    }

    async fn read(&self, address: &Address, mut response: Response) -> Result<Exchanged, VaultError> {
        let retry_after = response
            .headers()
            .get(RETRY_AFTER)
            .and_then(|value| value.to_str().ok()?.parse().ok())
            .map(Duration::from_secs);
        let status = response.status().as_u16();
        let mut body = Zeroizing::new(Vec::new());
        while let Some(chunk) = response
            .chunk()
            .await
            .map_err(|error| self.failed(address, &error))?
        {
            if body.len() + chunk.len() > ANSWER_LONGEST {
                return Err(VaultError::NotVault {
                    address: address.to_string(),
                    reason: format!("the answer is longer than {ANSWER_LONGEST} bytes"),
                });
            }
            body.extend_from_slice(&chunk);
        }
        Ok(Exchanged {
            answer: Answer {
                address: address.to_string(),
                status,
                body,
            },
            retry_after,
        })
    }

    fn failed(&self, address: &Address, error: &reqwest::Error) -> VaultError {
        let address = address.to_string();
        if error.is_timeout() {
            return VaultError::TimedOut {
                address,
                seconds: self.timeout.as_secs(),
            };
        }
        match find_cause::<rustls::Error>(error) {
            Some(rustls::Error::InvalidMessage(_)) => return VaultError::NoTls { address },
            Some(refused) => {
                let reason = tls_reason(refused);
                return VaultError::TlsRefused { address, reason };
            }
            None => {}
        }
        let cause = last_cause(error).into();
        if error.is_connect() {
            VaultError::Unreachable { address, cause }
        } else {
            VaultError::Interrupted { address, cause }
        }
    }
}

/// Why TLS cannot be set up. The authorities have been tried by themselves before.
fn no_tls(error: &reqwest::Error) -> VaultError {
    match find_cause::<rustls::Error>(error) {
        Some(rustls::Error::InconsistentKeys(_)) => VaultError::invalid(
            "client_key",
            "the key of the client certificate is another certificate's",
        ),
        _ => VaultError::invalid("ca_cert", format!("TLS cannot be set up: {}", last_cause(error))),
    }
}

/// The error of a node that a standby redirected to, as the standby's.
fn behind(standby: &Address, active: &Address, error: VaultError) -> VaultError {
    match error {
        VaultError::Unreachable { .. } | VaultError::Interrupted { .. } | VaultError::TimedOut { .. } => {
            VaultError::ActiveNodeGone {
                address: standby.to_string(),
                active: active.to_string(),
                cause: Box::new(error),
            }
        }
        other => other,
    }
}

/// Why TLS refused, for people.
fn tls_reason(error: &rustls::Error) -> String {
    use rustls::{AlertDescription, CertificateError, Error};
    match error {
        // The latter: an authority has the name of a trusted one and another key.
        Error::InvalidCertificate(CertificateError::UnknownIssuer | CertificateError::BadSignature) => {
            "its certificate is not signed by an authority that is trusted here".to_owned()
        }
        Error::InvalidCertificate(
            CertificateError::NotValidForName | CertificateError::NotValidForNameContext { .. },
        ) => "its certificate is for another host name".to_owned(),
        Error::InvalidCertificate(CertificateError::Expired | CertificateError::ExpiredContext { .. }) => {
            "its certificate has expired".to_owned()
        }
        Error::InvalidCertificate(
            CertificateError::NotValidYet | CertificateError::NotValidYetContext { .. },
        ) => "its certificate is not valid yet; is this machine's clock right?".to_owned(),
        Error::AlertReceived(AlertDescription::CertificateRequired) => {
            "it asks for a client certificate".to_owned()
        }
        other => other.to_string(),
    }
}

/// The error behind all others. `io::Error::source` skips what an `io::Error` wraps, and TLS errors are wrapped
/// so, twice; hence the detour.
fn causes<'a>(error: &'a (dyn Error + 'static)) -> impl Iterator<Item = &'a (dyn Error + 'static)> {
    std::iter::successors(Some(error), |&error| {
        match error.downcast_ref::<io::Error>().and_then(io::Error::get_ref) {
            Some(inner) => Some(inner as &(dyn Error + 'static)),
            None => error.source(),
        }
    })
}

fn find_cause<'a, E: Error + 'static>(error: &'a (dyn Error + 'static)) -> Option<&'a E> {
    causes(error).find_map(|error| error.downcast_ref::<E>())
}

fn last_cause(error: &(dyn Error + 'static)) -> String {
    causes(error).last().map_or_else(String::new, ToString::to_string)
}
