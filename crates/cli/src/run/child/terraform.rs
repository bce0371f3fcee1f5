use std::ffi::{OsStr, OsString};
use std::path::{Path, PathBuf};

/// How Terraform's option for its directory begins.
const CHDIR: &str = "-chdir=";

/// Terraform's and OpenTofu's commands that talk to no cloud and read no state.
const WITHOUT_AWS: [&str; 5] = ["fmt", "version", "login", "logout", "metadata"];

/// Commands that change what the state describes, or the state itself: their work is lost where the state cannot be
/// saved. `plan` locks the state as well and writes nothing to it, so it can be repeated.
const CHANGE_STATE: [&str; 7] = [
    "apply", "destroy", "import", "refresh", "taint", "untaint", "test",
];

/// The commands behind `state` that do so. OpenTofu has some by two names.
const CHANGE_STATE_ITSELF: [&str; 6] = ["move", "mv", "push", "remove", "replace-provider", "rm"];

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
    words(arguments).into_iter().next()
}

/// Whether Terraform with these arguments changes something that it then has to save in its state.
pub(crate) fn changes_state(arguments: &[OsString]) -> bool {
    match words(arguments).as_slice() {
        [state, command, ..] if state == "state" => CHANGE_STATE_ITSELF.contains(&&**command),
        [command, ..] => CHANGE_STATE.contains(&&**command),
        [] => false,
    }
}

/// Whether Terraform with these arguments is to save a state that a person has.
pub(crate) fn pushes_state(arguments: &[OsString]) -> bool {
    words(arguments).starts_with(&["state".to_owned(), "push".to_owned()])
}

/// Terraform's command, its subcommands and what they work on, without options. Terraform passes over empty words.
fn words(arguments: &[OsString]) -> Vec<String> {
    let texts = arguments.iter().map(|argument| argument.to_string_lossy());
    texts
        .filter(|text| !text.starts_with('-') && !text.is_empty())
        .map(std::borrow::Cow::into_owned)
        .collect()
}

/// The options that stand before Terraform's command.
pub(crate) fn global_options(arguments: &[OsString]) -> impl Iterator<Item = &OsString> {
    arguments
        .iter()
        .take_while(|argument| argument.to_string_lossy().starts_with('-'))
}

/// The directories that Terraform's `-chdir` names. More than one is a mistake.
pub(crate) fn changed_directories(arguments: &[OsString]) -> Vec<PathBuf> {
    global_options(arguments)
        .filter_map(|argument| named_directory(argument))
        .collect()
}

/// The directory behind `-chdir=`, byte by byte.
#[cfg(unix)]
fn named_directory(argument: &OsStr) -> Option<PathBuf> {
    use std::os::unix::ffi::OsStrExt;

    let name = argument.as_bytes().strip_prefix(CHDIR.as_bytes())?;
    Some(PathBuf::from(OsStr::from_bytes(name)))
}

/// The same where what is not Unicode cannot be taken apart: no directory is of such a name then.
#[cfg(not(unix))]
fn named_directory(argument: &OsStr) -> Option<PathBuf> {
    let argument = argument.to_string_lossy();
    argument.strip_prefix(CHDIR).map(PathBuf::from)
}

/// Puts `directory` into the place of what `-chdir` names.
pub(crate) fn replace_changed_directory(arguments: &mut [OsString], directory: &Path) {
    let mut globals = arguments.iter_mut();
    let mut globals = globals
        .by_ref()
        .take_while(|argument| argument.as_encoded_bytes().starts_with(b"-"));
    if let Some(argument) = globals.find(|argument| named_directory(argument).is_some()) {
        *argument = CHDIR.into();
        argument.push(directory);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn arguments(line: &str) -> Vec<OsString> {
        line.split(' ').map(OsString::from).collect()
    }

    fn can(line: &str) -> bool {
        can_use_aws(&arguments(line))
    }

    #[test]
    fn what_has_to_be_saved_is_known_by_the_command() {
        for line in [
            "apply",
            "-chdir=live apply -auto-approve plan.bin",
            "destroy",
            "import aws_s3_bucket.state state",
            "refresh",
            "state mv a b",
            "state -lock=false rm a",
            "state move a b",
            "state remove a",
            "taint a",
            "test",
        ] {
            assert!(changes_state(&arguments(line)), "{line}");
        }
        for line in [
            "plan",
            "plan -destroy",
            "init",
            "state list",
            "state ls",
            "state",
            "output apply",
            "-chdir=apply show",
            "workspace new apply",
        ] {
            assert!(!changes_state(&arguments(line)), "{line}");
        }
        assert!(pushes_state(&arguments(
            "-chdir=x state push -force errored.tfstate"
        )));
        assert!(!pushes_state(&arguments("state pull")));
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
