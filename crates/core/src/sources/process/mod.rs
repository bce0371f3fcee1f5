mod command;
mod last_line;
mod process_tree;
mod program;
mod run;
mod secret_program;
mod source;
#[cfg(test)]
#[cfg(unix)]
mod tests;
mod visible_text;

pub use secret_program::SecretProgram;
pub use source::ProcessSource;

/// How long a program may take unless another time is set. AWS's SDK for Go waits as long.
const DEFAULT_TIMEOUT: std::time::Duration = std::time::Duration::from_mins(1);
