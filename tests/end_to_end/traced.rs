//! What the system is asked for: secrets are in nothing but what AWS answers, and in environments.

use std::fs;

use rolewrap_lab::{Sandbox, StsStub, strace};

use crate::given::{ROLE, SECRET, machine, rolewrap, stub};

/// The system calls of one run under the role, in order, whole.
fn system_calls(machine: &Sandbox) -> Vec<String> {
    // Beside the machine, since the trace has the environment in it.
    let folder = Sandbox::new();
    let trace = folder.root().join("trace").display().to_string();
    let strace = strace().expect("strace is installed").display().to_string();
    let whole = ["-f", "-v", "-s", "1000000", "-o", &trace];
    let run = rolewrap(machine, &format!("--iam-role {ROLE} exec true"));
    run.wrapped(&strace, &whole).run().succeeds();
    let calls = fs::read_to_string(&trace).expect("strace has written");
    calls.lines().map(str::to_owned).collect()
}

/// The names of those of `calls` that have `text` in them. A line is a process id and then the call, also where another
/// thread's came in between: `4711 <... recvfrom resumed>`.
fn with<'a>(text: &str, calls: &'a [String]) -> Vec<&'a str> {
    let calls = calls.iter().filter(|call| call.contains(text));
    calls
        .map(|call| {
            let call = call.split_once(' ').map_or("", |(_, call)| call.trim_start());
            let call = call.strip_prefix("<... ").unwrap_or(call);
            call.split(['(', ' ']).next().unwrap_or_default()
        })
        .collect()
}

#[test]
fn no_system_call_has_a_secret_in_it_but_those_that_must() {
    let stub = stub();
    let machine = machine(&stub);
    let cold = system_calls(&machine);
    // rolewrap's own environment, which strace sets.
    assert_eq!(with(SECRET, &cold), ["execve"]);
    assert_eq!(with(StsStub::SECRET_PREFIX, &cold), ["recvfrom", "execve"]);
    assert_eq!(with(ROLE, &cold).first(), Some(&"execve"));

    let warm = system_calls(&machine);
    assert_eq!(stub.count(), 1);
    assert_eq!(with(SECRET, &warm), ["execve"]);
    assert_eq!(with(StsStub::SECRET_PREFIX, &warm), ["execve"]);
    assert_eq!(
        with("socket(", &warm),
        [""; 0],
        "neither a network nor D-Bus is asked"
    );
}
