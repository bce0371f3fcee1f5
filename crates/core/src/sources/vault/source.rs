use std::fmt;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};

use async_trait::async_trait;

use super::aws::AwsRole;
use super::connect::{self, LONGEST};
use super::connection::Connection;
use super::endpoints::Call;
use super::engine::VaultEngine;
use super::error::VaultError;
use super::fingerprint;
use super::kv::KvSecret;
use super::login::Login;
use super::request::Request;
use super::secret_from::SecretFrom;
use super::settings::VaultSettings;
use super::variables;
use crate::{
    BaseCredentialSource, BaseCredentials, Clock, Environment, Lease, NobodyToAsk, Prompt, Secret,
    SourceError, SourceFingerprint,
};

/// Base credentials from `HashiCorp` Vault or OpenBao: a key that is stored in the key-value engine, or one that
/// the AWS engine makes.
///
/// A load logs in, reads, and leaves the login for [`release`](BaseCredentialSource::release), which revokes it
/// together with the lease, if there is one. A login that was not made for the load, with a client token of the
/// user's, is not revoked. All of it ends within 60 seconds, and a person
/// who is asked for a password has a minute more. It needs a tokio runtime with time and I/O.
///
/// Silent servers, and servers that are sealed or standbys, make it go on to the next address; 412, 429 and 5xx
/// are tried again; 307 and its like are followed to the active node.
pub struct VaultSource {
    pub(super) name: String,
    pub(super) settings: VaultSettings,
    environment: Arc<dyn Environment>,
    clock: Arc<dyn Clock>,
    prompt: Arc<dyn Prompt>,
    /// Where relative paths begin.
    directory: PathBuf,
    variables: Vec<String>,
    /// Made by the first request, and kept with its connections.
    connection: Mutex<Option<Arc<Connection>>>,
    /// The login that `held` left for the change that follows it.
    pub(super) kept: Mutex<Option<Login>>,
}

impl VaultSource {
    /// A source called `name`. Nothing is read, checked or connected to before the first load.
    pub fn new(
        name: impl Into<String>,
        settings: VaultSettings,
        environment: Arc<dyn Environment>,
        clock: Arc<dyn Clock>,
    ) -> Self {
        let mut variables = variables::names();
        if let Some((_, SecretFrom::Variable(variable))) = settings.login.secret() {
            variables.push(variable.clone());
        }
        Self {
            name: name.into(),
            settings,
            environment,
            clock,
            prompt: Arc::new(NobodyToAsk),
            directory: PathBuf::new(),
            variables,
            connection: Mutex::new(None),
            kept: Mutex::new(None),
        }
    }

    /// The same source with somebody who is asked for a password where that is [`SecretFrom::Person`]. Without this,
    /// nobody is asked.
    #[must_use]
    pub fn with_prompt(mut self, prompt: Arc<dyn Prompt>) -> Self {
        self.prompt = prompt;
        self
    }

    /// The same source, for which relative paths in its settings and variables begin at `directory`. Without this, they
    /// begin where this process is.
    #[must_use]
    pub fn with_directory(mut self, directory: impl Into<PathBuf>) -> Self {
        self.directory = directory.into();
        let tls = &mut self.settings.tls;
        let files = [&mut tls.ca_cert, &mut tls.client_cert, &mut tls.client_key];
        let files = files.into_iter().filter_map(Option::as_mut);
        for file in files.chain(self.settings.login.file_mut()) {
            *file = self.directory.join(&*file);
        }
        self
    }

    /// Checks what can be checked without a server, a file or a variable: addresses and paths.
    ///
    /// # Errors
    /// [`SourceError::InvalidConfiguration`], which names the key.
    pub fn check(&self) -> Result<(), SourceError> {
        connect::check(&self.settings).map_err(|error| error.of_source(&self.name))
    }

    pub(super) fn connection(&self) -> Result<Arc<Connection>, VaultError> {
        let mut kept = self.connection.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(connection) = &*kept {
            return Ok(connection.clone());
        }
        let connection = Arc::new(connect::connect(
            &self.settings,
            &*self.environment,
            &self.directory,
        )?);
        *kept = Some(connection.clone());
        Ok(connection)
    }

    /// What the login needs, from where the settings say. A person has a time of their own for it, and is not asked
    /// before everything else is in order.
    pub(super) async fn given(&self) -> Result<Option<Secret>, SourceError> {
        let read = async {
            let Some((key, place)) = self.settings.login.secret() else {
                return Ok(None);
            };
            let question = self.settings.login.question(&self.connection()?.server());
            place
                .read(key, &question, &*self.environment, &*self.prompt)
                .await
                .map(Some)
        };
        read.await
            .map_err(|error: VaultError| error.of_source(&self.name))
    }

