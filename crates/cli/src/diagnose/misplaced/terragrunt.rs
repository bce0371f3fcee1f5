use std::ffi::OsString;
use std::path::Path;

use crate::arguments::FROM_TERRAGRUNT;
use crate::configuration::Configuration;
use crate::error::Error;
use crate::ui::copied::to_complete;
use crate::ui::text::list;

/// Commands that Terragrunt has besides Terraform's, today and formerly. Those that are missing here are names of programs
/// as well, or too general.
const COMMANDS: [&str; 22] = [
    "apply-all",
    "aws-provider-patch",
    "backend",
    "catalog",
    "dag",
    "destroy-all",
    "graph-dependencies",
    "hcl",
    "hclfmt",
    "hclvalidate",
    "output-all",
    "output-module-groups",
    "plan-all",
    "render",
    "render-json",
    "run",
    "run-all",
    "scaffold",
    "stack",
    "terragrunt-info",
    "validate-all",
    "validate-inputs",
];

/// With what Terragrunt's own options of the old style begin. None of Terraform's does.
pub(super) const PREFIX: &str = "--terragrunt-";

/// Whether it is a command of Terragrunt's own.
pub(super) fn is_command(word: &str) -> bool {
    COMMANDS.contains(&word)
}

/// Options of Terragrunt that have the name of one of ours.
const OPTIONS: [&str; 4] = ["config", "source", "non-interactive", "tf-path"];

/// Whether Terragrunt, too, has an option of this name.
pub(super) fn is_option(name: &str) -> bool {
    OPTIONS.contains(&name) || name.starts_with("iam-assume-role")
}

/// Whether Terragrunt is what runs in the place of Terraform, so that everything of its own is in the right place.
pub(super) fn is_the_program(configuration: &Configuration) -> bool {
    let program = configuration.settings.terraform.as_deref().unwrap_or_default();
    let name = Path::new(program).file_name().unwrap_or_default();
    name.to_string_lossy().contains("terragrunt")
}

/// The error for `option`, one of Terragrunt's that rolewrap does not take. `own` are the options of this run, and `arguments`
/// are Terraform's.
pub(super) fn refused(option: &str, own: &[OsString], arguments: &[OsString]) -> Error {
    let (name, value) = match option.split_once('=') {
        Some((name, value)) => (name, Some(value.to_owned())),
        None => (option, None),
    };
    let place = arguments.iter().position(|argument| argument == option);
    let (before, after) = arguments.split_at(place.unwrap_or(arguments.len()));
    let after = after.get(1..).unwrap_or_default();
    let line = |options: &[String], after: &[OsString]| {
        let options: Vec<OsString> = options.iter().map(OsString::from).collect();
        to_complete(&[own, &options].concat(), &[before, after].concat())
    };
    let hint = match name.trim_start_matches(PREFIX) {
        "non-interactive" => format!("write: {}", line(&["--non-interactive".to_owned()], after)),
        "working-dir" => {
            let (value, after) = match (value, after.split_first()) {
                (None, Some((next, rest))) => (Some(next.to_string_lossy().into_owned()), rest),
                (value, _) => (value, after),
            };
            let directory = value.unwrap_or_else(|| "DIR".to_owned());
            format!("write: {}", line(&[format!("-chdir={directory}")], after))
        }
        _ => "leave it out; the guide says under Terragrunt what takes the place of what".to_owned(),
    };
    Error::new(format!(
        "{name} is an option of Terragrunt, and rolewrap does not take it"
    ))
    .cause(format!("of its options rolewrap takes {}", list(FROM_TERRAGRUNT)))
    .hint(hint)
}
