use rolewrap_lab::{Invocation, Outcome, Sandbox, StsStub};

/// The program under test.
pub(crate) const ROLEWRAP: &str = env!("CARGO_BIN_EXE_rolewrap");

/// A role that the stub lets everybody assume.
pub(crate) const ROLE: &str = "arn:aws:iam::123456789012:role/deploy";

/// The access key id of the base credentials for the stub.
pub(crate) const KEY: &str = "AKIAIOSFODNN7EXAMPLE";

/// The secret access key of the base credentials for the stub.
pub(crate) const SECRET: &str = "canary-base-secret-1f7a90c2";

/// An empty machine with base credentials in its environment, and STS at `stub`.
pub(crate) fn machine(stub: &StsStub) -> Sandbox {
    Sandbox::new()
        .system_programs()
        .env("USER", "alice")
        .env("AWS_ENDPOINT_URL_STS", stub.url())
        .env("AWS_ACCESS_KEY_ID", KEY)
        .env("AWS_SECRET_ACCESS_KEY", SECRET)
}

/// A stub.
pub(crate) fn stub() -> StsStub {
    StsStub::start().expect("the stub starts")
}

/// rolewrap with these arguments, which are separated by spaces.
pub(crate) fn rolewrap(machine: &Sandbox, arguments: &str) -> Invocation {
    machine.command(ROLEWRAP).args(arguments.split_whitespace())
}

/// `text` with the machine's own folders and ports replaced, for messages that are compared as a whole.
pub(crate) fn shown(text: &str, machine: &Sandbox, stub: &StsStub) -> String {
    text.replace(&*machine.root().to_string_lossy(), "MACHINE")
        .replace(&stub.url(), "STS")
}

/// `message` without the request id: the stub numbers its requests, and tests run in any order.
pub(crate) fn without_request_id(message: &str) -> String {
    let Some((before, after)) = message.split_once("request id ") else {
        return message.to_owned();
    };
    let rest = after.split_once('\n').map_or("", |(_, rest)| rest);
    format!("{before}request id ID\n{rest}")
}

/// What happens to a command with these options, where everything that can be printed is.
pub(crate) fn run_traced(machine: &Sandbox, options: &str) -> Outcome {
    rolewrap(machine, &format!("-vv {options} --iam-role"))
        .args([ROLE, "exec", "touch", "started"])
        .env("RUST_LOG", "trace")
        .env("RUST_BACKTRACE", "full")
        .run()
}

/// What a user reads when a source fails. Nothing is started, nobody is asked, and no secret is shown.
pub(crate) fn refused(stub: &StsStub, machine: &Sandbox, options: &str) -> String {
    let outcome = run_traced(machine, options);
    outcome.ends_with(125).lacks(SECRET);
    assert!(!machine.work().join("started").exists(), "nothing is started");
    assert_eq!(stub.count(), 0);
    let message = shown(outcome.stderr(), machine, stub);
    message
        .split_inclusive('\n')
        .filter(|line| !line.starts_with("rolewrap: "))
        .collect()
}