    async fn read(&self, given: Option<Secret>) -> Result<BaseCredentials, VaultError> {
        let connection = self.connection()?;
        let login = self.login(&connection, given).await?;
        let read = match &self.settings.engine {
            VaultEngine::Kv { .. } => match self.secret() {
                Ok(secret) => secret
                    .read(&self.name, &login, &connection)
                    .await
                    .map(|credentials| (credentials, None)),
                Err(error) => Err(error),
            },
            VaultEngine::Aws {
                mount,
                role,
                endpoint,
            } => {
                let (endpoint, clock) = (*endpoint, &*self.clock);
                AwsRole {
                    mount,
                    role,
                    endpoint,
                }
                .read(&self.name, &login, &connection, clock)
                .await
            }
        };
        match read {
            Ok((credentials, lease_id)) => {
                let ours = login.is_ours.then_some(login.client_token);
                if lease_id.is_none() && ours.is_none() {
                    return Ok(credentials);
                }
                Ok(credentials.with_lease(Lease::new(lease_id, ours)))
            }
            Err(error) => {
                self.end(&login, &connection).await;
                Err(error)
            }
        }
    }

    pub(super) async fn login(
        &self,
        connection: &Connection,
        given: Option<Secret>,
    ) -> Result<Login, VaultError> {
        Login::new(&self.settings.login, connection, &*self.environment, given).await
    }

    /// Ends a login that is of no more use. It ends by itself otherwise, later.
    pub(super) async fn end(&self, login: &Login, connection: &Connection) {
        if login.is_ours {
            let _ = Login::revoke(&login.client_token, connection).await;
        }
    }

    pub(super) fn secret(&self) -> Result<KvSecret<'_>, VaultError> {
        match &self.settings.engine {
            VaultEngine::Kv {
                mount,
                path,
                kv_version,
                version,
                fields,
            } => Ok(KvSecret {
                mount,
                path,
                kv_version: *kv_version,
                version: *version,
                fields,
            }),
            VaultEngine::Aws { .. } => Err(VaultError::invalid(
                "engine",
                "the AWS engine makes its keys itself, and stores none",
            )),
        }
    }

    async fn give_back(&self, lease: &Lease) -> Result<(), VaultError> {
        let connection = self.connection()?;
        if let Some(client_token) = lease.login() {
            // The lease goes with the login that made it, without a policy that would have to allow it.
            return Login::revoke(client_token, &connection).await;
        }
        let Some(id) = lease.id() else { return Ok(()) };
        // It was the user's own client token that had the lease made.
        let login = self.login(&connection, None).await?;
        let request = Request::new(&Call::revoke_lease(id), &login.client_token)?;
        let answer = connection.send(&request).await?;
        match answer.status {
            200..=299 => Ok(()),
            403 => Err(VaultError::Denied {
                path: request.path,
                capability: "update",
            }),
            _ => Err(answer.refused(&request.path)),
        }
    }

    /// The servers, for messages.
    fn known_addresses(&self) -> String {
        match self.settings.addresses.as_slice() {
            [] => "the server that BAO_ADDR or VAULT_ADDR names".to_owned(),
            addresses => addresses.join(", "),
        }
    }

    /// The outcome within the time that this source documents, as an error of this source.
    pub(super) async fn bounded<T>(
        &self,
        work: impl Future<Output = Result<T, VaultError>>,
    ) -> Result<T, SourceError> {
        let timed_out = |_| {
            Err(VaultError::TimedOut {
                address: self.known_addresses(),
                seconds: LONGEST.as_secs(),
            })
        };
        tokio::time::timeout(LONGEST, work)
            .await
            .unwrap_or_else(timed_out)
            .map_err(|error| error.of_source(&self.name))
    }
}

impl fmt::Debug for VaultSource {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("VaultSource")
            .field("name", &self.name)
            .field("settings", &self.settings)
            .finish_non_exhaustive()
    }
}

#[async_trait]
impl BaseCredentialSource for VaultSource {
    fn name(&self) -> &str {
        &self.name
    }

    fn environment_variables(&self) -> Vec<&str> {
        self.variables.iter().map(String::as_str).collect()
    }

    fn is_worth_keeping(&self, _credentials: &BaseCredentials) -> bool {
        self.settings.login.is_for_once()
    }

    fn warnings(&self) -> Vec<String> {
        connect::warnings(&self.settings, &*self.environment)
    }

    fn fingerprint(&self) -> Option<SourceFingerprint> {
        fingerprint::fingerprint(
            &self.settings,
            &self.variables,
            &*self.environment,
            &self.directory,
        )
    }

    async fn load(&self) -> Result<BaseCredentials, SourceError> {
        let given = self.given().await?;
        self.bounded(self.read(given)).await
    }

    async fn release(&self, credentials: &BaseCredentials) -> Result<(), SourceError> {
        let Some(lease) = credentials.lease() else {
            return Ok(());
        };
        self.bounded(self.give_back(lease))
            .await
            .map_err(|error| lease.not_released(error))
    }
}
