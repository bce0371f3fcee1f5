use std::path::Path;

use crate::configuration::Configuration;

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
