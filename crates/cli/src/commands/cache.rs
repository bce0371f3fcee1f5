use std::time::{Duration, SystemTime};

use rolewrap_core::BaseCredentials;
use rolewrap_role::Session;
use rolewrap_role::cache::Cached;

use super::table::table;
use crate::arguments::CacheCommand;
use crate::cache;
use crate::error::Error;
use crate::run::Run;

pub(super) fn run(run: &Run<'_>, command: CacheCommand) -> Result<String, Error> {
    let configuration = run.configuration()?;
    match command {
        CacheCommand::List => {
            let now = run.system.clock.now();
            let (mut sessions, mut confirmed) = (Vec::new(), Vec::new());
            if let Some(cache) = cache::existing(run, &configuration)? {
                sessions = cache.list::<Session>(now);
                confirmed = cache.list::<BaseCredentials>(now);
            }
            if sessions.is_empty() && confirmed.is_empty() {
                return Ok("No sessions are cached.\n".to_owned());
            }
            let mut rows = vec![
                ["FOR", "KEY", "EXPIRES IN", "IDENTITY"]
                    .map(str::to_owned)
                    .to_vec(),
            ];
            for Cached { value, label, .. } in sessions {
                let left = left(value.expires_at(), now);
                let identity = value.assumed_role_arn().to_owned();
                rows.push(vec![label, value.access_key_id().to_owned(), left, identity]);
            }
            for Cached { value, label, .. } in confirmed {
                let left = value
                    .expires_at()
                    .map_or_else(String::new, |expiry| left(expiry, now));
                let identity = format!("base key from source {}", value.source_name());
                rows.push(vec![label, value.access_key_id().to_owned(), left, identity]);
            }
            Ok(table(&rows))
        }
        CacheCommand::Clear => Ok(match cache::clear(run, &configuration)? {
            0 => "There was nothing to forget.\n".to_owned(),
            1 => "Forgot 1 session.\n".to_owned(),
            count => format!("Forgot {count} sessions.\n"),
        }),
    }
}

/// How long it is until `expires_at`. White space separates the columns, so there is none in it.
fn left(expires_at: SystemTime, now: SystemTime) -> String {
    let left = expires_at.duration_since(now).unwrap_or_default();
    let left = humantime::format_duration(Duration::from_secs(left.as_secs()));
    left.to_string().replace(' ', "")
}
