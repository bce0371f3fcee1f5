//! What is said before a run that can lose Terraform's state.

use std::time::Duration;

use rolewrap_role::Session;

use crate::plan::Delivery;
use crate::run::Run;
use crate::run::child;
use crate::ui::text::time_between;

/// Less than this is little for a run that changes something. boto3 renews what has no more left than this, and no
/// session is asked for that is shorter. A fresh one of AWS's usual hour is far from it.
const SHORT: Duration = Duration::from_mins(15);

/// Says that Terraform may not be done when `session` expires, which the environment of a process cannot follow.
pub(crate) fn of_short_session(run: &Run<'_>, session: &Session) {
    let Some(arguments) = run.terraform() else {
        return;
    };
    let now = run.world.system.clock.now();
    if session.expires_at() >= now + SHORT || !child::changes_state(arguments) {
        return;
    }
    run.world.messages.warning(&format!(
        "the session expires in {}, and what Terraform has not saved by then is lost to the state: --delivery endpoint renews it while Terraform runs",
        time_between(now, session.expires_at())
    ));
}

/// Levels of Terraform's log at which its libraries for AWS write no answer down.
const HARMLESS_LEVELS: [&str; 4] = ["info", "warn", "error", "off"];

/// Says that Terraform's log gets what the endpoint answers. Of a level that it does not know, Terraform makes the most that
/// it has.
pub(crate) fn of_logged_session(run: &Run<'_>, delivery: Delivery) {
    let environment = &*run.world.system.environment;
    let logs = |name: &String| {
        let is_level = name == "TF_LOG"
            || ["TF_LOG_CORE", "TF_LOG_PROVIDER"]
                .iter()
                .any(|of| name.starts_with(of));
        let level = environment.get(name).unwrap_or_default();
        let level = level.to_string_lossy().to_lowercase();
        is_level && !level.is_empty() && !HARMLESS_LEVELS.contains(&&*level)
    };
    let mut names = environment.names();
    names.retain(logs);
    names.sort_unstable();
    if delivery == Delivery::Endpoint && !names.is_empty() {
        run.world.messages.warning(&format!(
            "{} lets Terraform write the session token into its log, because it asks the endpoint for it: --delivery env does not, nor does the level info",
            names.join(" and ")
        ));
    }
}
