//! What people and programs read, and the questions that people answer.

pub(crate) mod copied;
pub(crate) mod messages;
pub(crate) mod output;
pub(crate) mod quote;
pub(crate) mod terminal;
pub(crate) mod text;

pub(crate) use quote::{fish_word, posix_word, powershell_word};
