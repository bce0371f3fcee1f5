//! How long a session lasts, where the role has a word in it.

use std::os::unix::fs::PermissionsExt;

use insta::assert_snapshot;
use rolewrap_lab::{Answer, Sandbox, StsStub};

use crate::given::{ROLE, machine, rolewrap, shown, stub, without_request_id};

const HOUR: i64 = 3600;

/// The hours that STS was asked for, one after the other.
fn asked(stub: &StsStub) -> Vec<String> {
    let seconds =
        |request: &rolewrap_lab::StsRequest| request.parameter("DurationSeconds").map(str::to_owned);
    stub.requests().iter().filter_map(seconds).collect()
}

fn run_for_max(machine: &Sandbox) {
    rolewrap(machine, &format!("--iam-role {ROLE} --duration max exec true"))
        .run()
        .succeeds();
}

#[test]
fn a_duration_above_the_roles_maximum_is_named_with_where_it_was_set() {
    let stub = stub();
    stub.limit_sessions_to(HOUR);
    let file = format!("account = 'dev'\n[accounts.dev]\nrole = '{ROLE}'\nduration = '4h'\n");
    let machine = machine(&stub).file("rolewrap.toml", &file);
    let outcome = rolewrap(&machine, "exec touch started").run();
    outcome.ends_with(125);
    assert!(!machine.work().join("started").exists());
    assert_eq!(stub.count(), 1, "asked once");
    assert_snapshot!(without_request_id(&shown(outcome.stderr(), &machine, &stub)), @"
    error: arn:aws:iam::123456789012:role/deploy does not allow a session of 4h
    hint: ask for less, or for max, which finds what the role allows; the role's MaxSessionDuration in IAM can be raised to 12h
      cause: ValidationError: The requested DurationSeconds exceeds the MaxSessionDuration set for this role.
      role: arn:aws:iam::123456789012:role/deploy (project file MACHINE/work/rolewrap.toml:3)
      duration: 4h (project file MACHINE/work/rolewrap.toml:4)
      key: AKIAIOSFODNN7EXAMPLE from source env (built-in default)
      asked: STS, request id ID
    ");
}

#[test]
fn max_finds_what_the_role_allows_and_remembers_it_until_it_is_refused() {
    let stub = stub();
    let machine = machine(&stub).env("ROLEWRAP_CACHE", "off");
    stub.limit_sessions_to(4 * HOUR);
    run_for_max(&machine);
    assert_eq!(asked(&stub), ["43200", "14400", "28800", "21600", "18000"]);
    run_for_max(&machine);
    assert_eq!(asked(&stub)[5..], ["14400"], "the second run knows it");
    let folder = machine.root().join("cache/rolewrap/durations");
    let file = folder.read_dir().unwrap().next().unwrap().unwrap();
    assert_eq!(file.metadata().unwrap().permissions().mode() & 0o777, 0o600);
    assert_eq!(std::fs::read_to_string(file.path()).unwrap(), "14400\n");
    stub.limit_sessions_to(HOUR);
    run_for_max(&machine);
    assert_eq!(
        asked(&stub)[6..],
        ["14400", "43200", "14400", "7200", "3600"],
        "a refusal makes it look again"
    );
}

#[test]
fn a_refresh_and_a_clear_make_max_look_again() {
    let stub = stub();
    let machine = machine(&stub).env("ROLEWRAP_CACHE", "off");
    stub.limit_sessions_to(HOUR);
    run_for_max(&machine);
    let looked = asked(&stub).len();
    stub.limit_sessions_to(12 * HOUR);
    run_for_max(&machine);
    assert_eq!(
        asked(&stub)[looked..],
        ["3600"],
        "nothing tells that it was raised"
    );
    let refreshed = format!("--refresh --iam-role {ROLE} --duration max exec true");
    rolewrap(&machine, &refreshed).run().succeeds();
    assert_eq!(asked(&stub)[looked + 1..], ["43200"]);
    run_for_max(&machine);
    assert_eq!(
        asked(&stub)[looked + 2..],
        ["43200"],
        "what it found is remembered"
    );
    rolewrap(&machine, "cache clear")
        .run()
        .succeeds()
        .prints("Forgot how long sessions of 1 role can be.");
    stub.limit_sessions_to(HOUR);
    run_for_max(&machine);
    assert_eq!(
        asked(&stub)[looked + 3..],
        ["43200", "14400", "7200", "3600"],
        "it looks once"
    );
    run_for_max(&machine);
    assert_eq!(asked(&stub).last().map(String::as_str), Some("3600"));
}

#[test]
fn max_needs_no_cache_folder() {
    let stub = stub();
    stub.limit_sessions_to(HOUR);
    let machine = machine(&stub);
    let link = machine.root().join("cache/rolewrap");
    std::fs::create_dir_all(machine.root().join("cache")).unwrap();
    std::os::unix::fs::symlink(machine.work(), link).unwrap();
    run_for_max(&machine);
    assert_eq!(stub.count(), 4);
    assert!(
        !machine.work().join("durations").exists(),
        "a link is not followed"
    );
}

#[test]
fn another_refusal_than_the_duration_ends_the_search() {
    let stub = stub();
    stub.answer_by_default(Answer::error(403, "AccessDenied", "no"));
    let outcome = rolewrap(&machine(&stub), &format!("--iam-role {ROLE} -d max exec true")).run();
    outcome.ends_with(125).stderr_has("AccessDenied");
    assert_eq!(stub.count(), 1);
}

#[test]
fn max_is_an_hour_with_temporary_base_credentials() {
    let stub = stub();
    let machine = machine(&stub).env("AWS_SESSION_TOKEN", "canary-session-token");
    run_for_max(&machine);
    assert_eq!(asked(&stub), ["3600"]);
}
