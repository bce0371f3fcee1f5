use std::fmt;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use aws_sdk_sts::config::http::HttpResponse;
use aws_sdk_sts::config::{Credentials, SharedCredentialsProvider};
use aws_sdk_sts::error::{ProvideErrorMetadata, SdkError};
use aws_sdk_sts::operation::RequestId;
use aws_sdk_sts::{Client, Config};
use rolewrap_core::{BaseCredentials, Clock};

use super::answer;
use super::attempt_limit::AttemptLimit;
use super::attempts::Attempts;
use super::caller::Caller;
use super::connector::StsConnector;
use super::endpoint::StsEndpoint;
use super::failure::Attempted;
use super::parameters::{asked_duration, with_mfa, with_parameters, with_web_identity};
use super::proxy::Proxy;
use super::sdk_config::sdk_config;
use super::trust::Trust;
use crate::{
    AssumeRoleRequest, CallerIdentity, InvalidStsSettings, MfaSessionDuration, MfaSessionRequest, Partition,
    Region, Session, SessionDuration, StsError, StsSettings, WebIdentityRequest,
};

/// AWS STS endpoints and quotas, AWS General Reference. Other partitions have none.
const GLOBAL_ENDPOINT: &str = "sts.amazonaws.com";

/// Asks one STS endpoint. Connections are kept, so a chain of roles or a later refresh finds one open.
///
/// Its methods run on a tokio runtime with time and I/O enabled, and each ends within
/// [`StsSettings::total_timeout`]. Dropping a future stops the request; a host name lookup that hangs goes on in
/// a thread of the runtime, so shut that down in the background.
pub struct StsClient {
    pub(super) config: Config,
    connector: StsConnector,
    endpoint: StsEndpoint,
    region: Region,
    proxy: Option<Proxy>,
    settings: StsSettings,
    pub(super) clock: Arc<dyn Clock>,
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
        let uri = endpoint.uri().clone();
        let connector = StsConnector::new(uri, trust, proxy.clone(), settings.connect_timeout);
        connector.prepare_in_background();
        Ok(Self {
            config: sdk_config(
                &settings,
                &region,
                endpoint.clone(),
                connector.clone(),
                clock.clone(),
            ),
            connector,
            endpoint,
            region,
            proxy,
            settings,
            clock,
        })
    }

    /// Connects to the endpoint, through the proxy where there is one, for the request that comes. Poll it while the base
    /// credentials are loaded; [`assume_role`](Self::assume_role) and the others wait for it where it is under way, so go
    /// on polling it beside them. Nothing is sent but what it takes to connect. It does not fail: where there is no
    /// connection, the request connects itself, and reports.
    ///
    /// It does nothing once a request was made, and drops what it has when its future is dropped.
    pub async fn connect(&self) {
        self.connector.connect().await;
    }

    /// The URL that is asked.
    pub fn endpoint(&self) -> &str {
        self.endpoint.url()
    }

    /// The region that is asked and that requests are signed for.
    pub fn region(&self) -> &Region {
        &self.region
    }

    /// The URL that is asked in place of AWS's own.
    pub(crate) fn custom_endpoint(&self) -> Option<&str> {
        self.settings.endpoint_url.as_deref()
    }

    /// Whether AWS's global endpoint is asked, which is one for several regions.
    pub(crate) fn is_global(&self) -> bool {
        self.custom_endpoint().is_none() && self.endpoint.host() == GLOBAL_ENDPOINT
    }

    /// Assumes `request.role` with the `base` credentials.
    ///
    /// Throttling, 500, 502, 503, 504 and broken or slow connections are tried again, with pauses that grow and are
    /// random; everything else is asked once.
    ///
    /// # Errors
    /// [`StsError`]. Nothing was sent where the request is invalid or `base` has expired.
    pub async fn assume_role(
        &self,
        base: &BaseCredentials,
        request: &AssumeRoleRequest,
    ) -> Result<Session, StsError> {
        let operation = format!("assume role {}", request.role);
        if let Err(source) = request.validate(base, Some(&self.region)) {
            return Err(StsError::InvalidRequest { operation, source });
        }
        let caller = Caller::Base(base);
        let asked = answer::Asked {
            role: &request.role,
            session_name: &request.session_name,
            key: answer::AskedKey {
                caller,
                longest: asked_duration(request, base)
                    .unwrap_or(SessionDuration::DEFAULT)
                    .into(),
            },
        };
        self.ask(
            operation,
            caller,
            |client| with_parameters(client.assume_role(), request, base).send(),
            |output, now| answer::session(output.into(), &asked, now),
        )
        .await
    }

    /// Assumes `request.role` with the token that it has, which nothing signs. STS's trouble with the identity
    /// provider is tried again as well.
    ///
    /// # Errors
    /// [`StsError`]. Nothing was sent where the request is invalid or the token has expired.
    pub async fn assume_role_with_web_identity(
        &self,
        request: &WebIdentityRequest,
    ) -> Result<Session, StsError> {
        let operation = format!("assume role {} with a web identity", request.role);
        if let Err(source) = request.validate(Some(&self.region)) {
            return Err(StsError::InvalidRequest { operation, source });
        }
        let caller = Caller::WebIdentity(&request.token);
        let asked = answer::Asked {
            role: &request.role,
            session_name: &request.session_name,
            key: answer::AskedKey {
                caller,
                longest: request.duration.unwrap_or(SessionDuration::DEFAULT).into(),
            },
        };
        self.ask(
            operation,
            caller,
            |client| with_web_identity(client.assume_role_with_web_identity(), request).send(),
            |output, now| answer::session(output.into(), &asked, now),
        )
        .await
    }

    /// A session of the user whom the `base` credentials belong to, in which MFA is present: base credentials
    /// for roles that demand it. They have the name of the same source, and no lease.
    ///
    /// # Errors
    /// [`StsError`]. Nothing was sent where `base` is temporary or has expired.
    pub async fn mfa_session(
        &self,
        base: &BaseCredentials,
        request: &MfaSessionRequest,
    ) -> Result<BaseCredentials, StsError> {
        let operation = format!("get an MFA session with the device {}", request.serial);
        if let Err(source) = request.validate(base) {
            return Err(StsError::InvalidRequest { operation, source });
        }
        let caller = Caller::Base(base);
        let asked = answer::AskedKey {
            caller,
            longest: request.duration.unwrap_or(MfaSessionDuration::DEFAULT).into(),
        };
        self.ask(
            operation,
            caller,
            |client| with_mfa(client.get_session_token(), request).send(),
            |output, now| answer::mfa_session(output, base.source_name(), &asked, now),
        )
        .await
    }

    /// Asks whom the `base` credentials belong to. AWS answers this to everybody.
    ///
    /// # Errors
    /// [`StsError`]. Nothing was sent where `base` has expired.
    pub async fn caller_identity(&self, base: &BaseCredentials) -> Result<CallerIdentity, StsError> {
        self.ask(
            format!("identify the base credentials from source {}", base.source_name()),
            Caller::Base(base),
            |client| client.get_caller_identity().send(),
            |output, _| answer::caller_identity(output),
        )
        .await
    }

    /// Sends what `send` makes of a client that asks as `caller`, within the time for everything, and reads the
    /// answer.
    async fn ask<T, E, Output: RequestId, Sent>(
        &self,
        operation: String,
        caller: Caller<'_>,
        send: impl FnOnce(Client) -> Sent,
        read: impl FnOnce(Output, SystemTime) -> Result<T, String>,
    ) -> Result<T, StsError>
    where
        Sent: Future<Output = Result<Output, SdkError<E, HttpResponse>>>,
        E: ProvideErrorMetadata + std::error::Error + Send + Sync + 'static,
    {
        if caller.has_expired(self.clock.now()) {
            return Err(caller.expired(operation, None));
        }
        let attempts = Attempts::default();
        let request = send(self.sdk_client(caller, &attempts));
        let total = self.settings.total_timeout;
        let answer = tokio::time::timeout(total, request).await;
        let attempted = self.attempted(operation, caller, attempts);
        let output = match answer {
            Ok(Ok(output)) => output,
            Ok(Err(error)) => return Err(attempted.failed(error)),
            Err(_) => return Err(attempted.out_of_time(total)),
        };
        let request_id = output.request_id().map(str::to_owned);
        let attempted = attempted.check_clock(request_id.as_deref())?;
        read(output, attempted.now).map_err(|reason| attempted.unusable(request_id.as_deref(), &reason))
    }

    /// A client of the SDK that signs as `caller` and shares our connections.
    fn sdk_client(&self, caller: Caller<'_>, attempts: &Attempts) -> Client {
        let limit = AttemptLimit {
            attempts: attempts.clone(),
            most: self.settings.max_attempts,
        };
        let mut config = self
            .config
            .to_builder()
            .interceptor(attempts.clone())
            .retry_classifier(limit);
        if let Caller::Base(base) = caller {
            config.set_credentials_provider(Some(SharedCredentialsProvider::new(Credentials::new(
                base.access_key_id(),
                base.secret_access_key().expose(),
                base.session_token().map(|token| token.expose().to_owned()),
                None,
                "rolewrap",
            ))));
        }
        Client::from_conf(config.build())
    }

    fn attempted<'a>(&'a self, operation: String, caller: Caller<'a>, attempts: Attempts) -> Attempted<'a> {
        Attempted {
            operation,
            caller,
            endpoint: self.endpoint.url(),
            region: &self.region,
            proxy: self.proxy.as_ref().map(Proxy::shown),
            connect_timeout: self.settings.connect_timeout,
            attempt_timeout: self.settings.attempt_timeout,
            attempts,
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
        ("max_throttled_attempts", settings.max_throttled_attempts == 0),
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
