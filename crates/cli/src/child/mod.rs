//! The command: which one, what it finds in its environment, and how it takes this process's place.

mod changed_directory;
mod command;
mod environment;
mod identity_variables;
mod own_program;
#[cfg(unix)]
#[path = "replace.rs"]
mod run;
#[cfg(not(unix))]
#[path = "supervise.rs"]
mod run;
mod started;
mod terraform;
mod terraform_search;
mod tool;
mod working_directory;

pub(crate) use command::Command;
pub(crate) use environment::ChildEnvironment;
pub(crate) use identity_variables::{
    LOAD_CONFIG, PROFILES, SESSION, is_about_identity, is_delivered, rivals_the_session,
};
#[cfg(unix)]
pub(crate) use own_program::own_program;
pub(crate) use run::run;
pub(crate) use terraform::{
    can_use_aws, changed_directories, changes_state, global_options, pushes_state, replace_changed_directory,
    terraform_command,
};
pub(crate) use terraform_search::leads_back;
pub(crate) use tool::{Tool, changes_directory, is_launched};
pub(crate) use working_directory::{is_named_for_terragrunt, names_directory, working_directory};
