//! The command behaves as if rolewrap were not there.

use std::process::Stdio;

use rolewrap_lab::{Answer, Running};

use crate::given::{ROLE, ROLEWRAP, machine, rolewrap, stub};

#[test]
fn the_exit_code_is_the_commands_own() {
    let stub = stub();
    let machine = machine(&stub);
    for code in [0, 1, 2, 42, 125, 255] {
        rolewrap(&machine, "--iam-role")
            .args([ROLE, "exec", "--", "sh", "-c", &format!("exit {code}")])
            .run()
            .ends_with(code);
    }
}

#[test]
fn death_by_a_signal_is_seen_from_outside() {
    let stub = stub();
    let machine = machine(&stub);
    rolewrap(&machine, "--iam-role")
        .args([ROLE, "exec", "--", "sh", "-c", "kill -TERM $$"])
        .run()
        .ends_with(128 + 15);
}

#[test]
fn the_command_takes_the_place_of_the_process() {
    let stub = stub();
    let machine = machine(&stub);
    let child = rolewrap(&machine, "--iam-role")
        .args([ROLE, "exec", "--", "sh", "-c", "echo $$"])
        .into_command()
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let id = child.id();
    let output = child.wait_with_output().unwrap();
    assert_eq!(String::from_utf8(output.stdout).unwrap().trim(), id.to_string());
}

#[test]
fn standard_input_reaches_the_command_untouched() {
    let stub = stub();
    let machine = machine(&stub);
    let text = "yes\n".repeat(100_000);
    let outcome = rolewrap(&machine, "--iam-role")
        .args([ROLE, "exec", "cat"])
        .stdin(text.clone())
        .run();
    assert_eq!(outcome.succeeds().stdout(), text);
}

#[test]
fn nothing_is_printed_beside_what_the_command_prints() {
    let stub = stub();
    let machine = machine(&stub);
    let outcome = rolewrap(&machine, "--iam-role")
        .args([ROLE, "exec", "echo", "hello"])
        .run();
    outcome.succeeds().prints("hello");
    assert_eq!(outcome.stderr(), "");
}

#[test]
fn arguments_are_passed_on_byte_for_byte() {
    let stub = stub();
    let machine = machine(&stub);
    let outcome = rolewrap(&machine, "--iam-role")
        .args([
            ROLE,
            "exec",
            "--",
            "printf",
            "[%s]",
            "",
            "a b",
            "--account",
            "-v",
            "*",
            "$HOME",
            "--",
        ])
        .run();
    outcome.succeeds().prints("[][a b][--account][-v][*][$HOME][--]");
}

#[test]
fn a_command_that_does_not_exist_ends_with_127_and_nobody_is_asked() {
    let stub = stub();
    let machine = machine(&stub);
    let outcome = rolewrap(&machine, "--iam-role")
        .args([ROLE, "exec", "no-such-command"])
        .run();
    outcome
        .ends_with(127)
        .stderr_has("there is no command `no-such-command`, so nothing was started");
    assert_eq!(stub.count(), 0);
}

#[test]
fn a_file_that_cannot_be_executed_ends_with_126_and_nobody_is_asked() {
    let stub = stub();
    let machine = machine(&stub).file("script", "#!/bin/sh\n");
    let outcome = rolewrap(&machine, "--iam-role")
        .args([ROLE, "exec", "./script"])
        .run();
    outcome
        .ends_with(126)
        .stderr_has("script cannot be executed")
        .stderr_has("chmod +x");
    assert_eq!(stub.count(), 0);
}

#[test]
fn a_role_that_cannot_be_assumed_means_that_the_command_never_starts() {
    let stub = stub();
    stub.answer_by_default(Answer::error(403, "AccessDenied", "not authorized"));
    let machine = machine(&stub);
    let outcome = rolewrap(&machine, "--iam-role")
        .args([ROLE, "exec", "touch", "started"])
        .run();
    outcome.ends_with(125).stderr_has("AccessDenied: not authorized");
    assert!(!machine.work().join("started").exists());
}

#[test]
fn a_script_sees_the_path_that_it_was_started_with() {
    let stub = stub();
    let machine = machine(&stub).file("script", "echo $0");
    machine.run("chmod", ["+x", "script"]).succeeds();
    rolewrap(&machine, "--iam-role")
        .args([ROLE, "exec", "./script"])
        .run()
        .succeeds()
        .prints("./script");
}

/// What is no program for this system, and what it is called.
fn no_programs() -> [(&'static str, Vec<u8>, &'static str); 5] {
    let mut of_another_machine = std::fs::read("/bin/true").expect("there is a program");
    // RISC-V, where that is not this machine, and the version of the format from the future.
    of_another_machine[18..24].copy_from_slice(&[0xf3, 0, 9, 0, 0, 0]);
    let page = b"\n<!DOCTYPE html>\n<title>403 Forbidden</title>\n".to_vec();
    [
        ("elf", of_another_machine, "for another kind of machine"),
        (
            "mach-o",
            b"\xcf\xfa\xed\xfe\x0c\0\0\x01 touch started".to_vec(),
            "a program for macOS",
        ),
        (
            "windows",
            b"MZ\x90\0\x03\0touch started".to_vec(),
            "a program for Windows",
        ),
        ("page", page, "a web page"),
        ("nothing", Vec::new(), "the file is empty"),
    ]
}

