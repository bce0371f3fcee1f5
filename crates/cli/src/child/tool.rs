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

/// Whether a launcher, whose own words these are, starts its command in another directory.
pub(crate) fn changes_directory(words: &[OsString]) -> bool {
    let is_change = |word: &OsString| {
        let text = word.to_string_lossy();
        ["-C", "-D", "--chdir"]
            .iter()
            .any(|option| text.starts_with(option))
    };
    words.iter().any(is_change)
}

/// The places in `command` at which a tool may stand: the first word, or any word behind a launcher such as `env`.
pub(crate) fn places_of_tool(command: &[OsString]) -> std::ops::Range<usize> {
    let launches = |program: &OsString| file_name(program).is_some_and(|name| LAUNCHERS.contains(&&*name));
    if command.first().is_some_and(launches) {
        1..command.len()
    } else {
        0..command.len().min(1)
    }
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
    fn a_tool_stands_first_or_behind_what_launches_it() {
        let places = |line: &str| {
            let words: Vec<_> = line.split_whitespace().map(OsString::from).collect();
            places_of_tool(&words)
        };
        assert_eq!(places("terraform -chdir=x plan"), 0..1);
        assert_eq!(places("git commit -m terraform"), 0..1);
        assert_eq!(places("/usr/bin/env A=b terraform"), 1..3);
        assert_eq!(places("nice"), 1..1);
        assert_eq!(places(""), 0..0);
        let changes =
            |words: &[&str]| changes_directory(&words.iter().map(OsString::from).collect::<Vec<_>>());
        assert!(changes(&["A=b", "--chdir=x"]) && changes(&["-C", "x"]) && changes(&["-Cx"]));
        assert!(!changes(&["-i", "A=--chdir", "-u", "B"]));
    }
}
