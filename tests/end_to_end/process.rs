//! Base credentials from a program that speaks AWS's `credential_process` contract.

use insta::assert_snapshot;
use rolewrap_lab::{Moto, Sandbox, StsStub, assert_secret_absent};

use crate::given::{KEY, ROLE, ROLEWRAP, SECRET, refused, rolewrap, run_traced, stub};

/// A machine without keys, whose source is a shell script.
fn machine(stub: &StsStub, script: &str) -> Sandbox {
    configured(Sandbox::new().system_programs(), script).env("AWS_ENDPOINT_URL_STS", stub.url())
}

fn configured(machine: Sandbox, script: &str) -> Sandbox {
    let script_file = machine.root().join("tool.sh");
    let configuration = format!(
        "source = 'tool'\n[sources.tool]\ntype = 'process'\ncommand = ['sh', '{}']\n",
        script_file.display()
    );
    machine
        .file("../tool.sh", script)
        .file("../config/rolewrap/config.toml", &configuration)
}

fn document() -> String {
    format!(r#"{{"Version": 1, "AccessKeyId": "{KEY}", "SecretAccessKey": "{SECRET}"}}"#)
}

#[test]
fn the_command_runs_under_the_role_that_the_key_of_the_program_may_assume() {
    let moto = Moto::start().expect("moto starts");
    let script = format!(
        r#"echo '{{"Version": 1, "AccessKeyId": "{}", "SecretAccessKey": "{}"}}'"#,
        moto.base_key(),
        moto.base_secret()
    );
    let machine = configured(moto.sandbox().system_programs(), &script);
    rolewrap(
        &machine,
        &format!("--iam-role {} exec --", moto.role_arn("deploy")),
    )
    .args([
        "aws",
        "sts",
        "get-caller-identity",
        "--query",
        "Arn",
        "--output",
        "text",
    ])
    .run()
    .succeeds()
    .stdout_has(":assumed-role/deploy/");
}

#[test]
fn the_program_has_the_environment_and_the_command_has_the_standard_input() {
    let stub = stub();
    let script = format!("[ \"$VAULT\" = security ] && cat >&2 && echo '{}'", document());
    let machine = machine(&stub, &script).env("VAULT", "security");
    let outcome = rolewrap(&machine, &format!("--iam-role {ROLE} exec cat"))
        .stdin("for the command")
        .run();
    outcome.succeeds().prints("for the command");
    assert_eq!(outcome.stderr(), "");
}

#[test]
fn sts_is_connected_to_while_the_program_runs_and_not_where_a_source_fails_at_once() {
    let stub = StsStub::start_tls(&["127.0.0.1"]).expect("the stub starts");
    let machine = machine(&stub, "cat \"$PIPE\"");
    let pipe = machine.root().join("pipe");
    machine.run("mkfifo", [&pipe]).succeeds();
    let authority = machine.root().join("ca.pem");
    stub.write_ca(&authority).expect("a file can be written");
    let machine = machine.env("PIPE", &pipe).env("AWS_CA_BUNDLE", &authority);
    let started = rolewrap(&machine, &format!("--iam-role {ROLE} exec true"));
    std::thread::scope(|scope| {
        let running = scope.spawn(|| started.run());
        while stub.connections() == 0 {
            assert!(!running.is_finished(), "{:?}", running.join());
            std::thread::yield_now();
        }
        assert_eq!(stub.count(), 0, "nothing is asked before there is a key");
        std::fs::write(&pipe, document()).expect("the program reads");
        running.join().expect("it runs").succeeds();
    });
    assert_eq!((stub.connections(), stub.count()), (1, 1));

    let absent = rolewrap(&machine, &format!("--source env --iam-role {ROLE} exec true")).run();
    absent.ends_with(125);
    assert_eq!(stub.connections(), 1);
}

#[test]
fn an_sts_that_cannot_be_connected_to_is_reported_by_the_request_alone() {
    let stub = stub();
    let machine = machine(&stub, "exit 3").env("AWS_ENDPOINT_URL_STS", "http://127.0.0.1:1");
    let failed = rolewrap(&machine, &format!("--iam-role {ROLE} exec true")).run();
    failed
        .ends_with(125)
        .stderr_has("ended with exit status: 3")
        .lacks("127.0.0.1");
    let machine = machine
        .file("../tool.sh", &format!("echo '{}'", document()))
        .env("AWS_MAX_ATTEMPTS", "1");
    let failed = rolewrap(&machine, &format!("--iam-role {ROLE} exec true")).run();
    failed
        .ends_with(125)
        .stderr_has("no connection could be made (1 attempt)");
}

#[test]
fn what_the_program_says_is_passed_on_and_cannot_act_on_the_terminal() {
    let stub = stub();
    let script = format!(
        "printf 'Touch the key\\n\\033]0;owned\\007' >&2; echo '{}'",
        document()
    );
    let machine = machine(&stub, &script);
    let outcome = run_traced(&machine, "");
    outcome
        .succeeds()
        .stderr_has("Touch the key\n\\u{1b}]0;owned\\u{7}")
        .lacks("\u{1b}");
    assert_secret_absent(SECRET, &machine.work(), &[&outcome]);
}

/// `script` of util-linux gives a real terminal. A program in a process group of its own would be stopped there.
#[test]
fn the_program_can_ask_on_the_terminal() {
    let stub = stub();
    let script = format!(
        "printf 'PIN: ' >/dev/tty; read pin </dev/tty; [ \"$pin\" = 1234 ] && echo '{}'",
        document()
    );
    let machine = machine(&stub, &script);
    let run = format!("{ROLEWRAP} --no-cache --iam-role {ROLE} exec echo done");
    let answered = |answer: &str| {
        machine
            .command("script")
            .args(["--quiet", "--return", "--command", &run, "/dev/null"])
            .stdin(answer)
            .run()
    };
    answered("1234\n")
        .succeeds()
        .stdout_has("PIN: ")
        .stdout_has("done");
    answered("4321\n").ends_with(125).lacks("done");
}

#[test]
fn a_program_that_fails() {
    let stub = stub();
    let machine = machine(
        &stub,
        &format!("echo '{}'; printf '\\033[2Jlocked\\n' >&2; exit 3", document()),
    );
    assert_snapshot!(refused(&stub, &machine, ""), @r"
    \u{1b}[2Jlocked
    error: failed to reach source tool
    hint: run the program by itself to see what it needs; `timeout` in its section allows it more time
      cause: sh ended with exit status: 3; its last line on standard error: \u{1b}[2Jlocked
      source: tool (user file MACHINE/config/rolewrap/config.toml:1)
    ");
}

#[test]
fn a_program_that_takes_too_long() {
    let stub = stub();
    let machine = machine(&stub, "sleep 1000");
    let configuration =
        "source = 'tool'\n[sources.tool]\ntype = 'process'\ncommand = ['sleep', '1000']\ntimeout = 1\n";
    let machine = machine.file("../config/rolewrap/config.toml", configuration);
    assert_snapshot!(refused(&stub, &machine, ""), @"
    error: failed to reach source tool
    hint: run the program by itself to see what it needs; `timeout` in its section allows it more time
      cause: sleep did not end within 1s and was stopped
      source: tool (user file MACHINE/config/rolewrap/config.toml:1)
    ");
}

#[test]
fn a_program_that_is_not_there() {
    let stub = stub();
    let configuration = "source = 'tool'\n[sources.tool]\ntype = 'process'\ncommand = ['no-such-program']\n";
    let machine = machine(&stub, "").file("../config/rolewrap/config.toml", configuration);
    assert_snapshot!(refused(&stub, &machine, ""), @"
    error: failed to use source tool: no directory of PATH has the program `no-such-program`
    hint: install the program, or correct `command`; `rolewrap config show` says where it is from
      setting: command
      source: tool (user file MACHINE/config/rolewrap/config.toml:1)
      from: user file MACHINE/config/rolewrap/config.toml:4
    ");
}

#[test]
fn a_program_that_prints_nothing() {
    let stub = stub();
    assert_snapshot!(refused(&stub, &machine(&stub, "exit 0"), ""), @"
    error: failed to find base credentials in source tool
    hint: run the program by itself to see what it needs; `timeout` in its section allows it more time
      cause: sh ended well and printed nothing
      source: tool (user file MACHINE/config/rolewrap/config.toml:1)
    ");
}

#[test]
fn a_version_that_is_text() {
    let stub = stub();
    let text = document().replace(": 1", r#": "1""#);
    assert_snapshot!(refused(&stub, &machine(&stub, &format!("echo '{text}'")), ""), @r#"
    error: failed to use the base credentials from source tool
    hint: run the program by itself: it has to print {"Version": 1, "AccessKeyId": "…", "SecretAccessKey": "…"}, of credentials that have not expired, and nothing else
      cause: what sh printed is of no use: Version is text, and has to be the number 1
      source: tool (user file MACHINE/config/rolewrap/config.toml:1)
    "#);
}

#[test]
fn credentials_that_have_expired() {
    let stub = stub();
    let text = document().replace('}', r#", "Expiration": "2020-01-01T00:00:00Z"}"#);
    assert_snapshot!(refused(&stub, &machine(&stub, &format!("echo '{text}'")), ""), @r#"
    error: failed to use the base credentials from source tool
    hint: run the program by itself: it has to print {"Version": 1, "AccessKeyId": "…", "SecretAccessKey": "…"}, of credentials that have not expired, and nothing else
      cause: what sh printed is of no use: the credentials expired at 2020-01-01T00:00:00Z
      source: tool (user file MACHINE/config/rolewrap/config.toml:1)
    "#);
}

#[test]
fn what_is_no_document_is_not_shown() {
    let stub = stub();
    for text in [
        SECRET.to_owned(),
        format!("<html>{SECRET}</html>"),
        document().replace('}', ""),
        document() + &document(),
    ] {
        let message = refused(&stub, &machine(&stub, &format!("echo '{text}'")), "");
        assert!(message.contains("what sh printed is of no use"), "{message}");
    }
}

#[test]
fn ten_megabytes_are_refused_at_once() {
    let stub = stub();
    let machine = machine(&stub, "head -c 10000000 /dev/zero | tr '\\0' x");
    assert_snapshot!(refused(&stub, &machine, ""), @r#"
    error: failed to use the base credentials from source tool
    hint: run the program by itself: it has to print {"Version": 1, "AccessKeyId": "…", "SecretAccessKey": "…"}, of credentials that have not expired, and nothing else
      cause: sh printed more than 65536 bytes, so it was stopped
      source: tool (user file MACHINE/config/rolewrap/config.toml:1)
    "#);
}

#[test]
fn a_time_limit_that_is_none_and_a_path_that_starts_anywhere_are_refused_with_their_line() {
    let stub = stub();
    for (line, expected) in [
        ("command = ['x']\ntimeout = 'soon'", "config.toml:5"),
        ("command = ['x']\ntimeout = '2h'", "config.toml:5"),
        ("command = ['x']\ntimeout = 0", "config.toml:5"),
        ("command = ['./x']", "config.toml:4"),
        ("command = []", "config.toml:4"),
    ] {
        let configuration = format!("source = 'tool'\n[sources.tool]\ntype = 'process'\n{line}\n");
        let machine = machine(&stub, "").file("../config/rolewrap/config.toml", &configuration);
        let message = refused(&stub, &machine, "");
        assert!(message.contains(expected), "{message}");
    }
}

#[test]
fn what_feeds_the_program_does_not_reach_the_command() {
    const LOGIN: &str = "canary-login-of-the-tool";
    let stub = stub();
    let script = format!("test \"$LOGIN\" = {LOGIN} && echo '{}'", document());
    let machine = machine(&stub, &script).env("LOGIN", LOGIN);
    let environment = |machine: &Sandbox| rolewrap(machine, &format!("--iam-role {ROLE} exec env")).run();
    environment(&machine).succeeds().stdout_has(LOGIN);

    let file = machine.config_home().join("rolewrap/config.toml");
    let text = std::fs::read_to_string(&file).unwrap() + "variables = ['LOGIN']\n";
    let machine = machine.file(file, &text).file("terraform", "env");
    environment(&machine).succeeds().lacks(LOGIN);
    machine.run("chmod", ["+x", "terraform"]).succeeds();
    let without_session = rolewrap(&machine, "--terraform ./terraform fmt").run();
    without_session.succeeds().stdout_has("PATH=").lacks(LOGIN);
}

#[test]
fn a_session_is_shared_by_terminals_and_by_directories_where_the_program_does_not_choose_by_them() {
    let stub = stub();
    let machine = machine(&stub, &format!("echo '{}'", document())).file("unit/main.tf", "");
    let run = |machine: &Sandbox| rolewrap(machine, &format!("--iam-role {ROLE} exec true"));
    run(&machine).run().succeeds();
    for terminal in ["ITERM_SESSION_ID", "SSH_CONNECTION", "MAKELEVEL"] {
        run(&machine).env(terminal, "1").run().succeeds();
    }
    assert_eq!(stub.count(), 1);
    run(&machine).directory("unit").run().succeeds();
    run(&machine).env("TOOL_ACCOUNT", "a").run().succeeds();
    assert_eq!(stub.count(), 3, "nobody said what it chooses by");

    let file = machine.config_home().join("rolewrap/config.toml");
    let text = std::fs::read_to_string(&file).unwrap() + "chooses_by = { variables = ['TOOL_ACCOUNT'] }\n";
    let machine = machine.file(file, &text);
    run(&machine).run().succeeds();
    run(&machine)
        .directory("unit")
        .env("TF_VAR_unit", "unit")
        .run()
        .succeeds();
    assert_eq!(stub.count(), 4);
    run(&machine).env("TOOL_ACCOUNT", "a").run().succeeds();
    assert_eq!(stub.count(), 5, "another account of the tool");
}