#[test]
fn what_the_system_cannot_execute_ends_with_126_and_a_script_without_a_first_line_runs() {
    let stub = stub();
    for (name, bytes, what) in no_programs() {
        for delivery in ["env", "endpoint"] {
            let machine = machine(&stub);
            let file = machine.work().join(name);
            std::fs::write(&file, &bytes).unwrap();
            machine.run("chmod", ["+x", name]).succeeds();
            let options = format!("--delivery {delivery} --iam-role {ROLE} exec ./{name}");
            rolewrap(&machine, &options)
                .run()
                .ends_with(126)
                .stderr_has("is not a program that this system can execute")
                .stderr_has(what);
            assert!(!machine.work().join("started").exists(), "{name}");
        }
    }
    let machine = machine(&stub).file("script", "printf '%s,' \"$0\" \"$@\"\nexit 3\n");
    machine.run("chmod", ["+x", "script"]).succeeds();
    let options = format!("--iam-role {ROLE} exec ./script one");
    let outcome = rolewrap(&machine, &options).args(["two words"]).run();
    outcome.ends_with(3).prints("./script,one,two words,");
}

#[test]
fn the_command_has_the_signals_as_they_are_by_default() {
    let stub = stub();
    let script = "yes | head -n 1; echo \"${PIPESTATUS[0]}\"; grep ^SigBlk /proc/self/status";
    let outcome = rolewrap(&machine(&stub), "--iam-role")
        .args([ROLE, "exec", "bash", "-c", script])
        .run();
    outcome
        .succeeds()
        .stdout_has("y\n141\n")
        .stdout_has("SigBlk:\t0000000000000000");
}

#[test]
fn a_directory_ends_with_126() {
    let stub = stub();
    let outcome = rolewrap(&machine(&stub), "--iam-role")
        .args([ROLE, "exec", "/tmp"])
        .run();
    outcome.ends_with(126).stderr_has("/tmp is a directory");
}

#[test]
fn a_command_that_is_taken_to_need_no_aws_finds_no_profile() {
    let stub = stub();
    let machine = machine(&stub);
    let outcome = rolewrap(&machine, "--terraform env version").run();
    // `env version` looks for a program called version; what it was given is shown by running it through a shell.
    outcome.ends_with(127);
    let machine = machine
        .file("terraform", "#!/bin/sh\nenv")
        .env("ROLEWRAP_TERRAFORM", "./terraform");
    machine.run("chmod", ["+x", "terraform"]).succeeds();
    let outcome = rolewrap(&machine, "version").run();
    outcome
        .succeeds()
        .stdout_has("AWS_CONFIG_FILE=/dev/null")
        .stdout_has("AWS_SHARED_CREDENTIALS_FILE=/dev/null")
        .lacks("AWS_ACCESS_KEY_ID");
}

#[test]
fn what_looks_like_a_request_for_help_behind_two_dashes_is_none() {
    let stub = stub();
    let machine = machine(&stub).env("ROLEWRAP_TERRAFORM", "echo");
    rolewrap(&machine, &format!("--iam-role {ROLE} apply -- -h"))
        .run()
        .succeeds()
        .prints("apply -- -h");
    assert_eq!(stub.count(), 1);
}

#[test]
fn terraform_commands_that_cannot_use_aws_start_at_once() {
    let stub = stub();
    let machine = machine(&stub)
        .env("ROLEWRAP_TERRAFORM", "echo")
        .env("ROLEWRAP_IAM_ROLE", ROLE);
    for arguments in [
        "fmt -check",
        "version",
        "-version",
        "plan -help",
        "-chdir=. fmt",
        "metadata functions -json",
    ] {
        rolewrap(&machine, arguments)
            .env_remove("AWS_ACCESS_KEY_ID")
            .run()
            .succeeds()
            .prints(arguments);
    }
    assert_eq!(stub.count(), 0);
    rolewrap(&machine, "plan").run().succeeds().prints("plan");
    assert_eq!(stub.count(), 1);
}

#[test]
fn a_person_is_told_when_aws_takes_its_time() {
    let stub = stub();
    let (answer, hold) = Answer::success().held();
    stub.enqueue(answer);
    let machine = machine(&stub);
    let mut running = Running::start(rolewrap(&machine, &format!("--iam-role {ROLE} exec true")));
    running.says("warning: still waiting for an answer of http://127.0.0.1:");
    drop(hold);
    running.ends().succeeds();
}

#[test]
fn a_limit_of_open_files_that_is_too_low_is_an_error_that_says_what_to_do() {
    let stub = stub();
    let machine = machine(&stub).env("AWS_MAX_ATTEMPTS", "1");
    let mut hints = 0;
    for limit in 5..=16 {
        let script = format!("ulimit -n {limit} && exec \"$0\" --no-cache --iam-role {ROLE} exec true");
        let outcome = machine.run("/bin/sh", ["-c", &script, ROLEWRAP]);
        outcome.lacks("panicked").lacks("has a defect");
        hints += usize::from(
            outcome
                .stderr()
                .contains("hint: allow more open files: ulimit -n "),
        );
    }
    assert!(hints > 0, "one of the limits is too low for the network");
}
