//! The command: what Terraform does with its arguments, and how the command takes this process's place.

mod changed_directory;
#[cfg(unix)]
mod execute;
#[cfg(unix)]
#[path = "replace.rs"]
mod run;
#[cfg(not(unix))]
#[path = "supervise.rs"]
mod run;
mod terraform;
mod tool;
mod working_directory;

pub(crate) use run::run;
pub(crate) use terraform::{
    can_use_aws, changed_directories, changes_state, global_options, pushes_state, replace_changed_directory,
    terraform_command,
};
pub(crate) use tool::{Tool, changes_directory, is_launched};
pub(crate) use working_directory::{is_named_for_terragrunt, names_directory, working_directory};
