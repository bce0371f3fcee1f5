//! Programs: where one is found, and which of them are rolewrap itself or lead back to it.

mod command;
mod file_kind;
mod own_program;
mod started;
mod terraform_search;

pub(crate) use command::Command;
#[cfg(unix)]
pub(crate) use file_kind::FileKind;
#[cfg(unix)]
pub(crate) use own_program::own_program;
pub(crate) use started::Started;
pub(crate) use terraform_search::leads_back;
