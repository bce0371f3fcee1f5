use std::sync::Arc;
use std::time::Duration;

use http::{HeaderValue, Uri};
use hyper_rustls::HttpsConnector;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::client::legacy::connect::proxy::Tunnel;
use rolewrap_core::BoxError;
use rustls::ClientConfig;
use thiserror::Error;
use tower_service::Service;

use super::connection::Connection;
use super::dns::SystemDns;
use super::proxy::Proxy;

/// There was no connection in time.
#[derive(Debug, Error)]
#[error("no connection was made within {}", humantime::format_duration(*.0))]
pub(super) struct ConnectTimedOut(Duration);

/// How connections to the endpoint are made: directly, through a tunnel, or to a proxy that passes requests on.
#[derive(Clone)]
pub(super) struct Way {
    first: HttpsConnector<HttpConnector<SystemDns>>,
    tls: Arc<ClientConfig>,
    proxy: Option<Proxy>,
    timeout: Duration,
}

impl Way {
    pub(super) fn new(tls: ClientConfig, proxy: Option<Proxy>, timeout: Duration) -> Self {
        let tls = Arc::new(tls);
        let mut http = HttpConnector::new_with_resolver(SystemDns);
        // TLS comes on top of it.
        http.enforce_http(false);
        // A request is written in pieces, and the second must not wait for the first to be acknowledged.
        http.set_nodelay(true);
        Self {
            first: HttpsConnector::from((http, tls.clone())),
            tls,
            proxy,
            timeout,
        }
    }

    /// A new connection for `endpoint`, within the time for it.
    pub(super) async fn connect(&self, endpoint: Uri) -> Result<Connection, BoxError> {
        match tokio::time::timeout(self.timeout, self.open(endpoint)).await {
            Ok(opened) => opened,
            Err(_) => Err(ConnectTimedOut(self.timeout).into()),
        }
    }

    async fn open(&self, endpoint: Uri) -> Result<Connection, BoxError> {
        let mut first = self.first.clone();
        let Some(proxy) = &self.proxy else {
            return Ok(Connection::to_endpoint(first.call(endpoint).await?));
        };
        let (proxy, authorization) = proxy.expose_way()?;
        if endpoint.scheme_str() == Some("http") {
            return Ok(Connection::to_forward_proxy(first.call(proxy).await?));
        }
        let tunnel = Tunnel::new(proxy, first);
        let tunnel = match authorization {
            Some(authorization) => tunnel.with_auth(authorization),
            None => tunnel,
        };
        let mut second = HttpsConnector::from((tunnel, self.tls.clone()));
        Ok(Connection::to_endpoint(second.call(endpoint).await?))
    }

    /// What a proxy that passes whole requests on wants to read in each of them.
    pub(super) fn authorization(&self, endpoint: &Uri) -> Option<HeaderValue> {
        if endpoint.scheme_str() != Some("http") {
            return None;
        }
        self.proxy.as_ref()?.expose_way().ok()?.1
    }
}
