use std::time::SystemTime;

use rolewrap_core::BaseCredentials;
use rolewrap_role::Session;
use rolewrap_role::cache::{Cached, Sealable};
use serde_json::{Value, json};

use super::table::table;
use crate::arguments::CacheCommand;
use crate::configuration::Configuration;
use crate::error::Error;
use crate::run::Run;
use crate::session::cache;
use crate::ui::text;

pub(super) fn run(run: &Run<'_>, command: CacheCommand) -> Result<String, Error> {
    let configuration = run.configuration()?;
    match command {
        CacheCommand::List { json } => {
            let listed = Listed::new(run, &configuration)?;
            Ok(if json {
                text::json(&listed.document())
            } else {
                listed.text()
            })
        }
        CacheCommand::Clear => {
            let (sessions, roles) = cache::clear(&run.world, &configuration)?;
            let of = |count, what| format!("{count} {what}{}", if count == 1 { "" } else { "s" });
            Ok(match (sessions, roles) {
                (0, 0) => "There was nothing to forget.\n".to_owned(),
                (_, 0) => format!("Forgot {}.\n", of(sessions, "session")),
                (0, _) => format!("Forgot how long sessions of {} can be.\n", of(roles, "role")),
                _ => format!(
                    "Forgot {}, and how long those of {} can be.\n",
                    of(sessions, "session"),
                    of(roles, "role")
                ),
            })
        }
    }
}

/// What is in the cache, of which no secret is shown.
struct Listed {
    sessions: Vec<Cached<Session>>,
    /// What devices for MFA confirmed.
    confirmed: Vec<Cached<BaseCredentials>>,
    now: SystemTime,
}

impl Listed {
    fn new(run: &Run<'_>, configuration: &Configuration) -> Result<Self, Error> {
        let now = run.world.system.clock.now();
        let cache = cache::existing(&run.world, configuration)?;
        let list = cache.as_ref();
        Ok(Self {
            sessions: list.map_or_else(Vec::new, |cache| cache.list(now)),
            confirmed: list.map_or_else(Vec::new, |cache| cache.list(now)),
            now,
        })
    }

    fn text(&self) -> String {
        if self.sessions.is_empty() && self.confirmed.is_empty() {
            return "No sessions are cached.\n".to_owned();
        }
        let head = ["FOR", "ACCOUNT", "ROLE", "SESSION", "EXPIRES", "IN", "KEY"];
        let mut rows = vec![head.map(str::to_owned).to_vec()];
        for cached in &self.sessions {
            let (role, session_name) = role_and_name(&cached.value);
            let account = cached.value.account().as_str();
            let key = cached.value.access_key_id();
            rows.push(self.row(cached, &cached.label, [account, role, session_name], key));
        }
        for cached in &self.confirmed {
            let (source, key) = (cached.value.source_name(), cached.value.access_key_id());
            let label = format!("{} from source {source}", cached.label);
            rows.push(self.row(cached, &label, ["-"; 3], key));
        }
        table(&rows)
    }

    fn row<T: Sealable>(&self, cached: &Cached<T>, label: &str, who: [&str; 3], key: &str) -> Vec<String> {
        let expires_at = cached.value.expires_at();
        // White space separates the columns, so there is none in a time.
        let left = text::time_between(self.now, expires_at).replace(' ', "");
        std::iter::once(label)
            .chain(who)
            .map(str::to_owned)
            .chain([text::time(expires_at), left, key.to_owned()])
            .collect()
    }

    fn document(&self) -> Value {
        let session = |cached: &Cached<Session>| {
            let (role, session_name) = role_and_name(&cached.value);
            json!({
                "for": cached.label,
                "account_id": cached.value.account().as_str(),
                "role": role,
                "session_name": session_name,
                "arn": cached.value.assumed_role_arn(),
                "source_identity": cached.value.source_identity(),
                "access_key_id": cached.value.access_key_id(),
                "issued_at": text::time(cached.issued_at),
                "expires_at": text::time(cached.value.expires_at()),
            })
        };
        let confirmed = |cached: &Cached<BaseCredentials>| {
            json!({
                "for": cached.label,
                "source": cached.value.source_name(),
                "access_key_id": cached.value.access_key_id(),
                "issued_at": text::time(cached.issued_at),
                "expires_at": text::time(Sealable::expires_at(&cached.value)),
            })
        };
        json!({
            "sessions": self.sessions.iter().map(session).collect::<Vec<_>>(),
            "mfa_sessions": self.confirmed.iter().map(confirmed).collect::<Vec<_>>(),
        })
    }
}

/// The last two parts of `arn:PARTITION:sts::ACCOUNT:assumed-role/ROLE/SESSION_NAME`.
fn role_and_name(session: &Session) -> (&str, &str) {
    let mut parts = session.assumed_role_arn().rsplit('/');
    let session_name = parts.next().unwrap_or_default();
    (parts.next().unwrap_or_default(), session_name)
}
