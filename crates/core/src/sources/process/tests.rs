use std::fs::File;
use std::io::{BufRead, BufReader, Read};
use std::path::Path;
use std::sync::{Arc, mpsc};
use std::time::{Duration, UNIX_EPOCH};

use async_trait::async_trait;
use insta::assert_snapshot;
use tempfile::TempDir;

use super::ProcessSource;
use crate::contract::{self, Rotation, Scenario, Scenarios};
use crate::{BaseCredentialSource, FixedClock, FixedEnvironment, SourceError};

const ID: &str = "AKIAIOSFODNN7EXAMPLE";

/// A source that runs a shell script, on 2027-01-15.
fn source(script: &str) -> ProcessSource {
    source_in(script, &[("PATH", "/usr/bin:/bin")])
}

fn source_in(script: &str, variables: &[(&str, &str)]) -> ProcessSource {
    running(&["/bin/sh", "-c", script], variables).unwrap()
}

fn running(command: &[&str], variables: &[(&str, &str)]) -> Result<ProcessSource, SourceError> {
    ProcessSource::new(
        "helper",
        command.iter().map(ToString::to_string).collect(),
        Arc::new(variables.iter().copied().collect::<FixedEnvironment>()),
        Arc::new(FixedClock(UNIX_EPOCH + Duration::from_hours(500_000))),
    )
}

