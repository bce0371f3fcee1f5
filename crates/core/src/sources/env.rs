use std::sync::Arc;

use async_trait::async_trait;

use super::utc_time;
use crate::{BaseCredentialSource, BaseCredentials, Environment, Secret, SourceError, SourceFingerprint};

const ACCESS_KEY_ID: &str = "AWS_ACCESS_KEY_ID";
const SECRET_ACCESS_KEY: &str = "AWS_SECRET_ACCESS_KEY";
const SESSION_TOKEN: &str = "AWS_SESSION_TOKEN";
/// What boto called the session token before all SDKs agreed on a name.
const OLD_SESSION_TOKEN: &str = "AWS_SECURITY_TOKEN";
const CREDENTIAL_EXPIRATION: &str = "AWS_CREDENTIAL_EXPIRATION";

/// Base credentials from the standard AWS environment variables, as CI systems set them.
///
/// Reads `AWS_ACCESS_KEY_ID`, `AWS_SECRET_ACCESS_KEY`, then `AWS_SESSION_TOKEN` or else `AWS_SECURITY_TOKEN`,
/// and with a session token `AWS_CREDENTIAL_EXPIRATION`. A variable that holds only white space counts as not
/// set. Loading reads memory and takes no time worth a limit.
#[derive(Debug)]
pub struct EnvSource {
    name: String,
    environment: Arc<dyn Environment>,
}

impl EnvSource {
    /// A source called `name` that reads `environment`.
    pub fn new(name: impl Into<String>, environment: Arc<dyn Environment>) -> Self {
        Self {
            name: name.into(),
            environment,
        }
    }

    fn read(&self, variable: &str) -> Result<Option<Secret>, SourceError> {
        let Some(raw) = self.environment.get(variable) else {
            return Ok(None);
        };
        let value = raw
            .into_string()
            .map_err(|_| self.malformed(format!("{variable} is not UTF-8 text")))?;
        let value = Secret::new(value);
        Ok(if value.expose().trim().is_empty() {
            None
        } else {
            Some(value)
        })
    }

    fn malformed(&self, reason: String) -> SourceError {
        SourceError::Malformed {
            name: self.name.clone(),
            reason,
            cause: None,
        }
    }

    fn half(&self, present: &str, missing: &str) -> SourceError {
        self.malformed(format!("{present} is set, but {missing} is not"))
    }

    fn with_session(&self, credentials: BaseCredentials) -> Result<BaseCredentials, SourceError> {
        let session_token = match self.read(SESSION_TOKEN)? {
            Some(value) => Some((SESSION_TOKEN, value)),
            None => self
                .read(OLD_SESSION_TOKEN)?
                .map(|value| (OLD_SESSION_TOKEN, value)),
        };
        let Some((variable, value)) = session_token else {
            return Ok(credentials);
        };
        let credentials = credentials
            .with_session_token(&value)
            .map_err(|error| self.malformed(format!("{variable}: {error}")))?;
        let Some(expiration) = self.read(CREDENTIAL_EXPIRATION)? else {
            return Ok(credentials);
        };
        let expires_at = utc_time::parse(expiration.expose()).ok_or_else(|| {
            self.malformed(format!(
                "{CREDENTIAL_EXPIRATION} is not a time with its time zone, like 2030-01-31T23:59:59Z"
            ))
        })?;
        Ok(credentials.with_expires_at(expires_at))
    }
}

#[async_trait]
impl BaseCredentialSource for EnvSource {
    fn name(&self) -> &str {
        &self.name
    }

    /// The values themselves, since reading them costs nothing.
    fn fingerprint(&self) -> Option<SourceFingerprint> {
        let (id, secret) = (self.read(ACCESS_KEY_ID).ok()?, self.read(SECRET_ACCESS_KEY).ok()?);
        let mut fingerprint = SourceFingerprint::of("env");
        if id.is_none() && secret.is_none() {
            return Some(fingerprint);
        }
        fingerprint = fingerprint
            .with(ACCESS_KEY_ID, id?.expose().trim().as_bytes())
            .with(SECRET_ACCESS_KEY, secret?.expose().trim().as_bytes());
        for variable in [SESSION_TOKEN, OLD_SESSION_TOKEN] {
            if let Some(value) = self.read(variable).ok()? {
                fingerprint = fingerprint.with(variable, value.expose().trim().as_bytes());
            }
        }
        Some(fingerprint.settled())
    }

