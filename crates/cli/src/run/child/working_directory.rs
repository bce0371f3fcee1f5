use std::ffi::{OsStr, OsString};
use std::path::PathBuf;

use rolewrap_core::Environment;

use super::Tool;
use super::changed_directory::{changed_directory, reached};
use super::terraform::global_options;
use crate::error::Error;
use crate::host::work_directory::WorkDirectory;
use crate::ui::text::list;

/// Terragrunt's options for the directory that it works in, today's and the former one.
const OPTIONS: [&str; 2] = ["working-dir", "terragrunt-working-dir"];

/// The variables for the same; the first that is set wins, behind the options.
const VARIABLES: [&str; 2] = ["TG_WORKING_DIR", "TERRAGRUNT_WORKING_DIR"];

/// The directory that `tool` is told to change to with these arguments, where it is started in `directory`.
pub(crate) fn working_directory(
    tool: Tool,
    arguments: &[OsString],
    environment: &dyn Environment,
    directory: &WorkDirectory,
) -> Result<Option<WorkDirectory>, Error> {
    if tool == Tool::Terraform {
        return changed_directory(arguments, directory);
    }
    if arguments.iter().any(|argument| is_option(argument, "chdir")) {
        return Err(Error::new("Terragrunt does not take -chdir, so nothing was started")
            .cause("it is an option of Terraform, and Terragrunt chooses the directory that Terraform works in")
            .hint("name the directory with --working-dir DIR, behind Terragrunt's command"));
    }
    match named(arguments, environment)? {
        Some((change, place)) => reached(&change, directory, &place).map(Some),
        None => Ok(None),
    }
}

/// Whether the `arguments` of `tool` name a directory, rightly or not.
pub(crate) fn names_directory(tool: Tool, arguments: &[OsString]) -> bool {
    match tool {
        Tool::Terraform => global_options(arguments).any(|argument| is_option(argument, "chdir")),
        Tool::Terragrunt => arguments
            .iter()
            .any(|argument| OPTIONS.iter().any(|option| is_option(argument, option))),
    }
}

/// Whether something names a directory for Terragrunt, so that it matters whether it is Terragrunt that runs.
pub(crate) fn is_named_for_terragrunt(arguments: &[OsString], environment: &dyn Environment) -> bool {
    names_directory(Tool::Terragrunt, arguments)
        || VARIABLES.iter().any(|name| environment.get(name).is_some())
}

/// The directory that an option or a variable names, and which of them.
fn named(arguments: &[OsString], environment: &dyn Environment) -> Result<Option<(PathBuf, String)>, Error> {
    // What follows two dashes is Terraform's.
    let mut arguments = arguments.iter().take_while(|argument| *argument != "--");
    let mut found: Vec<(PathBuf, String)> = Vec::new();
    while let Some(argument) = arguments.next() {
        let Some(option) = OPTIONS.iter().find(|option| is_option(argument, option)) else {
            continue;
        };
        let place = format!("Terragrunt's option --{option}");
        let value = if !argument.to_string_lossy().contains('=') {
            arguments.next().map(PathBuf::from).unwrap_or_default()
        } else if let Some((_, value)) = argument.to_str().and_then(|text| text.split_once('=')) {
            value.into()
        } else {
            return Err(Error::new(format!("the value of {place} is not UTF-8 text"))
                .hint("write it as a word of its own, behind the option"));
        };
        found.push((value, place));
    }
    match found.len() {
        0 => {}
        1 => return Ok(found.pop()),
        _ => {
            let several = found.iter().map(|(change, _)| change.to_string_lossy());
            return Err(Error::new("the directory for Terragrunt is named more than once")
                .cause(format!("the directories are {}", list(several)))
                .hint("keep one of them, since the directory may choose the account"));
        }
    }
    let of_variable = |name: &&str| {
        let value = environment.get(name)?;
        Some((PathBuf::from(value), format!("variable {name}")))
    };
    Ok(VARIABLES.iter().find_map(of_variable))
}

/// Whether `argument` is the option `name`, with one dash or with two, as Go's parsers take both.
fn is_option(argument: &OsStr, name: &str) -> bool {
    let text = argument.to_string_lossy();
    let Some(option) = text.strip_prefix("--").or_else(|| text.strip_prefix('-')) else {
        return false;
    };
    option.split('=').next() == Some(name)
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use rolewrap_core::FixedEnvironment;

    use super::*;

    fn words(line: &str) -> Vec<OsString> {
        line.split_whitespace().map(OsString::from).collect()
    }

    fn reached_by(line: &str, variables: &[(&str, &str)], folder: &Path) -> Result<PathBuf, String> {
        let environment: FixedEnvironment = variables.iter().copied().collect();
        let directory = WorkDirectory::at(folder.join("dev"));
        working_directory(Tool::Terragrunt, &words(line), &environment, &directory)
            .map(|reached| reached.map_or(directory.real, |reached| reached.real))
            .map(|reached| reached.strip_prefix(folder).unwrap().to_owned())
            .map_err(|error| error.to_string())
    }

    #[test]
    fn terragrunt_works_where_its_options_or_else_its_variables_say() {
        let folder = tempfile::tempdir().unwrap();
        let folder = folder.path().canonicalize().unwrap();
        for name in ["dev", "prod", "stage"] {
            std::fs::create_dir(folder.join(name)).unwrap();
        }
        let prod = [("TG_WORKING_DIR", "../prod")];
        for (line, variables, expected) in [
            ("plan", &[][..], "dev"),
            ("plan --working-dir ../prod", &[], "prod"),
            ("--working-dir=../prod plan", &[], "prod"),
            ("run -working-dir ../prod -- plan", &[], "prod"),
            ("plan --terragrunt-working-dir=../prod", &[], "prod"),
            ("run -- plan --working-dir ../prod", &[], "dev"),
            ("plan", &prod, "prod"),
            ("plan --working-dir ../stage", &prod, "stage"),
            ("plan", &[("TERRAGRUNT_WORKING_DIR", "../prod")], "prod"),
        ] {
            let reached = reached_by(line, variables, &folder).expect(line);
            assert_eq!(reached, Path::new(expected), "{line}");
        }
        for (line, variables, message) in [
            (
                "plan --working-dir ../prod --working-dir=../stage",
                &[][..],
                "more than once",
            ),
            (
                "plan --working-dir ../none",
                &[],
                "cannot change to the directory ../none",
            ),
            ("plan --working-dir", &[], "names no directory"),
            ("plan", &[("TG_WORKING_DIR", "")], "variable TG_WORKING_DIR"),
            ("-chdir=../prod plan", &[], "--working-dir DIR"),
            ("run -- -chdir=../prod plan", &[], "--working-dir DIR"),
        ] {
            let refused = reached_by(line, variables, &folder).expect_err(line);
            assert!(refused.contains(message), "{line}: {refused}");
        }
    }
}
