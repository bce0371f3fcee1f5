use std::sync::Arc;
use std::time::SystemTime;

use rolewrap_core::{Environment, Secret};

use crate::host::changed_environment::ChangedEnvironment;
use crate::host::hidden_profiles::{ENDPOINT_ADDRESS, HiddenProfiles};
use crate::host::{SESSION_KEY, SESSION_LACKS, SESSION_MARKER, SESSION_SHAPE};

/// What a session is, in an environment. One delivery sets it whatever was kept, and the other one removes it.
pub(crate) const SESSION: [&str; 5] = [
    "AWS_ACCESS_KEY_ID",
    "AWS_SECRET_ACCESS_KEY",
    "AWS_SESSION_TOKEN",
    "AWS_SECURITY_TOKEN",
    "AWS_CREDENTIAL_EXPIRATION",
];

/// What to show at the endpoint of a run around this one.
const ENDPOINT_TOKEN: &str = "AWS_CONTAINER_AUTHORIZATION_TOKEN";

/// The session of a run around this one, as far as the environment tells.
#[derive(Debug)]
pub(crate) struct OuterSession {
    /// The account or the role that it is for.
    pub(crate) target: String,
    /// The session itself, where the variables have it still.
    pub(crate) keys: Option<SessionKeys>,
    /// The variables that the run had and did not hand on.
    pub(crate) lacks: Vec<String>,
}

/// A session that was found in variables.
#[derive(Debug)]
pub(crate) struct SessionKeys {
    pub(crate) access_key_id: String,
    pub(crate) secret_access_key: Secret,
    pub(crate) session_token: Secret,
    pub(crate) expires_at: SystemTime,
    /// The digest of everything that shapes it.
    pub(crate) shape: String,
}

impl OuterSession {
    /// The one around this run, with the environment as it is outside of it: the variables that hold it are no base
    /// credentials.
    pub(crate) fn leave(environment: Arc<dyn Environment>) -> (Arc<dyn Environment>, Option<Self>) {
        let get = |name: &str| environment.get(name)?.into_string().ok();
        let lacks = get(SESSION_LACKS).unwrap_or_default();
        let lacks: Vec<String> = lacks
            .split(',')
            .filter(|name| !name.is_empty())
            .map(str::to_owned)
            .collect();
        // No mark can hide a person's own key: that has no session token.
        let is_temporary = get("AWS_SESSION_TOKEN").is_some_and(|token| !token.is_empty());
        let key =
            get(SESSION_KEY).filter(|key| is_temporary && get("AWS_ACCESS_KEY_ID").as_ref() == Some(key));
        let hidden = HiddenProfiles::of(&*environment);
        if key.is_none() && lacks.is_empty() && hidden.is_none() {
            return (environment, None);
        }
        let outer = Self {
            target: get(SESSION_MARKER).unwrap_or_else(|| "another run".to_owned()),
            keys: key.clone().and_then(|access_key_id| {
                let expires_at = humantime::parse_rfc3339(&get("AWS_CREDENTIAL_EXPIRATION")?).ok()?;
                Some(SessionKeys {
                    access_key_id,
                    secret_access_key: Secret::new(get("AWS_SECRET_ACCESS_KEY")?),
                    session_token: Secret::new(get("AWS_SESSION_TOKEN")?),
                    expires_at,
                    shape: get(SESSION_SHAPE)?,
                })
            }),
            lacks,
        };
        let mut changed = ChangedEnvironment::new(environment.clone());
        if key.is_some() {
            changed = SESSION.into_iter().fold(changed, ChangedEnvironment::without);
        }
        if let Some(hidden) = hidden {
            for (name, before) in hidden.given_back(&*environment) {
                // The endpoint around this run serves a session, which is not base credentials either.
                if name == ENDPOINT_ADDRESS {
                    changed = changed.without(ENDPOINT_TOKEN);
                }
                changed = match before {
                    Some(before) => changed.with(name, before.into()),
                    None => changed.without(name),
                };
            }
        }
        (Arc::new(changed), Some(outer))
    }
}
