use std::path::{Path, PathBuf};

use rolewrap_core::Environment;
use serde::{Deserialize, Serialize};

use crate::plan::Plan;
use crate::run::child;
use crate::run::shell::Shell;
use crate::run::{Run, What};

/// Variables that select what a run works on, and whose values are no secret.
const SELECTING: [&str; 7] = [
    "ROLEWRAP_CONFIG",
    "ROLEWRAP_SOURCE",
    "ROLEWRAP_REGION",
    "ROLEWRAP_TERRAFORM",
    "TG_TF_PATH",
    "TERRAGRUNT_TFPATH",
    "TF_DATA_DIR",
];

/// Variables of which only the name may be shown: what they say may be secret, or is for other commands too.
const NAMED: [&str; 5] = [
    "ROLEWRAP_EXTERNAL_ID",
    "ROLEWRAP_TAG",
    "ROLEWRAP_POLICY",
    "TF_CLI_ARGS",
    "TF_CLI_ARGS_state",
];

/// The workspace where none was selected.
const DEFAULT_WORKSPACE: &str = "default";

/// All that decides which state a run works on, and as whom: what a line has to repeat to reach the same one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Context {
    /// Where the user was.
    here: PathBuf,
    /// Terraform's workspace.
    workspace: String,
    /// What the session was for, as people know it.
    target: String,
    /// rolewrap's options, and what stands before Terraform's command.
    words: Vec<String>,
    /// Variables that select.
    variables: Vec<(String, String)>,
    /// Variables whose values are not kept.
    named: Vec<String>,
}

impl Context {
    /// That of `run`, which is for the role of `plan`. `None` where it cannot be written down, as with a name that is not UTF-8.
    pub(crate) fn of(run: &Run<'_>, plan: &Plan) -> Option<Self> {
        let environment = &*run.world.system.environment;
        let variables = SELECTING.iter().filter_map(|name| {
            let value = environment.get(name)?.into_string().ok()?;
            Some(((*name).to_owned(), value))
        });
        let named = NAMED.iter().filter(|name| environment.get(name).is_some());
        Some(Self {
            here: run.world.system.directory.clone(),
            workspace: workspace(run),
            target: plan.target(),
            words: words(run, plan)?,
            variables: variables.collect(),
            named: named.map(ToString::to_string).collect(),
        })
    }

    /// The workspace and the role, for people.
    pub(crate) fn in_words(&self) -> String {
        format!("the workspace {} under {}", self.workspace, self.target)
    }

    /// Variables that the run had, that may matter, and that are not set now.
    pub(crate) fn missing(&self, environment: &dyn Environment) -> Vec<&str> {
        let named = self.named.iter().map(String::as_str);
        named.filter(|name| environment.get(name).is_none()).collect()
    }

    /// The line that runs Terraform with `command` for the same state, typed where `run` is.
    pub(crate) fn line(&self, run: &Run<'_>, command: &[&str]) -> String {
        let environment = &*run.world.system.environment;
        let mut variables = self.variables.clone();
        // One that stands before this command alone is not there when the next one is typed.
        let is_selected = environment.get("TF_WORKSPACE").is_none() && by_file(run) == self.workspace;
        if !is_selected {
            variables.push(("TF_WORKSPACE".to_owned(), self.workspace.clone()));
        }
        let elsewhere = (self.here != run.world.system.directory).then_some(&*self.here);
        let words = self
            .words
            .iter()
            .map(String::as_str)
            .chain(command.iter().copied());
        Shell::of(environment).line(elsewhere, &variables, words)
    }
}

/// rolewrap's words for the same account, and all up to Terraform's own command.
fn words(run: &Run<'_>, plan: &Plan) -> Option<Vec<String>> {
    let mut words = run.options.words.clone();
    if !run.options.settings.has("iam_role") && !run.options.settings.has("account") {
        let selection = &plan.selection;
        for (option, chosen) in [("--account", &selection.account), ("--iam-role", &selection.role)] {
            if let Some(chosen) = chosen {
                words.extend([option.into(), chosen.value.clone().into()]);
            }
        }
    }
    if let (What::Any(command), Some(tool)) = (&run.what, run.tool) {
        words.extend(["exec".into(), "--".into()]);
        words.extend(command.get(tool.first_argument.checked_sub(1)?).cloned());
    }
    words.extend(child::global_options(run.terraform()?).cloned());
    words.into_iter().map(|word| word.into_string().ok()).collect()
}

/// The workspace that Terraform works in: that of the variable, which a launcher such as `env` may set, or the selected one.
fn workspace(run: &Run<'_>) -> String {
    let launcher = match (&run.what, run.tool) {
        (What::Any(command), Some(tool)) => command.get(..tool.first_argument).unwrap_or_default(),
        _ => &[],
    };
    let by_launcher = launcher.iter().rev().find_map(|word| {
        let value = word.to_str()?.strip_prefix("TF_WORKSPACE=")?;
        Some(value.to_owned())
    });
    let by_variable = || {
        run.world
            .system
            .environment
            .get("TF_WORKSPACE")?
            .into_string()
            .ok()
    };
    by_launcher
        .or_else(by_variable)
        .filter(|workspace| !workspace.is_empty())
        .unwrap_or_else(|| by_file(run))
}

/// The workspace that was selected with `workspace select`.
fn by_file(run: &Run<'_>) -> String {
    let data = run.world.system.environment.get("TF_DATA_DIR");
    let data = data.filter(|data| !data.is_empty());
    let file = run
        .directory
        .real
        .join(data.as_deref().map_or(Path::new(".terraform"), Path::new))
        .join("environment");
    let selected = std::fs::read_to_string(file).unwrap_or_default();
    match selected.trim() {
        "" => DEFAULT_WORKSPACE.to_owned(),
        selected => selected.to_owned(),
    }
}
