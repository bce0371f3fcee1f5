//! What is said before a run that can lose Terraform's state, or that comes after one that could not save it.

use std::ffi::OsString;
use std::time::Duration;

use rolewrap_core::Environment;
use rolewrap_role::Session;

use crate::child;
use crate::configuration::{variable, variables_of};
use crate::copied::to_copy;
use crate::delivery::Delivery;
use crate::error::Error;
use crate::run::Run;
use crate::text::time_between;

/// What Terraform leaves in its directory when it could not save its state.
const ERRORED_STATE: &str = "errored.tfstate";

/// Less than this is little for a run that changes something. boto3 renews what has no more left than this, and no
/// session is asked for that is shorter. A fresh one of AWS's usual hour is far from it.
const SHORT: Duration = Duration::from_mins(15);

/// Says how to save the state that an earlier run left where Terraform is about to work.
pub(crate) fn of_unsaved_state(run: &Run<'_>) -> Result<(), Error> {
    let Some(arguments) = run.terraform() else {
        return Ok(());
    };
    let file = run.directory.join(ERRORED_STATE);
    if !child::can_use_aws(arguments) || child::pushes_state(arguments) || !file.is_file() {
        return Ok(());
    }
    let command = push_command(run, arguments)?;
    run.messages.warning(&format!(
        "{} is there: an earlier run could not save its state. If it is yours, push it before you go on, and delete the file when that has worked: {command}",
        file.display()
    ));
    Ok(())
}

/// The command line that pushes the state, with fresh credentials and everything else as in this run.
fn push_command(run: &Run<'_>, arguments: &[OsString]) -> Result<String, Error> {
    let environment = &*run.system.environment;
    let mut words = run.options.words.clone();
    if !run.options.settings.has("iam_role") && !run.options.settings.has("account") {
        // Variables that stood before this command alone are not there when the next one is typed.
        words.extend(chosen_by_variable(environment, "iam_role", "--iam-role")?);
        words.extend(chosen_by_variable(environment, "account", "--account")?);
    }
    words.extend(child::global_options(arguments).cloned());
    words.extend(["state", "push", ERRORED_STATE].map(OsString::from));
    Ok(to_copy(&words))
}

/// The option that says what the first variable of `key` says, where one is set.
fn chosen_by_variable(
    environment: &dyn Environment,
    key: &str,
    option: &str,
) -> Result<Vec<OsString>, Error> {
    for name in variables_of(key) {
        if let Some(value) = variable(environment, name)? {
            return Ok(vec![option.into(), value.into()]);
        }
    }
    Ok(Vec::new())
}

/// Says that Terraform may not be done when `session` expires, which the environment of a process cannot follow.
pub(crate) fn of_short_session(run: &Run<'_>, session: &Session) {
    let Some(arguments) = run.terraform() else {
        return;
    };
    let now = run.system.clock.now();
    if session.expires_at() >= now + SHORT || !child::changes_state(arguments) {
        return;
    }
    run.messages.warning(&format!(
        "the session expires in {}, and what Terraform has not saved by then is lost to the state: --delivery endpoint renews it while Terraform runs",
        time_between(now, session.expires_at())
    ));
}

/// Levels of Terraform's log at which its libraries for AWS write no answer down.
const HARMLESS_LEVELS: [&str; 4] = ["info", "warn", "error", "off"];

/// Says that Terraform's log gets what the endpoint answers. Of a level that it does not know, Terraform makes the most that
/// it has.
pub(crate) fn of_logged_session(run: &Run<'_>, delivery: Delivery) {
    let environment = &*run.system.environment;
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
        run.messages.warning(&format!(
            "{} lets Terraform write the session token into its log, because it asks the endpoint for it: --delivery env does not, nor does the level info",
            names.join(" and ")
        ));
    }
}
