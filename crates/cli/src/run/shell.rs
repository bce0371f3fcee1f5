use std::path::Path;

use rolewrap_core::Environment;

use crate::ui::{fish_word, posix_word, powershell_word};

/// A shell that a line is copied into.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Shell {
    Posix,
    Fish,
    /// `PowerShell`.
    Power,
}

impl Shell {
    /// The user's.
    pub(crate) fn of(environment: &dyn Environment) -> Self {
        let shell = environment.get("SHELL").unwrap_or_default();
        match Path::new(&shell).file_stem().and_then(|name| name.to_str()) {
            Some("fish") => Self::Fish,
            Some("pwsh" | "powershell") => Self::Power,
            None if cfg!(windows) => Self::Power,
            _ => Self::Posix,
        }
    }

    /// The line of rolewrap with these words and, for it alone, these variables. It is run in `directory` where one is given.
    pub(crate) fn line<'a>(
        self,
        directory: Option<&Path>,
        variables: &[(String, String)],
        words: impl Iterator<Item = &'a str>,
    ) -> String {
        let word = |text: &str| match self {
            Self::Posix => posix_word(text),
            Self::Fish => fish_word(text),
            Self::Power => powershell_word(text),
        };
        let to_directory = directory.map(|directory| {
            let directory = word(&directory.to_string_lossy());
            match self {
                Self::Power => format!("Set-Location -LiteralPath {directory} -ErrorAction Stop;"),
                _ => format!("cd {directory} &&"),
            }
        });
        let variables = variables.iter().map(|(name, value)| match self {
            Self::Power => format!("$env:{name} = {};", word(value)),
            _ => format!("{name}={}", word(value)),
        });
        let command = std::iter::once("rolewrap".to_owned()).chain(words.map(word));
        let parts: Vec<String> = to_directory.into_iter().chain(variables).chain(command).collect();
        parts.join(" ")
    }
}

#[cfg(test)]
mod tests {
    use rolewrap_core::FixedEnvironment;

    use super::*;

    #[test]
    fn a_line_is_quoted_for_the_users_shell() {
        let line = |shell: &str| {
            let environment: FixedEnvironment = [("SHELL", shell)].into_iter().collect();
            Shell::of(&environment).line(
                Some(Path::new("/it's")),
                &[("TF_WORKSPACE".to_owned(), r"a\'b".to_owned())],
                ["-chdir=x y", "plan"].into_iter(),
            )
        };
        assert_eq!(
            line("/bin/zsh"),
            r"cd '/it'\''s' && TF_WORKSPACE='a\'\''b' rolewrap '-chdir=x y' plan"
        );
        assert_eq!(
            line("/usr/bin/fish"),
            r"cd '/it\'s' && TF_WORKSPACE='a\\\'b' rolewrap '-chdir=x y' plan"
        );
        assert_eq!(
            line("/usr/bin/pwsh"),
            r"Set-Location -LiteralPath '/it''s' -ErrorAction Stop; $env:TF_WORKSPACE = 'a\''b'; rolewrap '-chdir=x y' plan"
        );
    }
}
