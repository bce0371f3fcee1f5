use std::fmt;
use std::sync::{Arc, OnceLock};
use std::thread;
use std::time::Duration;

use aws_sdk_sts::config::http::HttpRequest;
use aws_sdk_sts::config::{HttpClient, RuntimeComponents};
use aws_smithy_http_client::Connector;
use aws_smithy_http_client::tls::Provider;
use aws_smithy_http_client::tls::rustls_provider::CryptoMode;
use aws_smithy_runtime_api::client::http::{
    HttpConnector, HttpConnectorFuture, HttpConnectorSettings, SharedHttpConnector,
};
use aws_smithy_runtime_api::client::result::ConnectorError;
use aws_smithy_types::body::SdkBody;
use http_body_util::Limited;

use super::dns::SystemDns;
use super::proxy::Proxy;
use super::trust::Trust;

/// The longest answer that is read. STS's are a few kilobytes; something else that answers in its place may
/// send without end.
const LONGEST_ANSWER: usize = 1024 * 1024;

/// Builds the connections to STS: once, and from the first moment on in a thread of its own, because parsing
/// the trusted certificates takes 5 to 10 ms of CPU time that the loading of the base credentials leaves free.
#[derive(Clone)]
pub(super) struct StsConnector {
    recipe: Arc<Recipe>,
    built: Arc<OnceLock<SharedHttpConnector>>,
}

struct Recipe {
    trust: Trust,
    proxy: Option<Proxy>,
    connect_timeout: Duration,
}

impl StsConnector {
    pub(super) fn new(trust: Trust, proxy: Option<Proxy>, connect_timeout: Duration) -> Self {
        Self {
            recipe: Arc::new(Recipe {
                trust,
                proxy,
                connect_timeout,
            }),
            built: Arc::default(),
        }
    }

    /// Starts building. Whoever needs the result before it is there waits for it, and where no thread could be
    /// started, builds it.
    pub(super) fn build_in_background(&self) {
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

    fn get(&self) -> SharedHttpConnector {
        self.built.get_or_init(|| self.recipe.build()).clone()
    }
}

impl HttpClient for StsConnector {
    fn http_connector(
        &self,
        _settings: &HttpConnectorSettings,
        _components: &RuntimeComponents,
    ) -> SharedHttpConnector {
        self.get()
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
    fn build(&self) -> SharedHttpConnector {
        let settings = HttpConnectorSettings::builder()
            .connect_timeout(self.connect_timeout)
            .build();
        let context = match self.trust.context() {
            Ok(context) => context,
            Err(error) => return SharedHttpConnector::new(Unusable(error.to_string())),
        };
        let mut builder = Connector::builder().connector_settings(settings);
        builder.set_proxy_config(self.proxy.as_ref().map(Proxy::expose_config));
        // With TLS also for a plain endpoint: the builder without it is hidden from the SDK's documentation,
        // and without certificates this costs nothing.
        let connector = builder
            .tls_provider(Provider::Rustls(CryptoMode::AwsLc))
            .tls_context(context)
            .build_with_resolver(SystemDns);
        SharedHttpConnector::new(LimitedAnswers(connector))
    }
}

/// Cuts answers off that are longer than [`LONGEST_ANSWER`].
#[derive(Debug)]
struct LimitedAnswers(Connector);

impl HttpConnector for LimitedAnswers {
    fn call(&self, request: HttpRequest) -> HttpConnectorFuture {
        let answer = self.0.call(request);
        HttpConnectorFuture::new(async move {
            Ok(answer
                .await?
                .map(|body| SdkBody::from_body_1_x(Limited::new(body, LONGEST_ANSWER))))
        })
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
