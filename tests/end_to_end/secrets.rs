//! Secrets are in the environment of the command, and nowhere else.

use rolewrap_lab::{Answer, StsStub, assert_secret_absent};

use crate::given::{ROLE, SECRET, machine, rolewrap, stub};

#[test]
fn no_secret_is_printed_or_stored_at_any_verbosity() {
    let stub = stub();
    let machine = machine(&stub)
        .env("RUST_LOG", "trace")
        .env("RUST_BACKTRACE", "full")
        .env("HTTPS_PROXY", "http://alice:canary-proxy-password@127.0.0.1:9");
    let role = format!("-vv --iam-role {ROLE}");
    stub.enqueue(Answer::success());
    stub.enqueue(Answer::error(403, "AccessDenied", "no"));
    stub.enqueue(Answer::raw(200, "text/html", "<html>"));
    let outcomes = [
        rolewrap(&machine, &format!("{role} exec true")).run(),
        rolewrap(&machine, &format!("{role} --refresh exec true")).run(),
        rolewrap(&machine, &format!("{role} --refresh exec true")).run(),
        rolewrap(&machine, &format!("{role} whoami")).run(),
        rolewrap(&machine, &format!("{role} whoami --json")).run(),
        rolewrap(&machine, "config show").run(),
        rolewrap(&machine, &format!("{role} exec no-such-command")).run(),
    ];
    let outcomes: Vec<_> = outcomes.iter().collect();
    outcomes[0].succeeds();
    outcomes[1].ends_with(125);
    outcomes[2].ends_with(125);
    outcomes[3].succeeds();
    for secret in [SECRET, StsStub::SECRET_PREFIX, "canary-proxy-password"] {
        assert_secret_absent(secret, machine.root(), &outcomes);
    }
}

#[test]
fn a_value_that_is_no_key_is_refused_without_being_shown() {
    let stub = stub();
    let machine = machine(&stub).env("AWS_SECRET_ACCESS_KEY", "canary secret with spaces");
    let outcome = rolewrap(&machine, &format!("-vv --iam-role {ROLE} exec true")).run();
    outcome
        .ends_with(125)
        .stderr_has("AWS_SECRET_ACCESS_KEY")
        .lacks("canary");
    assert_eq!(stub.count(), 0);
}

#[test]
fn an_id_with_the_secret_behind_it_is_neither_shown_nor_sent() {
    let stub = stub();
    let machine = machine(&stub).env(
        "AWS_ACCESS_KEY_ID",
        "AKIAIOSFODNN7EXAMPLEwJalrXUtnFEMIK7MDENGbPxRfiCYcanarycanar",
    );
    for line in ["exec true", "whoami", "export", "source check"] {
        rolewrap(&machine, &format!("-vv --iam-role {ROLE} {line}"))
            .run()
            .ends_with(125)
            .stderr_has("AWS_ACCESS_KEY_ID: the access key id begins with AKIA or ASIA")
            .lacks("canary");
    }
    assert_eq!(stub.count(), 0);
}

#[cfg(target_os = "linux")]
#[test]
fn the_arguments_of_the_command_hold_no_secret_and_its_environment_no_base_key() {
    let stub = stub();
    let machine = machine(&stub);
    let outcome = rolewrap(
        &machine,
        &format!("--iam-role {ROLE} exec cat /proc/self/cmdline /proc/self/environ"),
    )
    .run();
    outcome
        .succeeds()
        .lacks(SECRET)
        .lacks(crate::given::KEY)
        .stdout_has(StsStub::SECRET_PREFIX);
}
