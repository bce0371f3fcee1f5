use std::ffi::OsString;

use crate::error::Error;
use crate::run::child;
use crate::ui::copied::{to_complete, word_to_copy};

/// The error for a command of rolewrap's own that stands where Terraform's arguments have begun. `options` are rolewrap's,
/// `before` stands before the command, and `command` are the command and what follows.
pub(crate) fn own_command(options: &[OsString], before: &[OsString], command: &[OsString]) -> Error {
    let word = command
        .first()
        .map(|word| word.to_string_lossy())
        .unwrap_or_default();
    let cause = match before.first() {
        Some(dashes) if dashes == "--" => {
            "it stands behind two dashes, and what follows them is Terraform's".to_owned()
        }
        Some(empty) if empty.is_empty() => {
            "it stands behind an empty word, which is the first one then".to_owned()
        }
        first => {
            let option = first.map(|option| option.to_string_lossy()).unwrap_or_default();
            let name = option.split('=').next().unwrap_or_default();
            format!(
                "it stands behind {name}, which is an option of Terraform, and what follows that is Terraform's"
            )
        }
    };
    let line = to_complete(options, command);
    let line = match child::changed_directories(before).as_slice() {
        [directory] => format!("cd {} && {line}", word_to_copy(directory.as_os_str())),
        _ => line,
    };
    Error::new(format!(
        "`{word}` is a command of rolewrap and not of Terraform, so nothing was started"
    ))
    .cause(cause)
    .hint(format!("write: {line}"))
}
