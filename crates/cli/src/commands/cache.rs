use std::time::Duration;

use super::table::table;
use crate::arguments::CacheCommand;
use crate::cache;
use crate::error::Error;
use crate::run::Run;

pub(super) fn run(run: &Run<'_>, command: CacheCommand) -> Result<String, Error> {
    let configuration = run.configuration()?;
    match command {
        CacheCommand::List => {
            let sessions = cache::list(run, &configuration)?;
            if sessions.is_empty() {
                return Ok("No sessions are cached.\n".to_owned());
            }
            let now = run.system.clock.now();
            let mut rows = vec![
                ["FOR", "KEY", "EXPIRES IN", "IDENTITY"]
                    .map(str::to_owned)
                    .to_vec(),
            ];
            for entry in sessions {
                let session = entry.value;
                let left = session.expires_at().duration_since(now).unwrap_or_default();
                let left = humantime::format_duration(Duration::from_secs(left.as_secs())).to_string();
                rows.push(vec![
                    entry.label,
                    session.access_key_id().to_owned(),
                    // White space separates the columns.
                    left.replace(' ', ""),
                    session.assumed_role_arn().to_owned(),
                ]);
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