fn document(id: &str, secret: &str) -> String {
    format!(r#"{{"Version":1,"AccessKeyId":"{id}","SecretAccessKey":"{secret}"}}"#)
}

async fn failure(source: &ProcessSource) -> String {
    source.load().await.unwrap_err().to_string()
}

#[tokio::test]
async fn the_program_has_the_environment_and_nothing_to_read() {
    let script = r#"cat; printf '{"Version":1,"AccessKeyId":"%s","SecretAccessKey":"%s"}' "$ID" "$(env | sort | tr '\n' ,)""#;
    let variables = [("ID", ID), ("PATH", "/usr/bin:/bin")];
    let credentials = source_in(script, &variables).load().await.unwrap();
    assert_eq!(credentials.access_key_id(), ID);
    let secret = credentials.secret_access_key().expose();
    assert!(
        secret.starts_with("ID=AKIAIOSFODNN7EXAMPLE,PATH=/usr/bin:/bin,"),
        "{secret}"
    );
}

#[tokio::test]
async fn a_name_is_looked_up_on_the_path_of_the_environment() {
    let source = running(&["sh", "-c", "exit 7"], &[("PATH", "/nowhere:/bin")]).unwrap();
    assert!(failure(&source).await.contains("exit status: 7"));
    let source = running(&["sh", "-c", "exit 7"], &[("PATH", "/nowhere")]).unwrap();
    assert_snapshot!(failure(&source).await, @"use source helper: command: no directory of PATH has the program `sh`");
}

#[tokio::test]
async fn a_program_starts_in_the_directory_that_was_injected_and_so_do_relative_places_of_the_path() {
    let folder = TempDir::new().unwrap();
    let tool = folder.path().join("tool");
    std::fs::write(&tool, "#!/bin/sh\npwd >&2\nexit 7\n").unwrap();
    std::fs::set_permissions(&tool, std::os::unix::fs::PermissionsExt::from_mode(0o755)).unwrap();
    let source = running(&["tool"], &[("PATH", ".:/usr/bin:/bin")]).unwrap();
    let said = failure(&source.with_directory(folder.path())).await;
    let folder = folder.path().canonicalize().unwrap();
    assert!(
        said.ends_with(&format!("standard error: {}", folder.display())),
        "{said}"
    );
}

#[tokio::test]
async fn what_cannot_be_started_is_a_matter_of_configuration() {
    assert_snapshot!(running(&[], &[]).unwrap_err(), @"use source helper: command: it names no program");
    assert_snapshot!(running(&["~/bin/op"], &[]).unwrap_err(), @"use source helper: command: `~/bin/op` is neither a name to look up on PATH nor a full path; no shell expands ~ or variables");
    assert_snapshot!(failure(&running(&["/nowhere/op"], &[]).unwrap()).await, @"use source helper: command: there is no program /nowhere/op, or none that the first line of that script names");
    assert_snapshot!(failure(&running(&["/etc/passwd"], &[]).unwrap()).await, @"use source helper: command: /etc/passwd cannot be started: Permission denied (os error 13)");
}

#[tokio::test]
async fn a_program_that_fails_is_quoted_and_what_it_printed_is_not() {
    let fails = source("echo canary; echo first >&2; printf '\\033[2Jlocked\\r\\n\\n' >&2; exit 3");
    assert_snapshot!(failure(&fails).await, @r"reach source helper: /bin/sh ended with exit status: 3; its last line on standard error: \u{1b}[2Jlocked");
    assert_snapshot!(failure(&source("kill -9 $$")).await, @"reach source helper: /bin/sh ended with signal: 9 (SIGKILL); it wrote nothing to standard error");
}

#[tokio::test]
async fn a_broken_document_is_told_without_what_it_says() {
    assert_snapshot!(failure(&source("echo canary")).await, @"use the base credentials from source helper: what /bin/sh printed is of no use: it is not one JSON document: see line 1, column 1");
    let text = document(ID, "canary").replace(":1", r#":"1""#);
    assert_snapshot!(failure(&source(&format!("echo '{text}'"))).await, @"use the base credentials from source helper: what /bin/sh printed is of no use: Version is text, and has to be the number 1");
    let text = document(ID, "canary").replace('}', r#","Expiration":"2027-01-01T00:00:00Z"}"#);
    assert_snapshot!(failure(&source(&format!("echo '{text}'"))).await, @"use the base credentials from source helper: what /bin/sh printed is of no use: the credentials expired at 2027-01-01T00:00:00Z");
}

#[tokio::test]
async fn much_output_is_not_waited_for() {
    assert_snapshot!(failure(&source("head -c 10000000 /dev/zero")).await, @"use the base credentials from source helper: /bin/sh printed more than 65536 bytes, so it was stopped");
    let error = source("yes canary").load().await.unwrap_err();
    assert!(matches!(error, SourceError::Malformed { .. }), "{error}");
}

#[tokio::test]
async fn a_program_that_takes_too_long_is_stopped() {
    let slow = source("sleep 1000").with_timeout(Duration::from_millis(50));
    assert_snapshot!(failure(&slow).await, @"reach source helper: /bin/sh did not end within 50ms and was stopped");
}

#[tokio::test]
async fn messages_without_an_end_do_not_keep_a_program_from_being_stopped() {
    for script in ["yes >&2", "tr '\\\\0' x < /dev/zero >&2"] {
        let endless = source(script).with_timeout(Duration::from_millis(200));
        let failure = failure(&endless).await;
        assert!(
            failure.contains("did not end within 200ms and was stopped"),
            "{failure}"
        );
    }
}

#[tokio::test]
async fn a_program_that_leaves_something_running_is_not_waited_for() {
    let script = format!("echo '{}'; sleep 1000 2>&1 & echo $! >&2", document(ID, "secret"));
    let (sender, process) = mpsc::channel();
    let source = source(&script).with_messages_to(move |text| {
        let _ = sender.send(text.to_owned());
    });
    assert_eq!(source.load().await.unwrap().access_key_id(), ID);
    let process = process.try_recv().unwrap();
    let killed = std::process::Command::new("kill").arg(process.trim()).status();
    assert!(killed.unwrap().success(), "what stays running is left alone");
}

#[tokio::test]
async fn messages_are_passed_on_as_they_come_and_made_safe() {
    let (sender, messages) = mpsc::channel();
    let source =
        source("printf 'PIN: ' >&2; printf '\\033]0;owned\\007' >&2; exit 1").with_messages_to(move |text| {
            let _ = sender.send(text.to_owned());
        });
    source.load().await.unwrap_err();
    drop(source);
    let said: String = messages.iter().collect();
    assert_eq!(said, "PIN: \\u{1b}]0;owned\\u{7}\n", "and the last line is ended");
}

/// A program that starts a program that starts another, which keeps a pipe open for writing.
struct Family {
    folder: TempDir,
}

impl Family {
    fn new() -> Self {
        let folder = TempDir::new().unwrap();
        let made = std::process::Command::new("mkfifo")
            .arg(folder.path().join("pipe"))
            .status();
        assert!(made.unwrap().success());
        Self { folder }
    }

    fn source(&self, timeout: Duration) -> ProcessSource {
        let pipe = self.folder.path().join("pipe");
        let script = format!(
            "(sh -c 'echo ready; sleep 1000; true'; true) > '{}'; true",
            pipe.display()
        );
        source(&script).with_timeout(timeout)
    }

    /// Says so when the whole family is there, and again when all of it is gone.
    fn watch(&self) -> tokio::sync::mpsc::UnboundedReceiver<&'static str> {
        let (sender, receiver) = tokio::sync::mpsc::unbounded_channel();
        let pipe = self.folder.path().join("pipe");
        std::thread::spawn(move || {
            let mut pipe = BufReader::new(File::open(pipe).unwrap());
            pipe.read_line(&mut String::new()).unwrap();
            let _ = sender.send("ready");
            pipe.read_to_end(&mut Vec::new()).unwrap();
            let _ = sender.send("gone");
        });
        receiver
    }
}

#[tokio::test]
async fn a_load_that_is_dropped_ends_everything_that_the_program_started() {
    let family = Family::new();
    let mut watch = family.watch();
    let source = family.source(ProcessSource::DEFAULT_TIMEOUT);
    tokio::select! {
        loaded = source.load() => panic!("{loaded:?}"),
        said = watch.recv() => assert_eq!(said, Some("ready")),
    }
    let said = tokio::time::timeout(Duration::from_secs(20), watch.recv()).await;
    assert_eq!(said.expect("a descendant lingers"), Some("gone"));
}

#[tokio::test]
async fn the_time_limit_ends_everything_that_the_program_started() {
    let family = Family::new();
    let mut watch = family.watch();
    // Long enough for all of them to be there.
    let loaded = family.source(Duration::from_secs(3)).load().await;
    assert!(
        matches!(loaded, Err(SourceError::Unavailable { .. })),
        "{loaded:?}"
    );
    let said = tokio::time::timeout(Duration::from_secs(20), async {
        (watch.recv().await, watch.recv().await)
    });
    assert_eq!(
        said.await.expect("a descendant lingers"),
        (Some("ready"), Some("gone"))
    );
}

#[test]
fn debug_shows_neither_arguments_nor_environment() {
    let source = running(&["/bin/sh", "canary-argument"], &[("A", "canary-value")]).unwrap();
    assert!(!format!("{source:?}").contains("canary"));
}

/// With a folder for what a program prints.
struct ProcessScenarios(TempDir);

#[async_trait]
impl Scenarios for ProcessScenarios {
    async fn present(&self) -> Box<dyn BaseCredentialSource> {
        let text = document(contract::ACCESS_KEY_ID, contract::SECRET_ACCESS_KEY);
        Box::new(source(&format!("echo '{text}'")))
    }

    async fn rotated(&self) -> Rotation<'_> {
        let file = self.0.path().join("document");
        let write = |file: &Path, id: &str, secret: &str| std::fs::write(file, document(id, secret)).unwrap();
        write(&file, contract::ACCESS_KEY_ID, contract::SECRET_ACCESS_KEY);
        Rotation::Source {
            source: Box::new(source(&format!("cat '{}'", file.display()))),
            rotate: Box::pin(async move {
                let (id, secret) = (
                    contract::ROTATED_ACCESS_KEY_ID,
                    contract::ROTATED_SECRET_ACCESS_KEY,
                );
                write(&file, id, secret);
            }),
        }
    }

    async fn absent(&self) -> Box<dyn BaseCredentialSource> {
        Box::new(source("echo"))
    }

    async fn malformed(&self) -> Vec<Box<dyn BaseCredentialSource>> {
        let canary = contract::MALFORMED_CANARY;
        let texts = [
            canary.to_owned(),
            document(canary, canary),
            document(ID, &format!("{canary} {canary}")),
            document(ID, canary).replace(":1", &format!(":\"{canary}\"")),
            document(ID, canary).replace('}', ""),
        ];
        texts
            .iter()
            .map(|text| Box::new(source(&format!("echo '{text}'"))) as Box<_>)
            .collect()
    }

    async fn denied(&self) -> Scenario {
        Scenario::CannotHappen("a program can only say that it failed")
    }

    async fn unreachable(&self) -> Scenario {
        Scenario::Source(Box::new(source("exit 1")))
    }
}

#[tokio::test]
async fn keeps_the_contract_of_sources() {
    contract::check(&ProcessScenarios(TempDir::new().unwrap())).await;
}

#[test]
fn what_the_program_may_choose_by_tells_apart_and_how_a_run_goes_does_not() {
    let shown = |variables: &[(&str, &str)]| {
        let source =
            source_in("true", variables).with_indifferent_variables(["TOOL_VERBOSE", "TOOL_REFRESH"]);
        let fingerprint = source.fingerprint().unwrap();
        let parts = fingerprint.parts();
        parts
            .map(|(name, value)| (name.to_owned(), value.to_vec()))
            .collect::<Vec<_>>()
    };
    let plain = shown(&[]);
    for name in ["TERM", "GPG_TTY", "TOOL_VERBOSE", "TOOL_REFRESH"] {
        assert_eq!(shown(&[(name, "x")]), plain, "{name}");
    }
    for name in ["AWS_PROFILE", "TOOL_ACCOUNT", "TOOL_VERBOSE_"] {
        assert_ne!(shown(&[(name, "x")]), plain, "{name}");
        assert_ne!(shown(&[(name, "x")]), shown(&[(name, "y")]), "{name}");
    }
}

#[test]
fn a_terminal_is_none_of_what_a_program_chooses_by() {
    let fingerprint = |variables: &[(&str, &str)]| shown(&source_in("true", variables));
    for name in [
        "ITERM_SESSION_ID",
        "TERM_SESSION_ID",
        "GNOME_TERMINAL_SCREEN",
        "KITTY_WINDOW_ID",
        "WT_SESSION",
        "STY",
        "SSH_CONNECTION",
        "MAKELEVEL",
    ] {
        assert_eq!(fingerprint(&[(name, "1")]), fingerprint(&[]), "{name}");
    }
}

#[test]
fn what_a_program_is_said_to_choose_by_tells_apart_and_nothing_else_does() {
    let source = |variables: &[(&str, &str)]| {
        source_in("true", variables)
            .choosing_by(vec!["TOOL_ACCOUNT".to_owned()], false)
            .with_variables(vec!["TOOL_TOKEN".to_owned()])
    };
    let plain = source(&[]);
    assert!(!plain.fingerprint().unwrap().depends_on_directory());
    for name in ["AWS_PROFILE", "PATH", "ANYTHING"] {
        assert_eq!(shown(&source(&[(name, "x")])), shown(&plain), "{name}");
    }
    for name in ["TOOL_ACCOUNT", "TOOL_TOKEN"] {
        assert_ne!(shown(&source(&[(name, "")])), shown(&plain), "{name}");
        assert_ne!(
            shown(&source(&[(name, "x")])),
            shown(&source(&[(name, "y")])),
            "{name}"
        );
    }
    let by_directory = source(&[]).choosing_by(Vec::new(), true);
    assert!(by_directory.fingerprint().unwrap().depends_on_directory());

    // A name is another program where it is looked for elsewhere.
    let named = |path: &str| {
        let environment: FixedEnvironment = [("PATH", path)].into_iter().collect();
        let command = vec!["op".to_owned()];
        let source = ProcessSource::new(
            "op",
            command,
            Arc::new(environment),
            Arc::new(FixedClock(UNIX_EPOCH)),
        );
        shown(&source.unwrap().choosing_by(Vec::new(), false))
    };
    assert_ne!(named("/usr/bin"), named("/opt/bin"));
}

fn shown(source: &ProcessSource) -> Vec<(String, Vec<u8>)> {
    let fingerprint = source.fingerprint().unwrap();
    let parts = fingerprint.parts();
    parts
        .map(|(name, value)| (name.to_owned(), value.to_vec()))
        .collect()
}
