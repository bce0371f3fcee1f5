//! Signals that arrive while something is waited for, and what is left of that for the command.

use std::fs::File;
use std::io::Read;
use std::os::unix::process::ExitStatusExt;
use std::path::PathBuf;
use std::process::{Command, Stdio};

use rolewrap_lab::{Sandbox, StsStub, Terminal};

use crate::given::{ROLE, ROLEWRAP, rolewrap, stub};

/// A machine whose source is a program that ignores Ctrl-C, with a child of its own, and does not end. Both hold the
/// pipe open for writing that they say so on.
fn machine(stub: &StsStub) -> (Sandbox, PathBuf) {
    let machine = Sandbox::new()
        .system_programs()
        .env("AWS_ENDPOINT_URL_STS", stub.url());
    let pipe = machine.root().join("pipe");
    machine.run("mkfifo", [&pipe]).succeeds();
    let tool = machine.root().join("tool.sh");
    let machine = machine
        .file(
            "../tool.sh",
            "trap '' INT TERM HUP; exec >\"$PIPE\"; (echo ready; sleep 1000; true); true",
        )
        .file(
            "../config/rolewrap/config.toml",
            &format!(
                "source = 'tool'\n[sources.tool]\ntype = 'process'\ncommand = ['sh', '{}']\n",
                tool.display()
            ),
        )
        .env("PIPE", &pipe);
    (machine, pipe)
}

/// Waits until the program is there.
fn ready(pipe: &PathBuf) -> File {
    let mut pipe = File::open(pipe).expect("the pipe can be read");
    pipe.read_exact(&mut [0; 6])
        .expect("the program says that it is ready");
    pipe
}

/// Waits until nobody is left of the program and its children.
fn gone(mut pipe: File) {
    pipe.read_to_end(&mut Vec::new()).expect("the pipe can be read");
}

#[test]
fn a_signal_ends_the_program_of_a_source_with_all_its_children_and_then_rolewrap() {
    let stub = stub();
    for (name, number) in [("TERM", 15), ("INT", 2), ("HUP", 1)] {
        let (machine, pipe) = machine(&stub);
        let run = rolewrap(&machine, &format!("--iam-role {ROLE} exec touch started"));
        let mut running = run
            .with_default_signals()
            .into_command()
            .stdin(Stdio::null())
            .spawn()
            .expect("it starts");
        let pipe = ready(&pipe);
        let killed = Command::new("kill")
            .args(["-s", name, &running.id().to_string()])
            .status();
        assert!(killed.expect("kill starts").success());
        gone(pipe);
        let status = running.wait().expect("it can be waited for");
        assert_eq!(status.signal(), Some(number), "{name}: {status}");
        assert!(!machine.work().join("started").exists(), "nothing is started");
    }
    assert_eq!(stub.count(), 0);
}

#[test]
fn ctrl_c_on_a_terminal_ends_a_program_that_ignores_it() {
    let stub = stub();
    let (machine, pipe) = machine(&stub);
    let mut terminal = Terminal::start(rolewrap(&machine, &format!("--iam-role {ROLE} exec true")));
    let pipe = ready(&pipe);
    terminal.types("\x03");
    gone(pipe);
    terminal.ends().ends_with(130);
}

/// A machine whose source asks for a password.
fn machine_that_asks() -> Sandbox {
    Sandbox::new().system_programs().file(
        "../config/rolewrap/config.toml",
        "source = 'team'\n[sources.team]\ntype = 'vault'\naddress = 'http://127.0.0.1:1'\npath = 'x'\nauth = { method = 'userpass', username = 'alice' }\n",
    )
}

/// Starts the source of [`machine_that_asks`] as a process that can be sent a signal.
fn asking() -> String {
    format!("sh -c 'echo $$ > pid; exec {ROLEWRAP} source check'")
}

fn send(machine: &Sandbox, signal: &str) {
    let id = std::fs::read_to_string(machine.work().join("pid")).expect("it has said its id");
    machine
        .run("sh", ["-c", &format!("kill -s {signal} {id}")])
        .succeeds();
}

const QUESTION: &str = "Password of alice for userpass at http://127.0.0.1:1: ";

#[test]
fn what_ends_a_run_at_a_question_leaves_the_terminal_as_it_was_and_no_core_dump() {
    for (key, name, code) in [
        ("\x03", "", 130),
        ("\x1c", "", 131),
        ("", "QUIT", 131),
        ("", "USR1", 138),
        ("", "XCPU", 152),
    ] {
        let machine = machine_that_asks();
        let script = format!(
            "ulimit -c unlimited; trap : INT QUIT; {}; echo \"ended with $?\"; stty -a",
            asking()
        );
        let mut terminal = Terminal::start(machine.command("sh").args(["-c", &script]));
        terminal.shows(QUESTION);
        assert!(!terminal.echoes());
        terminal.types("half a canary").types(key);
        if !name.is_empty() {
            send(&machine, name);
        }
        terminal.shows(&format!("ended with {code}"));
        let outcome = terminal.ends();
        outcome
            .succeeds()
            .stdout_has(" echo ")
            .lacks("canary")
            .lacks("core dumped");
    }
}

#[test]
fn a_question_that_was_stopped_gives_the_terminal_back_and_is_asked_again_hidden() {
    for shell in ["bash --noprofile --norc --noediting -i", "dash -i"] {
        let machine = machine_that_asks().env("PS1", "$ ");
        let (shell, options) = shell.split_once(' ').expect("a shell and its options");
        let mut terminal = Terminal::start(machine.command(shell).args(options.split(' ')));
        terminal
            .types("echo shell is rea''dy\n")
            .shows("shell is ready\r\n");
        terminal.types(&format!("{}\n", asking())).shows(QUESTION);
        for stop in ["TSTP", "STOP"] {
            assert!(!terminal.echoes(), "{shell}");
            match stop {
                "TSTP" => _ = terminal.types("half a canary\x1a"),
                _ => send(&machine, stop),
            }
            terminal.shows("Stopped").shows("$ ");
            assert!(terminal.echoes() || stop == "STOP", "{shell} echoes");
            terminal.types("fg\n").shows(QUESTION);
        }
        assert!(!terminal.echoes(), "{shell}");
        terminal.types("canary\n").shows("cannot be reached");
        terminal.types("exit\n");
        terminal.ends().lacks("canary");
    }
}

#[test]
fn the_command_finds_signals_as_they_were() {
    let stub = stub();
    let machine = crate::given::machine(&stub);
    // The lines of proc_pid_status(5): what is blocked, ignored and handled.
    let look = "grep -E 'Sig(Blk|Ign|Cgt)' /proc/self/status";
    let source = "command = ['sh', '-c', 'echo \"{\\\"Version\\\":1,\\\"AccessKeyId\\\":\\\"AKIAIOSFODNN7EXAMPLE\\\",\\\"SecretAccessKey\\\":\\\"s\\\"}\"']";
    let machine = machine.file(
        "../config/rolewrap/config.toml",
        &format!("[sources.tool]\ntype = 'process'\n{source}\n"),
    );
    for ignored in ["trap '' INT HUP TERM", "trap '' HUP", "true"] {
        let under = format!("{ignored}; exec {ROLEWRAP} --source tool --iam-role {ROLE} exec {look}");
        let alone = format!("{ignored}; exec {look}");
        let under = machine.run("sh", ["-c", &under]);
        let alone = machine.run("sh", ["-c", &alone]);
        under.succeeds().prints(alone.stdout());
    }
}
