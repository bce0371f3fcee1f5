//! Programs that start and end commands, with rolewrap between.

use std::fs;

use rolewrap_lab::{Moto, Running, Sandbox, Terminal};
use rustix::process::Signal;

use super::served::{expect_nothing_left, send, wait_until};
use crate::given::{ROLE, ROLEWRAP, machine, stub};

fn port(url: &str) -> u16 {
    let port = url.trim().split([':', '/']).nth(4);
    port.and_then(|port| port.parse().ok())
        .unwrap_or_else(|| panic!("{url:?} has a port"))
}

#[test]
fn what_timeout_ends_leaves_no_endpoint() {
    let stub = stub();
    let machine = machine(&stub);
    for (signal, code) in [("TERM", 124), ("KILL", 137)] {
        let timeout = machine
            .command("timeout")
            .args(["--signal", signal, "300", ROLEWRAP])
            .args(["--delivery", "endpoint", "--iam-role", ROLE, "exec", "--"])
            .args(["sh", "-c"])
            .args(["echo $AWS_CONTAINER_CREDENTIALS_FULL_URI >&2; exec sleep 300"]);
        let mut running = Running::start(timeout);
        running.says("/session\n");
        // As its timer does when the time is over.
        send(running.id(), Signal::ALARM);
        let outcome = running.ends();
        outcome.ends_with(code);
        expect_nothing_left(port(outcome.stderr()));
    }
}

/// A shell on a terminal starts a command in the background, which waits, and ends when a line is typed. The terminal is
/// gone with it.
fn left_behind(machine: &Sandbox, role: &str, prefix: &str) -> u16 {
    let script = format!(
        "rm -f told go; mkfifo told go
        {prefix} {ROLEWRAP} --delivery endpoint --iam-role {role} exec sh -c '
            echo $AWS_CONTAINER_CREDENTIALS_FULL_URI > told
            cat go && aws sts get-caller-identity --query Arn --output text > who && mv who said
        ' > out 2>&1 < /dev/null &
        cat told; echo started; read line"
    );
    let mut terminal = Terminal::start(machine.command("sh").args(["-c", &script]));
    terminal.shows("started").types("\n");
    let outcome = terminal.ends();
    port(outcome.stdout().split("started").next().unwrap_or_default())
}

#[test]
fn with_nohup_a_command_outlives_its_terminal_and_its_session_is_renewed() {
    let moto = Moto::with_sessions_of(10).expect("moto starts");
    let machine = moto
        .sandbox()
        .system_programs()
        .envs(moto.base_variables())
        .env("USER", "alice");
    let role = moto.role_arn("deploy");
    // The terminal does end what it started.
    expect_nothing_left(left_behind(&machine, &role, ""));

    let port = left_behind(&machine, &role, "nohup");
    let before = moto.sessions();
    wait_until("the session is renewed", || moto.sessions() > before + 1);
    fs::write(machine.work().join("go"), "go").expect("the command waits");
    let said = machine.work().join("said");
    wait_until("AWS says who asks", || said.exists());
    let arn = fs::read_to_string(said).expect("it is there");
    assert!(arn.contains(":assumed-role/deploy/alice@"), "{arn}");
    expect_nothing_left(port);
}
