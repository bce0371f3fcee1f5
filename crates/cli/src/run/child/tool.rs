use std::ffi::{OsStr, OsString};
use std::path::Path;

/// A program whose arguments and variables say in which directory it works.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Tool {
    /// Terraform, or OpenTofu.
    Terraform,
    /// Terragrunt, which starts one of them.
    Terragrunt,
}

/// What Terraform and OpenTofu call their programs.
const TERRAFORM: [&str; 2] = ["terraform", "tofu"];

/// Programs that start the command among their arguments, and change nothing about it that is of interest here.
const LAUNCHERS: [&str; 12] = [
    "chrt", "doas", "env", "ionice", "nice", "nohup", "setsid", "stdbuf", "sudo", "taskset", "time",
    "timeout",
];

impl Tool {
    /// The tool that `program` is by its name. `named` is the program that stands in the place of Terraform.
    pub(crate) fn named(program: &OsStr, named: Option<&str>) -> Option<Self> {
        let name = file_name(program)?;
        if name.contains("terragrunt") {
            return Some(Self::Terragrunt);
        }
        let is_named = named.and_then(|named| file_name(named.as_ref())) == Some(name.clone());
        (is_named || TERRAFORM.into_iter().any(|known| is_version_of(&name, known)))
            .then_some(Self::Terraform)
    }
}

/// Whether `command` begins with a program that starts the command among its arguments.
pub(crate) fn is_launched(command: &[OsString]) -> bool {
    let name = command.first().and_then(|program| file_name(program));
    name.is_some_and(|name| LAUNCHERS.contains(&&*name))
}

/// Whether a launcher, whose own words these are, starts its command in another directory.
pub(crate) fn changes_directory(words: &[OsString]) -> bool {
    let is_change = |word: &OsString| {
        let text = word.to_string_lossy();
        ["-C", "-D", "--chdir"]
            .iter()
            .any(|option| text.starts_with(option))
    };
    is_launched(words) && words.iter().skip(1).any(is_change)
}

/// Whether `name` is `known`, perhaps with a version behind it, as in `terraform-1.5` or `tofu_v1.8.2`.
fn is_version_of(name: &str, known: &str) -> bool {
    let Some(version) = name.strip_prefix(known) else {
        return false;
    };
    let number = version.trim_start_matches(['-', '_', '@', 'v']);
    version.is_empty() || number.starts_with(|character: char| character.is_ascii_digit())
}

/// The name of a program's file, without what Windows adds to it.
fn file_name(program: &OsStr) -> Option<String> {
    let name = Path::new(program).file_name()?.to_string_lossy().into_owned();
    if cfg!(windows) {
        let name = name.to_lowercase();
        return Some(name.strip_suffix(".exe").map_or(name.clone(), str::to_owned));
    }
    Some(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tool_is_known_by_the_name_of_its_file() {
        let tool = |program: &str| Tool::named(program.as_ref(), Some("./bin/infra"));
        for program in [
            "terraform",
            "tofu",
            "/opt/bin/terraform",
            "terraform-1.5.7",
            "terraform_v1",
            "tofu1.8",
            "infra",
            "/usr/bin/infra",
        ] {
            assert_eq!(tool(program), Some(Tool::Terraform), "{program}");
        }
        for program in ["terragrunt", "./terragrunt_linux_amd64", "/bin/terragrunt-0.80"] {
            assert_eq!(tool(program), Some(Tool::Terragrunt), "{program}");
        }
        for program in ["terraform-docs", "terraformer", "tofuenv", "aws", "sh", ""] {
            assert_eq!(tool(program), None, "{program}");
        }
    }

    #[test]
    fn a_launcher_that_changes_the_directory_is_known() {
        let changes = |line: &str| {
            let words: Vec<_> = line.split_whitespace().map(OsString::from).collect();
            changes_directory(&words)
        };
        assert!(changes("/usr/bin/env A=b --chdir=x") && changes("env -C x") && changes("sudo -Dx"));
        assert!(!changes("env -i A=--chdir -u B") && !changes("java -Da=b") && !changes(""));
    }
}
