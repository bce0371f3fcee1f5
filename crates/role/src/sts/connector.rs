use std::fmt;
use std::sync::{Arc, OnceLock};
use std::thread;
use std::time::Duration;

use aws_sdk_sts::config::{HttpClient, RuntimeComponents};
use aws_smithy_runtime_api::client::http::{
    HttpConnector, HttpConnectorFuture, HttpConnectorSettings, SharedHttpConnector,
};
use aws_smithy_runtime_api::client::orchestrator::HttpRequest;
use aws_smithy_runtime_api::client::result::ConnectorError;
use http::Uri;

use super::early_connection::EarlyConnection;
use super::exchange::Exchange;
use super::proxy::Proxy;
use super::trust::Trust;
use super::way::Way;

/// Makes the connections to STS: prepared once, and from the first moment on in a thread of its own, because parsing
/// the trusted certificates takes 5 to 10 ms of CPU time that the loading of the base credentials leaves free.
#[derive(Clone)]
pub(super) struct StsConnector {
    recipe: Arc<Recipe>,
    prepared: Arc<OnceLock<Prepared>>,
}

struct Recipe {
    endpoint: Uri,
    trust: Trust,
    proxy: Option<Proxy>,
    connect_timeout: Duration,
}

#[derive(Clone)]
struct Prepared {
    exchange: SharedHttpConnector,
    connection: Option<EarlyConnection>,
}

impl StsConnector {
    pub(super) fn new(endpoint: Uri, trust: Trust, proxy: Option<Proxy>, connect_timeout: Duration) -> Self {
        Self {
            recipe: Arc::new(Recipe {
                endpoint,
                trust,
                proxy,
                connect_timeout,
            }),
            prepared: Arc::default(),
        }
    }

    /// Starts preparing. Whoever needs the result before it is there waits for it, and where no thread could be
    /// started, prepares it.
    pub(super) fn prepare_in_background(&self) {
        if matches!(self.recipe.trust, Trust::Nobody) {
            return;
        }
        let connector = self.clone();
        let _ = thread::Builder::new()
            .name("sts-trust".to_owned())
            .spawn(move || {
                connector.get();
            });
    }

    /// Connects for the first request, unless there has been one.
    pub(super) async fn connect(&self) {
        let connector = self.clone();
        // Waiting for the certificates would hold up whatever else this thread does.
        let prepared = match self.prepared.get() {
            Some(prepared) => Ok(prepared.clone()),
            None => tokio::task::spawn_blocking(move || connector.get()).await,
        };
        if let Ok(Prepared {
            connection: Some(connection),
            ..
        }) = prepared
        {
            connection.prepare(self.recipe.endpoint.clone()).await;
        }
    }

    fn get(&self) -> Prepared {
        self.prepared.get_or_init(|| self.recipe.prepare()).clone()
    }
}

impl HttpClient for StsConnector {
    fn http_connector(
        &self,
        _settings: &HttpConnectorSettings,
        _components: &RuntimeComponents,
    ) -> SharedHttpConnector {
        self.get().exchange
    }
}

impl fmt::Debug for StsConnector {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("StsConnector")
            .field("proxy", &self.recipe.proxy)
            .finish_non_exhaustive()
    }
}

impl Recipe {
    fn prepare(&self) -> Prepared {
        let tls = match self.trust.tls() {
            Ok(tls) => tls,
            Err(error) => {
                return Prepared {
                    exchange: SharedHttpConnector::new(Unusable(error.to_string())),
                    connection: None,
                };
            }
        };
        let way = Way::new(tls, self.proxy.clone(), self.connect_timeout);
        let authorization = way.authorization(&self.endpoint);
        let connection = EarlyConnection::new(way);
        Prepared {
            exchange: SharedHttpConnector::new(Exchange::new(connection.clone(), authorization)),
            connection: Some(connection),
        }
    }
}

/// Says why there are no connections. The SDK has no other place for this.
#[derive(Debug)]
struct Unusable(String);

impl HttpConnector for Unusable {
    fn call(&self, _request: HttpRequest) -> HttpConnectorFuture {
        HttpConnectorFuture::ready(Err(ConnectorError::user(self.0.clone().into())))
    }
}
