//! One run, and the command that it starts: which one, in which directory, and what Terraform leaves behind.

pub(crate) mod auth_provider;
pub(crate) mod child;
mod context;
mod no_program;
mod shell;
mod started_tool;
pub(crate) mod terraform_variables;
pub(crate) mod unsaved_state;
pub(crate) mod warnings;

pub(crate) use context::{Run, What};
