//! What runs in a sandbox sees nothing of the machine around it.

use rolewrap_lab::Sandbox;

#[test]
fn the_environment_holds_nothing_but_what_the_sandbox_sets() {
    let sandbox = Sandbox::new().env("GIVEN", "yes");
    let outcome = sandbox.run("/usr/bin/env", [] as [&str; 0]);
    let mut names: Vec<_> = outcome
        .succeeds()
        .stdout()
        .lines()
        .filter_map(|line| line.split_once('='))
        .map(|(name, _)| name)
        .collect();
    names.sort_unstable();
    assert_eq!(
        names,
        [
            "GIVEN",
            "HOME",
            "PATH",
            "TMPDIR",
            "XDG_CACHE_HOME",
            "XDG_CONFIG_HOME",
            "XDG_DATA_HOME",
            "XDG_RUNTIME_DIR",
            "XDG_STATE_HOME"
        ]
    );
}

#[test]
fn a_program_is_found_by_name_once_it_was_added() {
    let sandbox = Sandbox::new();
    let script = sandbox.root().join("script");
    std::fs::write(&script, "command -v echo || true; command -v env || true").unwrap();
    sandbox.run("/bin/sh", [&script]).succeeds().prints("echo");

    let sandbox = sandbox.program("/usr/bin/env".as_ref());
    let found = sandbox.root().join("bin/env");
    sandbox
        .run("/bin/sh", [&script])
        .succeeds()
        .stdout_has(&found.to_string_lossy());
    sandbox.run("env", ["true"]).ends_with(127);
    sandbox.system_programs().run("env", ["true"]).succeeds();
}

#[test]
fn standard_input_and_the_working_directory_are_those_given() {
    let sandbox = Sandbox::new().file("inner/file", "");
    let much = "line\n".repeat(100_000);
    let outcome = sandbox
        .command("/bin/sh")
        .args(["-c", "ls; cat"])
        .env("PATH", "/usr/bin:/bin")
        .directory("inner")
        .stdin(much.as_str())
        .run();
    outcome.succeeds().prints(&format!("file\n{much}"));
    sandbox.run("/bin/cat", [] as [&str; 0]).succeeds().prints("");
}

#[test]
fn a_command_keeps_its_sandbox_until_it_has_run() {
    let command = Sandbox::new()
        .file("file", "")
        .command("/bin/sh")
        .args(["-c", "echo *"]);
    command.run().succeeds().prints("file");
}

#[test]
fn a_death_by_signal_is_told_as_a_shell_tells_it() {
    let sandbox = Sandbox::new();
    sandbox
        .run("/bin/sh", ["-c", "kill -TERM $$"])
        .ends_with(128 + 15);
}

#[test]
#[should_panic(expected = "the exit code should be 0")]
fn a_failure_is_not_a_success() {
    Sandbox::new().run("/bin/sh", ["-c", "exit 3"]).succeeds();
}

#[test]
#[should_panic(expected = "should not be printed")]
fn what_was_printed_on_standard_error_was_printed() {
    Sandbox::new()
        .run("/bin/sh", ["-c", "echo hidden >&2"])
        .lacks("hidden");
}
