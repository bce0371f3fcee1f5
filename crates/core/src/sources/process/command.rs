use std::path::{MAIN_SEPARATOR, Path};
use std::process::Stdio;

use crate::Environment;

/// A program and its arguments, which can be started as they are: there is no shell.
#[derive(Debug)]
pub(super) struct CommandLine {
    program: String,
    arguments: Vec<String>,
}

impl CommandLine {
    /// Takes the words of a command apart. The error says what is wrong with them.
    pub(super) fn new(words: Vec<String>) -> Result<Self, String> {
        let mut words = words.into_iter();
        let program = words.next().unwrap_or_default();
        if program.is_empty() {
            return Err("it names no program".to_owned());
        }
        let arguments: Vec<String> = words.collect();
        if program.contains('\0') || arguments.iter().any(|argument| argument.contains('\0')) {
            return Err("a word has a NUL character in it".to_owned());
        }
        // It would be another program in each working directory, which may be somebody else's checkout.
        if is_path(&program) && !Path::new(&program).is_absolute() {
            return Err(format!(
                "`{program}` is neither a name to look up on PATH nor a full path; no shell expands ~ or variables"
            ));
        }
        Ok(Self { program, arguments })
    }

    /// The program as it was named. The arguments are never shown: people put into them what they should not.
    pub(super) fn program(&self) -> &str {
        &self.program
    }

    /// Whether the program is looked for on the `PATH`.
    pub(super) fn is_on_path(&self) -> bool {
        !is_path(&self.program)
    }

    /// The program and its arguments, to compare them.
    pub(super) fn words(&self) -> impl Iterator<Item = &str> {
        std::iter::once(&self.program)
            .chain(&self.arguments)
            .map(String::as_str)
    }

    /// What can be started, in `environment` and `directory`, and with nothing to read.
    pub(super) fn build(
        &self,
        environment: &dyn Environment,
        directory: Option<&Path>,
    ) -> tokio::process::Command {
        let mut command = tokio::process::Command::new(&self.program);
        if let Some(directory) = directory {
            command.current_dir(directory);
        }
        command
            .args(&self.arguments)
            .env_clear()
            .envs(
                environment
                    .names()
                    .into_iter()
                    .filter_map(|name| environment.get(&name).map(|value| (name, value))),
            )
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .kill_on_drop(true);
        command
    }

    /// Why there is no such program, to read on after the key.
    pub(super) fn absent(&self) -> String {
        let Self { program, .. } = self;
        if is_path(program) {
            format!("there is no program {program}, or none that the first line of that script names")
        } else {
            format!("no directory of PATH has the program `{program}`")
        }
    }
}

fn is_path(program: &str) -> bool {
    program.contains('/') || program.contains(MAIN_SEPARATOR)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_program_is_a_name_or_a_full_path() {
        for program in ["op", "/opt/bin/op"] {
            assert!(CommandLine::new(vec![program.to_owned()]).is_ok(), "{program}");
        }
        for program in ["", "./op", "bin/op", "~/bin/op", "o\0p"] {
            assert!(CommandLine::new(vec![program.to_owned()]).is_err(), "{program}");
        }
        assert!(CommandLine::new(Vec::new()).is_err());
    }
}
