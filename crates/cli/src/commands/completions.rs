use clap_complete::Shell;

use crate::arguments;

/// The completion script for `shell`.
pub(super) fn run(shell: Shell) -> String {
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut arguments::command(), "rolewrap", &mut script);
    String::from_utf8_lossy(&script).into_owned()
}
