use std::collections::BTreeMap;
use std::ffi::OsString;
use std::fmt;
use std::io::{self, Read, Write};
use std::path::PathBuf;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use rolewrap_core::{BaseCredentials, Environment, Secret};
use rolewrap_role::{Session, SessionParts};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use zeroize::Zeroizing;

use crate::configuration::Record;
use crate::host::git::GitAnswer;
use crate::plan::Selection;

/// The bytes that a handover usually fits into. A larger one is written as well, and only leaves a copy of its first part
/// behind that is not wiped.
const CAPACITY: usize = 256 * 1024;
/// The most bytes that are read: more than any environment has.
const LONGEST: u64 = 64 * 1024 * 1024;

/// All that the process of the endpoint needs to make the same plan again and to renew the session: it goes through a pipe,
/// since arguments and environments can be read by others.
#[derive(Serialize, Deserialize)]
pub(super) struct Handover {
    /// The process that becomes the command.
    pub(super) process_id: u32,
    /// What clients have to show.
    #[serde(serialize_with = "expose", deserialize_with = "secret")]
    pub(super) token: Secret,
    pub(super) port: u16,
    pub(super) environment: Variables,
    pub(super) directory: PathBuf,
    /// The directory that the command works in.
    pub(super) command_directory: PathBuf,
    pub(super) host_name: String,
    pub(super) user_id: Option<u32>,
    /// What is done, in a word, for session names.
    pub(super) verb: String,
    pub(super) git: Vec<GitAnswer>,
    pub(super) layers: Vec<Record>,
    pub(super) selection: Selection,
    /// What is asked for, in full. The plan that is made from all this must come to the same.
    pub(super) plan: String,
    pub(super) session: HandedSession,
    /// Whether it is another run's, from the cache.
    pub(super) session_is_shared: bool,
    /// What signs for the next session, where a person would be needed for it again.
    pub(super) base: Option<HandedBase>,
}

impl Handover {
    /// Writes it, its length first.
    ///
    /// # Errors
    /// When the other side is gone.
    pub(super) fn write(&self, mut to: impl Write) -> io::Result<()> {
        let mut text = Zeroizing::new(Vec::with_capacity(CAPACITY));
        serde_json::to_writer(&mut *text, self)?;
        to.write_all(&u64::try_from(text.len()).unwrap_or(u64::MAX).to_be_bytes())?;
        to.write_all(&text)
    }

    /// Reads what [`write`](Self::write) wrote.
    ///
    /// # Errors
    /// When the other side is gone before it has written everything, or it is something else.
    pub(super) fn read(mut from: impl Read) -> io::Result<Self> {
        let mut length = [0; 8];
        from.read_exact(&mut length)?;
        let length = u64::from_be_bytes(length);
        let fits = usize::try_from(length).ok().filter(|_| length <= LONGEST);
        let mut text = Zeroizing::new(vec![0; fits.ok_or(io::ErrorKind::InvalidData)?]);
        from.read_exact(&mut text)?;
        Ok(serde_json::from_slice(&text)?)
    }
}

/// Environment variables, with values that are wiped.
#[derive(Default, Clone, Serialize, Deserialize)]
pub(super) struct Variables(BTreeMap<String, Value>);

#[derive(Clone, Serialize, Deserialize)]
struct Value(#[serde(serialize_with = "expose", deserialize_with = "secret")] Secret);

impl Variables {
    /// All that `environment` has, but for what is not text: nothing that is read by name is something else.
    pub(super) fn of(environment: &dyn Environment) -> Self {
        let value = |name: &String| environment.get(name)?.into_string().ok();
        let names = environment.names().into_iter();
        Self(
            names
                .filter_map(|name| Some((name.clone(), Value(Secret::new(value(&name)?)))))
                .collect(),
        )
    }
}

impl Environment for Variables {
    fn get(&self, name: &str) -> Option<OsString> {
        self.0.get(name).map(|value| value.0.expose().into())
    }

    fn names(&self) -> Vec<String> {
        self.0.keys().cloned().collect()
    }
}

impl fmt::Debug for Variables {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_set().entries(self.0.keys()).finish()
    }
}

/// A session on its way.
#[derive(Serialize, Deserialize)]
pub(super) struct HandedSession {
    access_key_id: String,
    #[serde(serialize_with = "expose", deserialize_with = "secret")]
    secret_access_key: Secret,
    #[serde(serialize_with = "expose", deserialize_with = "secret")]
    session_token: Secret,
    expires_at: Duration,
    assumed_role_arn: String,
    account: String,
    source_identity: Option<String>,
    packed_policy_size: Option<u8>,
}

impl From<&Session> for HandedSession {
    fn from(session: &Session) -> Self {
        let parts = SessionParts::from(session.clone());
        Self {
            access_key_id: parts.access_key_id,
            secret_access_key: parts.secret_access_key,
            session_token: parts.session_token,
            expires_at: since_1970(parts.expires_at),
            assumed_role_arn: parts.assumed_role_arn,
            account: parts.account.to_string(),
            source_identity: parts.source_identity,
            packed_policy_size: parts.packed_policy_size,
        }
    }
}

impl TryFrom<HandedSession> for Session {
    type Error = rolewrap_role::InvalidParameter;

    fn try_from(session: HandedSession) -> Result<Self, Self::Error> {
        Ok(SessionParts {
            access_key_id: session.access_key_id,
            secret_access_key: session.secret_access_key,
            session_token: session.session_token,
            expires_at: UNIX_EPOCH + session.expires_at,
            assumed_role_arn: session.assumed_role_arn,
            account: session.account.parse()?,
            source_identity: session.source_identity,
            packed_policy_size: session.packed_policy_size,
        }
        .into())
    }
}

/// Base credentials on their way. What their store lent is given back by then.
#[derive(Serialize, Deserialize)]
pub(super) struct HandedBase {
    source_name: String,
    access_key_id: String,
    #[serde(serialize_with = "expose", deserialize_with = "secret")]
    secret_access_key: Secret,
    session_token: Option<Value>,
    expires_at: Option<Duration>,
}

impl From<&BaseCredentials> for HandedBase {
    fn from(base: &BaseCredentials) -> Self {
        Self {
            source_name: base.source_name().to_owned(),
            access_key_id: base.access_key_id().to_owned(),
            secret_access_key: base.secret_access_key().clone(),
            session_token: base.session_token().cloned().map(Value),
            expires_at: base.expires_at().map(since_1970),
        }
    }
}

impl TryFrom<HandedBase> for BaseCredentials {
    type Error = rolewrap_core::MalformedCredentials;

    fn try_from(handed: HandedBase) -> Result<Self, Self::Error> {
        let mut base = Self::new(
            handed.source_name,
            &handed.access_key_id,
            &handed.secret_access_key,
        )?;
        if let Some(token) = &handed.session_token {
            base = base.with_session_token(&token.0)?;
        }
        Ok(match handed.expires_at {
            Some(expires_at) => base.with_expires_at(UNIX_EPOCH + expires_at),
            None => base,
        })
    }
}

fn since_1970(time: SystemTime) -> Duration {
    time.duration_since(UNIX_EPOCH).unwrap_or_default()
}

/// The one place where a secret is written as part of something else: into memory that is wiped, and from there into a pipe.
fn expose<S: Serializer>(secret: &Secret, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(secret.expose())
}

fn secret<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Secret, D::Error> {
    String::deserialize(deserializer).map(Secret::new)
}