    async fn load(&self) -> Result<BaseCredentials, SourceError> {
        let (id, secret) = match (self.read(ACCESS_KEY_ID)?, self.read(SECRET_ACCESS_KEY)?) {
            (Some(id), Some(secret)) => (id, secret),
            (Some(_), None) => return Err(self.half(ACCESS_KEY_ID, SECRET_ACCESS_KEY)),
            (None, Some(_)) => return Err(self.half(SECRET_ACCESS_KEY, ACCESS_KEY_ID)),
            (None, None) => {
                return Err(SourceError::NotFound {
                    name: self.name.clone(),
                    reason: format!("{ACCESS_KEY_ID} and {SECRET_ACCESS_KEY} are not set"),
                });
            }
        };
        let credentials = BaseCredentials::new(&self.name, id.expose(), &secret).map_err(|error| {
            let variable = if error.field == "access key id" {
                ACCESS_KEY_ID
            } else {
                SECRET_ACCESS_KEY
            };
            self.malformed(format!("{variable}: {error}"))
        })?;
        self.with_session(credentials)
    }
}

#[cfg(test)]
mod tests {
    use std::ffi::OsString;
    use std::sync::Mutex;
    use std::time::{Duration, UNIX_EPOCH};

    use super::*;
    use crate::FixedEnvironment;
    use crate::contract::Rotation;

    const ID: &str = "AKIAIOSFODNN7EXAMPLE";

    fn source(variables: &[(&str, &str)]) -> EnvSource {
        EnvSource::new(
            "env",
            Arc::new(variables.iter().copied().collect::<FixedEnvironment>()),
        )
    }

    async fn load(variables: &[(&str, &str)]) -> Result<BaseCredentials, SourceError> {
        source(variables).load().await
    }

    async fn failure(variables: &[(&str, &str)]) -> String {
        load(variables).await.unwrap_err().to_string()
    }

    #[tokio::test]
    async fn half_a_pair_names_the_variable_that_is_missing() {
        assert_eq!(
            failure(&[("AWS_ACCESS_KEY_ID", ID)]).await,
            "use the base credentials from source env: AWS_ACCESS_KEY_ID is set, but AWS_SECRET_ACCESS_KEY is not"
        );
        assert_eq!(
            failure(&[("AWS_SECRET_ACCESS_KEY", "secret"), ("AWS_ACCESS_KEY_ID", " \n")]).await,
            "use the base credentials from source env: AWS_SECRET_ACCESS_KEY is set, but AWS_ACCESS_KEY_ID is not"
        );
    }

    #[tokio::test]
    async fn the_old_token_variable_is_read_when_there_is_no_new_one() {
        let pair = [("AWS_ACCESS_KEY_ID", ID), ("AWS_SECRET_ACCESS_KEY", "secret")];
        let old = [pair[0], pair[1], ("AWS_SECURITY_TOKEN", "old\n")];
        let both = [
            pair[0],
            pair[1],
            ("AWS_SECURITY_TOKEN", "old"),
            ("AWS_SESSION_TOKEN", "new"),
        ];
        for (variables, expected) in [(&old[..], "old"), (&both[..], "new")] {
            let credentials = load(variables).await.unwrap();
            assert_eq!(credentials.session_token().unwrap().expose(), expected);
            assert!(credentials.is_temporary());
        }
        assert!(!load(&pair).await.unwrap().is_temporary());
    }

    #[tokio::test]
    async fn the_expiry_of_temporary_credentials_is_read_in_both_spellings_of_utc() {
        for time in ["2030-01-01T00:00:00Z", "2030-01-01T00:00:00+00:00"] {
            let credentials = load(&[
                ("AWS_ACCESS_KEY_ID", ID),
                ("AWS_SECRET_ACCESS_KEY", "secret"),
                ("AWS_SESSION_TOKEN", "session"),
                ("AWS_CREDENTIAL_EXPIRATION", time),
            ])
            .await
            .unwrap();
            assert_eq!(
                credentials.expires_at(),
                Some(UNIX_EPOCH + Duration::from_hours(60 * 365 * 24 + 15 * 24))
            );
        }
    }

    #[tokio::test]
    async fn an_expiry_that_is_no_time_is_an_error() {
        let message = failure(&[
            ("AWS_ACCESS_KEY_ID", ID),
            ("AWS_SECRET_ACCESS_KEY", "secret"),
            ("AWS_SESSION_TOKEN", "session"),
            ("AWS_CREDENTIAL_EXPIRATION", "tomorrow"),
        ])
        .await;
        assert!(
            message.contains("AWS_CREDENTIAL_EXPIRATION is not a time with its time zone"),
            "{message}"
        );
    }

    /// Variables that change.
    #[derive(Debug)]
    struct Changing(Arc<Mutex<FixedEnvironment>>);

    impl Environment for Changing {
        fn get(&self, name: &str) -> Option<OsString> {
            self.0.lock().unwrap().get(name)
        }

