//! Terraform's state that a run could not save: which run that was, and the lines that save it.

mod context;
mod run_record;
mod run_records;

use std::path::PathBuf;

use crate::plan::Plan;
use crate::run::Run;
use crate::run::child;
use context::Context;
use run_records::RunRecords;

/// What Terraform leaves in its directory when it could not save its state.
const ERRORED_STATE: &str = "errored.tfstate";

/// Writes down which account, workspace and directory `run` is for, where it may change a state. Nothing comes after the
/// command that could do so, because it takes the place of this process.
pub(crate) fn remember(run: &Run<'_>, plan: &Plan) {
    let arguments = run.terraform();
    if !arguments.is_some_and(|arguments| child::changes_state(arguments) && !child::pushes_state(arguments))
    {
        return;
    }
    let (Some(records), Some(context)) = (RunRecords::of(run), Context::of(run, plan)) else {
        return;
    };
    if let Err(error) = records.add(run, context, &file(run)) {
        // The run does not need it, and a machine for one job may have no place to write to.
        run.world
            .messages
            .step(&format!("it is not remembered what this run is for: {error}"));
    }
}

/// Says how to save the state that an earlier run left where Terraform is about to work.
pub(crate) fn warn(run: &Run<'_>) {
    let Some(arguments) = run.terraform() else { return };
    let file = file(run);
    if !child::can_use_aws(arguments) || child::pushes_state(arguments) || !file.is_file() {
        return;
    }
    let left_at = file.metadata().and_then(|metadata| metadata.modified());
    let contexts = match (RunRecords::of(run), left_at) {
        (Some(records), Ok(left_at)) => records.at_work(left_at),
        _ => Vec::new(),
    };
    let what = format!(
        "{} is there: an earlier run could not save its state.",
        file.display()
    );
    match contexts.as_slice() {
        [context] => lines(run, &what, context),
        [] => run.world.messages.warning(&format!(
            "{what} It is not known which account and workspace that run was for. Find that out before you push it: an empty state takes the state of any other"
        )),
        several => {
            let several: Vec<String> = several.iter().map(Context::in_words).collect();
            run.world.messages.warning(&format!(
                "{what} It is of one of several runs: {}. Find out which before you push it: an empty state takes the state of any other",
                several.join("; ")
            ));
        }
    }
}

fn lines(run: &Run<'_>, what: &str, context: &Context) {
    let missing = context.missing(&*run.world.system.environment);
    let missing = if missing.is_empty() {
        String::new()
    } else {
        format!(" That run also had {}, so set it first.", missing.join(" and "))
    };
    run.world.messages.warning_with_lines(
        &format!(
            "{what} It is that of {}. If it is yours, push it before you go on, and delete the file when that has worked.{missing} If the state is still locked by that run, release the lock first, with the ID that Terraform prints where it refuses the push:",
            context.in_words()
        ),
        &[
            context.line(run, &["force-unlock", "LOCK_ID"]),
            context.line(run, &["state", "push", ERRORED_STATE]),
        ],
    );
}

fn file(run: &Run<'_>) -> PathBuf {
    run.directory.real.join(ERRORED_STATE)
}
