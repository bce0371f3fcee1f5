use std::ffi::OsString;
use std::path::PathBuf;

/// Terraform's and OpenTofu's commands that talk to no cloud and read no state.
const WITHOUT_AWS: [&str; 5] = ["fmt", "version", "login", "logout", "metadata"];

/// Whether Terraform with these arguments can use AWS. Where it cannot, nobody has to be asked.
pub(crate) fn can_use_aws(arguments: &[OsString]) -> bool {
    let texts: Vec<_> = arguments
        .iter()
        .map(|argument| argument.to_string_lossy())
        .collect();
    // Behind two dashes nothing is an option: `apply -- -h` applies a plan in a file called -h.
    let mut options = texts.iter().take_while(|argument| *argument != "--");
    if options.any(|argument| matches!(&**argument, "-help" | "--help" | "-h")) {
        return false;
    }
    let mut globals = texts.iter().take_while(|argument| argument.starts_with('-'));
    if globals.any(|argument| matches!(&**argument, "-version" | "--version" | "-v")) {
        return false;
    }
    !terraform_command(arguments).is_some_and(|command| WITHOUT_AWS.contains(&&*command))
}

/// Terraform's own command among its arguments, if there is one.
pub(crate) fn terraform_command(arguments: &[OsString]) -> Option<String> {
    let command = arguments
        .iter()
        .map(|argument| argument.to_string_lossy())
        .find(|text| !text.starts_with('-'));
    command.map(std::borrow::Cow::into_owned)
}

/// The directories that Terraform's `-chdir` names. More than one is a mistake.
pub(crate) fn changed_directories(arguments: &[OsString]) -> Vec<PathBuf> {
    let texts = arguments.iter().map(|argument| argument.to_string_lossy());
    let globals = texts.take_while(|argument| argument.starts_with('-'));
    globals
        .filter_map(|argument| argument.strip_prefix("-chdir=").map(PathBuf::from))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn can(line: &str) -> bool {
        can_use_aws(&line.split(' ').map(OsString::from).collect::<Vec<_>>())
    }

    #[test]
    fn only_commands_that_talk_to_no_cloud_are_started_without_a_session() {
        for line in [
            "fmt -check",
            "version",
            "-version",
            "plan -help",
            "-chdir=live fmt",
            "metadata functions",
            "-help",
        ] {
            assert!(!can(line), "{line}");
        }
        for line in [
            "plan",
            "-chdir=fmt apply",
            "state list",
            "providers",
            "console",
            "apply version",
            "init",
            "test",
            "apply -- -h",
            "state show -- -help",
        ] {
            assert!(can(line), "{line}");
        }
    }
}