        fn names(&self) -> Vec<String> {
            self.0.lock().unwrap().names()
        }
    }

    fn pair(id: &str, secret: &str) -> FixedEnvironment {
        [(ACCESS_KEY_ID, id), (SECRET_ACCESS_KEY, secret)]
            .into_iter()
            .collect()
    }

    struct EnvScenarios;

    #[async_trait]
    impl crate::contract::Scenarios for EnvScenarios {
        async fn present(&self) -> Box<dyn BaseCredentialSource> {
            use crate::contract::{ACCESS_KEY_ID as ID, SECRET_ACCESS_KEY as SECRET};
            Box::new(source(&[(ACCESS_KEY_ID, ID), (SECRET_ACCESS_KEY, SECRET)]))
        }

        async fn rotated(&self) -> Rotation<'_> {
            use crate::contract::{
                ACCESS_KEY_ID, ROTATED_ACCESS_KEY_ID, ROTATED_SECRET_ACCESS_KEY, SECRET_ACCESS_KEY,
            };
            let variables = Arc::new(Mutex::new(pair(ACCESS_KEY_ID, SECRET_ACCESS_KEY)));
            Rotation::Source {
                source: Box::new(EnvSource::new("env", Arc::new(Changing(variables.clone())))),
                rotate: Box::pin(async move {
                    *variables.lock().unwrap() = pair(ROTATED_ACCESS_KEY_ID, ROTATED_SECRET_ACCESS_KEY);
                }),
            }
        }

        async fn absent(&self) -> Box<dyn BaseCredentialSource> {
            Box::new(source(&[("AWS_PROFILE", "other")]))
        }

        async fn malformed(&self) -> Vec<Box<dyn BaseCredentialSource>> {
            let canary = crate::contract::MALFORMED_CANARY;
            let inner_space = format!("{canary} {canary}");
            #[cfg(unix)]
            let not_text = {
                use std::os::unix::ffi::OsStringExt;
                OsString::from_vec([canary.as_bytes(), b"\xff"].concat())
            };
            #[cfg(not(unix))]
            let not_text = OsString::from(&inner_space);
            let not_text: FixedEnvironment =
                [(ACCESS_KEY_ID, OsString::from(ID)), (SECRET_ACCESS_KEY, not_text)]
                    .into_iter()
                    .collect();
            vec![
                Box::new(source(&[(SECRET_ACCESS_KEY, canary)])),
                Box::new(source(&[(ACCESS_KEY_ID, canary), (SECRET_ACCESS_KEY, canary)])),
                Box::new(source(&[(ACCESS_KEY_ID, ID), (SECRET_ACCESS_KEY, &inner_space)])),
                Box::new(EnvSource::new("env", Arc::new(not_text))),
            ]
        }

        async fn denied(&self) -> crate::contract::Scenario {
            crate::contract::Scenario::CannotHappen("a process may always read its own environment")
        }

        async fn unreachable(&self) -> crate::contract::Scenario {
            crate::contract::Scenario::CannotHappen("the environment is memory of this process")
        }
    }

    #[tokio::test]
    async fn keeps_the_contract_of_sources() {
        crate::contract::check(&EnvScenarios).await;
    }

    #[test]
    fn every_half_of_a_key_tells_its_credentials_apart_and_nothing_else_of_the_environment_does() {
        let shown = |variables: &[(&str, &str)]| {
            let fingerprint = source(variables).fingerprint().unwrap();
            assert!(!format!("{fingerprint:?}").contains("secret-canary"));
            let parts = fingerprint
                .parts()
                .map(|(name, value)| (name.to_owned(), value.to_vec()));
            (parts.collect::<Vec<_>>(), fingerprint.is_settled())
        };
        let id = ("AWS_ACCESS_KEY_ID", ID);
        let secret = ("AWS_SECRET_ACCESS_KEY", "secret-canary");
        let whole = shown(&[id, secret]);
        assert!(whole.1);
        assert!(!shown(&[]).1);
        assert_eq!(shown(&[id, secret, ("PWD", "/elsewhere")]), whole);
        for other in [
            shown(&[]),
            shown(&[("AWS_ACCESS_KEY_ID", "AKIAIOSFODNN7EXAMPLF"), secret]),
            shown(&[id, ("AWS_SECRET_ACCESS_KEY", "another")]),
            shown(&[id, secret, ("AWS_SESSION_TOKEN", "session")]),
            shown(&[id, secret, ("AWS_SECURITY_TOKEN", "session")]),
        ] {
            assert_ne!(other, whole);
        }
        assert!(source(&[id]).fingerprint().is_none());
        assert!(source(&[secret]).fingerprint().is_none());
    }
}
