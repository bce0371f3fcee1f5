//! How the lab runs the programs that install its parts.

use std::process::{Command, Output};

use crate::LabError;

/// How much of a program's output an error shows.
const LINES_SHOWN: usize = 15;

/// Runs `command` to its end, for what the error calls `doing`.
pub(crate) fn expect_success(doing: &'static str, command: &mut Command) -> Result<(), LabError> {
    let output = command.output().map_err(LabError::io(doing))?;
    if output.status.success() {
        return Ok(());
    }
    Err(LabError::Failed {
        doing,
        command: format!("{command:?}").replace('"', ""),
        status: output.status.to_string(),
        output: last_lines(&output),
    })
}

fn last_lines(output: &Output) -> String {
    let text = String::from_utf8_lossy(&output.stdout) + String::from_utf8_lossy(&output.stderr);
    let lines: Vec<_> = text.lines().filter(|line| !line.trim().is_empty()).collect();
    lines[lines.len().saturating_sub(LINES_SHOWN)..].join("\n")
}
