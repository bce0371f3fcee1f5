use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};

use rolewrap_lab::Shell;

use super::super::Format;
use super::super::statements::Statements;
use super::given::{exported, hostile_values};

/// The environment after a real shell has run `text` as the guide says, and the files that it left behind.
fn environment_after(shell: Shell, text: &str, before: &[(&str, &str)]) -> BTreeMap<String, String> {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("exported");
    fs::write(&file, text).unwrap();
    let work = folder.path().join("work");
    fs::create_dir(&work).unwrap();
    let script = match shell {
        Shell::Fish => "cat ../exported | source; and env -0",
        // `set -a` exports what is only assigned, which is how such a file is used.
        _ => r#"set -a; eval "$(cat ../exported)" && env -0"#,
    };
    let environment = run(shell, script, folder.path(), before);
    let left: Vec<_> = fs::read_dir(&work).unwrap().collect();
    assert!(
        left.is_empty(),
        "{} ran a part of a value: {left:?}",
        shell.name()
    );
    environment
}

/// Runs `script` in the folder `work` of `home`.
fn run(shell: Shell, script: &str, home: &Path, before: &[(&str, &str)]) -> BTreeMap<String, String> {
    let output = Command::new(shell.path().unwrap())
        .args(shell.without_files())
        .args(["-c", script])
        .current_dir(home.join("work"))
        .env_clear()
        .env("PATH", "/usr/bin:/bin")
        .env("HOME", home)
        // Without it fish takes bytes for characters.
        .env("LC_ALL", "C.UTF-8")
        .envs(before.iter().copied())
        .stdin(Stdio::null())
        .output()
        .unwrap();
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{}: {errors}", shell.name());
    assert_eq!(errors, "", "{}", shell.name());
    let text = String::from_utf8(output.stdout).unwrap();
    let variables = text
        .split_terminator('\0')
        .filter_map(|line| line.split_once('='));
    variables
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .collect()
}

/// The lines that set V0, V1 and so on to the hostile values.
fn lines(format: Format) -> String {
    let statements = Statements::of(format).unwrap();
    let mut text = String::new();
    for (number, value) in hostile_values().iter().enumerate() {
        let name = Box::leak(format!("V{number}").into_boxed_str());
        statements.set(name, value, &mut text).unwrap();
    }
    text
}

#[track_caller]
fn hostile_values_stay_text(shell: Shell, format: Format) {
    let environment = environment_after(shell, &lines(format), &[]);
    for (number, value) in hostile_values().iter().enumerate() {
        let read = environment.get(&format!("V{number}"));
        assert_eq!(read, Some(value), "{} {format:?}", shell.name());
    }
}

#[test]
fn bash_takes_every_hostile_value_as_text() {
    hostile_values_stay_text(Shell::Bash, Format::Env);
    hostile_values_stay_text(Shell::Bash, Format::EnvNoExport);
}

#[test]
fn dash_takes_every_hostile_value_as_text() {
    hostile_values_stay_text(Shell::Dash, Format::Env);
    hostile_values_stay_text(Shell::Dash, Format::EnvNoExport);
}

#[test]
fn zsh_takes_every_hostile_value_as_text() {
    hostile_values_stay_text(Shell::Zsh, Format::Env);
    hostile_values_stay_text(Shell::Zsh, Format::EnvNoExport);
}

#[test]
fn fish_takes_every_hostile_value_as_text() {
    hostile_values_stay_text(Shell::Fish, Format::Fish);
}

#[test]
fn every_shell_loses_what_some_programs_prefer_to_the_session() {
    for shell in Shell::ALL {
        let mut exported = exported("$(touch pwned)\n'");
        exported.rivals = ["AWS_PROFILE", "AWS_ROLE_ARN"].map(str::to_owned).to_vec();
        let format = if shell == Shell::Fish {
            Format::Fish
        } else {
            Format::Env
        };
        let before = [
            ("AWS_PROFILE", "ghost"),
            ("AWS_ROLE_ARN", "x"),
            ("AWS_SECURITY_TOKEN", "y"),
        ];
        let environment = environment_after(shell, exported.text(format).unwrap().expose(), &before);
        let names: Vec<_> = environment
            .keys()
            .filter(|name| name.starts_with("AWS_"))
            .collect();
        let set: Vec<_> = exported.variables.pairs().collect();
        assert_eq!(names.len(), set.len(), "{}: {names:?}", shell.name());
        for (name, value) in set {
            assert_eq!(environment[name], value, "{} {name}", shell.name());
        }
    }
}

#[test]
fn a_posix_shell_needs_no_quotes_around_the_usual_values() {
    for shell in Shell::ALL.into_iter().filter(|shell| *shell != Shell::Fish) {
        let mut exported = exported("IQoJb3JpZ2luX2VjEHoaCWV1LXdlc3QtMSJHMEUCIQ/+==");
        exported.rivals = ["AWS_PROFILE", "AWS_ACCOUNT_ID"].map(str::to_owned).to_vec();
        let folder = tempfile::tempdir().unwrap();
        let text = exported.text(Format::Env).unwrap();
        fs::write(folder.path().join("exported"), text.expose()).unwrap();
        fs::create_dir(folder.path().join("work")).unwrap();
        let before = [("AWS_PROFILE", "ghost"), ("AWS_ACCOUNT_ID", "x")];
        let script = "eval $(cat ../exported) && env -0";
        let environment = run(shell, script, folder.path(), &before);
        let expected: BTreeMap<_, _> = exported.variables.pairs().collect();
        let is_aws = |(name, _): &(&str, &str)| name.starts_with("AWS_");
        let read = environment.iter().map(|(name, value)| (&**name, &**value));
        let read: BTreeMap<_, _> = read.filter(is_aws).collect();
        assert_eq!(read, expected, "{}", shell.name());
    }
}
