use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use aws_sdk_sts::config::Credentials;
use aws_sdk_sts::config::http::HttpResponse;
use aws_sdk_sts::error::{ProvideErrorMetadata, SdkError};
use aws_sdk_sts::operation::RequestId;
use aws_sdk_sts::{Client, Config};
use rolewrap_core::{BaseCredentials, Clock};

use super::answer;
use super::attempt_count::AttemptCount;
use super::connector::StsConnector;
use super::endpoint::StsEndpoint;
use super::failure::Attempted;
use super::parameters::with_parameters;
use super::proxy::Proxy;
use super::sdk_config::sdk_config;
use super::trust::Trust;
use crate::{
    AssumeRoleError, AssumeRoleRequest, CallerIdentity, InvalidStsSettings, Partition, Region, Session,
    StsError, StsSettings,
};

/// Asks one STS endpoint. Connections are kept, so a chain of roles or a later refresh finds one open.
///
/// Its methods run on a tokio runtime with time and I/O enabled, and each ends within
/// [`StsSettings::total_timeout`]. Dropping a future stops the request; a host name lookup that hangs goes on in
/// a thread of the runtime, so shut that down in the background.
pub struct StsClient {
    config: Config,
    endpoint: StsEndpoint,
    region: Region,
    proxy: Option<Proxy>,
    settings: StsSettings,
    clock: Arc<dyn Clock>,
}

impl StsClient {
    /// A client for roles in `partition`. Checks everything that can be checked without a network, and starts
    /// to read the trusted certificates in a thread of its own.
    ///
    /// # Errors
    /// [`InvalidStsSettings`], which says what to correct.
    pub fn new(
        settings: StsSettings,
        partition: Partition,
        clock: Arc<dyn Clock>,
    ) -> Result<Self, InvalidStsSettings> {
        check_limits(&settings)?;
        let region = match &settings.region {
            Some(region) if region.partition() != partition => {
                return Err(InvalidStsSettings::OtherPartition {
                    region: region.clone(),
                    role: partition,
                });
            }
            Some(region) => region.clone(),
            None => partition.default_region(),
        };
        let endpoint = StsEndpoint::new(&settings, &region)?;
        let proxy = Proxy::for_endpoint(&settings, &endpoint)?;
        let trust = trust(&settings, &endpoint, proxy.as_ref())?;
        let connector = StsConnector::new(trust, proxy.clone(), settings.connect_timeout);
        connector.build_in_background();
        Ok(Self {
            config: sdk_config(&settings, &region, endpoint.clone(), connector, clock.clone()),
            endpoint,
            region,
            proxy,
            settings,
            clock,
        })
    }

    /// The URL that is asked.
    pub fn endpoint(&self) -> &str {
        self.endpoint.url()
    }

    /// The region that is asked and that requests are signed for.
    pub fn region(&self) -> &Region {
        &self.region
    }

    /// Assumes `request.role` with the `base` credentials.
    ///
    /// Throttling, 500, 502, 503, 504 and broken or slow connections are tried again, with pauses that grow and are
    /// random; everything else is asked once.
    ///
    /// # Errors
    /// [`AssumeRoleError`]. Nothing was sent where the request is invalid or `base` has expired.
    pub async fn assume_role(
        &self,
        base: &BaseCredentials,
        request: &AssumeRoleRequest,
    ) -> Result<Session, AssumeRoleError> {
        let operation = format!("assume role {}", request.role);
        if let Err(source) = request.validate(base, Some(&self.region)) {
            return Err(StsError::InvalidRequest { operation, source });
        }
        let count = AttemptCount::default();
        let client = self.sdk_client(&operation, base, &count)?;
        let sent = with_parameters(client.assume_role(), request).send();
        let output = self.bounded(&operation, base, &count, sent).await?;
        let request_id = output.request_id().map(str::to_owned);
        answer::session(output, request, self.clock.now()).map_err(|reason| {
            self.attempted(operation, base, &count)
                .unusable(request_id.as_deref(), &reason)
        })
    }

