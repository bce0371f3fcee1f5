use std::ffi::OsString;

use crate::configuration::Configuration;
use crate::ui::copied::to_complete;

/// What only a shell has, and no program.
const BUILTINS: [&str; 13] = [
    ".", "alias", "cd", "declare", "eval", "exec", "export", "popd", "pushd", "set", "source", "unalias",
    "unset",
];

/// What to do where `command`, the words behind `exec`, begins with the name of no program, if they say what was meant.
pub(crate) fn no_program(command: &[OsString], configuration: &Configuration) -> Option<String> {
    let (name, rest) = command.split_first()?;
    let name = name.to_str()?;
    if configuration.settings.accounts.contains_key(name) {
        let words = ["--account", name, "exec", "--"].map(OsString::from);
        return Some(format!(
            "{name} is an account of the configuration; write: {}",
            to_complete(&words, rest)
        ));
    }
    if BUILTINS.contains(&name) {
        return Some("that is part of a shell: exec -- sh -c '…'".to_owned());
    }
    name.contains(char::is_whitespace)
        .then(|| "pass the words separately, or write: exec -- sh -c '…'".to_owned())
}
