//! What stands where it means something else than was meant: found before anybody is asked for anything.

mod copied;
mod exec;
mod first_word;
mod terragrunt;

pub(crate) use copied::to_copy;
pub(crate) use exec::no_program;
pub(crate) use first_word::refuse_first_word;