    /// Asks whom the `base` credentials belong to. AWS answers this to everybody.
    ///
    /// # Errors
    /// [`StsError`]. Nothing was sent where `base` has expired.
    pub async fn caller_identity(&self, base: &BaseCredentials) -> Result<CallerIdentity, StsError> {
        let operation = format!("identify the base credentials from source {}", base.source_name());
        let count = AttemptCount::default();
        let client = self.sdk_client(&operation, base, &count)?;
        let sent = client.get_caller_identity().send();
        let output = self.bounded(&operation, base, &count, sent).await?;
        let request_id = output.request_id().map(str::to_owned);
        answer::caller_identity(output).map_err(|reason| {
            self.attempted(operation, base, &count)
                .unusable(request_id.as_deref(), &reason)
        })
    }

    /// A client of the SDK that signs with `base` and shares our connections.
    fn sdk_client(
        &self,
        operation: &str,
        base: &BaseCredentials,
        count: &AttemptCount,
    ) -> Result<Client, StsError> {
        if base.expires_at().is_some_and(|expiry| expiry <= self.clock.now()) {
            return Err(StsError::ExpiredBaseCredentials {
                operation: operation.to_owned(),
                source_name: base.source_name().to_owned(),
                expired_at: base.expires_at(),
                answer: None,
            });
        }
        let credentials = Credentials::new(
            base.access_key_id(),
            base.secret_access_key().expose(),
            base.session_token().map(|token| token.expose().to_owned()),
            None,
            "rolewrap",
        );
        let config = self
            .config
            .to_builder()
            .credentials_provider(credentials)
            .interceptor(count.clone());
        Ok(Client::from_conf(config.build()))
    }

    /// The result of `sent`, or an error of ours, within the time for everything.
    async fn bounded<T, E>(
        &self,
        operation: &str,
        base: &BaseCredentials,
        count: &AttemptCount,
        sent: impl Future<Output = Result<T, SdkError<E, HttpResponse>>>,
    ) -> Result<T, StsError>
    where
        E: ProvideErrorMetadata + std::error::Error + Send + Sync + 'static,
    {
        let total = self.settings.total_timeout;
        let attempted = || self.attempted(operation.to_owned(), base, count);
        match tokio::time::timeout(total, sent).await {
            Ok(Ok(output)) => Ok(output),
            Ok(Err(error)) => Err(attempted().failed(error)),
            Err(_) => Err(attempted().timed_out(total, None)),
        }
    }

    fn attempted<'a>(
        &'a self,
        operation: String,
        base: &'a BaseCredentials,
        count: &AttemptCount,
    ) -> Attempted<'a> {
        Attempted {
            operation,
            base,
            endpoint: self.endpoint.url(),
            region: &self.region,
            proxy: self.proxy.as_ref().map(Proxy::shown),
            connect_timeout: self.settings.connect_timeout,
            attempt_timeout: self.settings.attempt_timeout,
            attempts: count.get(),
            now: self.clock.now(),
        }
    }
}

impl fmt::Debug for StsClient {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("StsClient")
            .field("endpoint", &self.endpoint())
            .field("region", &self.region)
            .field("proxy", &self.proxy)
            .finish_non_exhaustive()
    }
}

fn check_limits(settings: &StsSettings) -> Result<(), InvalidStsSettings> {
    for (setting, is_zero) in [
        ("connect_timeout", settings.connect_timeout == Duration::ZERO),
        ("attempt_timeout", settings.attempt_timeout == Duration::ZERO),
        ("total_timeout", settings.total_timeout == Duration::ZERO),
        ("max_attempts", settings.max_attempts == 0),
    ] {
        if is_zero {
            return Err(InvalidStsSettings::Zero { setting });
        }
    }
    Ok(())
}

fn trust(
    settings: &StsSettings,
    endpoint: &StsEndpoint,
    proxy: Option<&Proxy>,
) -> Result<Trust, InvalidStsSettings> {
    // The bundle is checked also where nothing needs it, so that a mistake in it is found now.
    let trust = match &settings.ca_bundle {
        Some(path) => Trust::bundle(path)?,
        None => Trust::System,
    };
    let needs_tls = endpoint.uses_tls() || proxy.is_some_and(Proxy::uses_tls);
    Ok(if needs_tls { trust } else { Trust::Nobody })
}
