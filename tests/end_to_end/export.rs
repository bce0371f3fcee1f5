//! `rolewrap export` and `rolewrap credential-process`: the programs that read what they print are the real ones.

use std::fs;
use std::process::Stdio;

use insta::assert_snapshot;
use rolewrap_lab::{Answer, Moto, Sandbox, Shell, StsStub, node};
use serde_json::Value;

use crate::given::{KEY, ROLE, ROLEWRAP, SECRET, machine, rolewrap, shown, stub};

/// Everything that can go to standard output, in the order of the help.
const FORMATS: [&str; 11] = [
    "env",
    "env-no-export",
    "fish",
    "powershell",
    "windows-cmd",
    "json",
    "process",
    "dotenv",
    "github",
    "ini",
    "terragrunt",
];

#[test]
fn a_shell_that_evaluates_it_has_the_session_and_no_other_identity() {
    for shell in Shell::ALL {
        let stub = stub();
        let machine = machine(&stub)
            .program(&shell.path().expect("the shell is installed"))
            .env("AWS_PROFILE", "ghost")
            .env("AWS_ACCOUNT_ID", "999999999999")
            .env("AWS_WEB_IDENTITY_TOKEN_FILE", "/run/token")
            .env("ROLEWRAP_IAM_ROLE", ROLE)
            .env("AWS_REGION", "eu-west-1");
        let script = if shell == Shell::Fish {
            format!("{ROLEWRAP} export --format fish | source; env")
        } else {
            format!(r#"eval "$({ROLEWRAP} export)"; env"#)
        };
        let outcome = machine
            .command(shell.name())
            .args(shell.without_files())
            .args(["-c", &script])
            .run();
        outcome
            .succeeds()
            .stdout_has("AWS_ACCESS_KEY_ID=ASIASTUB")
            .stdout_has("AWS_SECRET_ACCESS_KEY=canary-of-the-sts-stub-secret")
            .stdout_has("AWS_SESSION_TOKEN=canary-of-the-sts-stub-session")
            .stdout_has("AWS_SECURITY_TOKEN=canary-of-the-sts-stub-session")
            .stdout_has("AWS_CREDENTIAL_EXPIRATION=2")
            .stdout_has("AWS_REGION=eu-west-1")
            .stdout_has("AWS_DEFAULT_REGION=eu-west-1")
            // What names the role to rolewrap, or may feed its source, stays for the next run.
            .stdout_has("ROLEWRAP_IAM_ROLE=")
            .stdout_has("AWS_WEB_IDENTITY_TOKEN_FILE=/run/token")
            .lacks("ghost")
            .lacks("AWS_ACCOUNT_ID=");
        assert_eq!(outcome.stderr(), "", "{}", shell.name());
    }
}

#[test]
fn every_format_is_printed_alone_and_no_base_key_with_it() {
    let stub = stub();
    let machine = machine(&stub)
        .env("GITHUB_ENV", "github.env")
        .file("github.env", "");
    for format in FORMATS {
        let outcome = rolewrap(
            &machine,
            &format!("-vv --iam-role {ROLE} export --format {format}"),
        )
        .run();
        outcome
            .succeeds()
            .stdout_has(StsStub::SECRET_PREFIX)
            .lacks(SECRET);
        assert!(!outcome.stdout().contains(KEY), "{outcome}");
        assert!(!outcome.stderr().contains(StsStub::SECRET_PREFIX), "{outcome}");
    }
}

/// The JavaScript SDK leaves standard input open and never writes to it.
#[test]
fn credential_process_prints_one_document_and_waits_for_nobody() {
    let stub = stub();
    let machine = machine(&stub);
    let mut child = rolewrap(&machine, &format!("--iam-role {ROLE} credential-process"))
        .into_command()
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let open = child.stdin.take();
    let output = child.wait_with_output().unwrap();
    drop(open);
    assert!(output.status.success() && output.stderr.is_empty(), "{output:?}");
    let document: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(document["Version"], 1);
    assert_eq!(document["AccessKeyId"], "ASIASTUB000000000001");
    assert!(document["Expiration"].as_str().unwrap().ends_with('Z'));
    assert_eq!(document.as_object().unwrap().len(), 5);
}

#[test]
fn a_profile_of_aws_can_name_rolewrap_as_its_process() {
    let moto = Moto::start().expect("moto starts");
    let role = moto.role_arn("deploy");
    let profile =
        format!("[profile dev]\ncredential_process = {ROLEWRAP} --iam-role {role} credential-process\n");
    let machine = moto
        .sandbox()
        .system_programs()
        .envs(moto.base_variables())
        .file("../home/.aws/config", &profile);
    machine
        .run("aws", ["--profile", "dev", "sts", "get-caller-identity"])
        .succeeds()
        .stdout_has(":assumed-role/deploy/");
}

#[test]
fn a_credentials_file_can_hold_it() {
    let moto = Moto::start().expect("moto starts");
    let accounts = format!(
        "[accounts.dev]\nid = \"{}\"\nrole = \"deploy\"\n",
        moto.deploy_account()
    );
    let machine = moto
        .sandbox()
        .system_programs()
        .envs(moto.base_variables())
        .file("rolewrap.toml", &accounts);
    let exported = rolewrap(&machine, "--account dev export --format ini").run();
    exported.succeeds().stdout_has("[dev]\n");
    let machine = machine.file("../home/.aws/credentials", exported.stdout());
    machine
        .run("aws", ["--profile", "dev", "sts", "get-caller-identity"])
        .succeeds()
        .stdout_has(":assumed-role/deploy/");
}

#[test]
fn an_export_is_the_session_itself_whatever_the_delivery() {
    let stub = stub();
    let machine = machine(&stub).env("ROLEWRAP_DELIVERY", "endpoint");
    // The second one may come from the cache, with nothing kept for a renewal that an export never needs.
    for _ in 0..2 {
        let outcome = rolewrap(&machine, &format!("--iam-role {ROLE} export")).run();
        outcome.succeeds().stdout_has(StsStub::SECRET_PREFIX);
        assert_eq!(outcome.stderr(), "");
    }
}

#[test]
fn a_session_without_an_account_is_a_profile_with_the_name_of_the_role() {
    let stub = stub();
    rolewrap(&machine(&stub), &format!("--iam-role {ROLE} export --format ini"))
        .run()
        .succeeds()
        .stdout_has("[deploy]\n");
}

#[test]
fn github_gets_the_masks_first_and_the_variables_in_its_file() {
    let stub = stub();
    // An earlier step has left its line without an end.
    let machine = machine(&stub)
        .env("GITHUB_ENV", "github.env")
        .file("github.env", "EARLIER=1");
    let outcome = rolewrap(&machine, &format!("--iam-role {ROLE} export --format github")).run();
    assert_snapshot!(outcome.succeeds().stdout(), @"
    ::add-mask::ASIASTUB000000000001
    ::add-mask::canary-of-the-sts-stub-secret-access-key-1
    ::add-mask::canary-of-the-sts-stub-session-token-1
    ");
    let file = fs::read_to_string(machine.work().join("github.env")).unwrap();
    let (before, expiration) = file.split_once("AWS_CREDENTIAL_EXPIRATION<<rolewrap\n").unwrap();
    let mark = format!("Z\nrolewrap\nROLEWRAP_SESSION<<rolewrap\n{ROLE}\nrolewrap\n");
    assert!(expiration.contains(&mark), "{expiration}");
    assert!(expiration.contains("\nROLEWRAP_SESSION_KEY<<rolewrap\nASIASTUB000000000001\nrolewrap\n"));
    assert_snapshot!(before, @"
    EARLIER=1
    AWS_ACCESS_KEY_ID<<rolewrap
    ASIASTUB000000000001
    rolewrap
    AWS_SECRET_ACCESS_KEY<<rolewrap
    canary-of-the-sts-stub-secret-access-key-1
    rolewrap
    AWS_SESSION_TOKEN<<rolewrap
    canary-of-the-sts-stub-session-token-1
    rolewrap
    AWS_SECURITY_TOKEN<<rolewrap
    canary-of-the-sts-stub-session-token-1
    rolewrap
    ");
}

#[test]
fn outside_of_github_nobody_is_asked_for_its_format() {
    let stub = stub();
    let machine = machine(&stub);
    let outcome = rolewrap(&machine, &format!("--iam-role {ROLE} export --format github")).run();
    outcome.ends_with(125).prints("");
    assert_snapshot!(shown(outcome.stderr(), &machine, &stub), @"
    error: cannot export the session in the format github
    hint: run it in a step of a job, or choose another --format
      cause: the variable GITHUB_ENV is not set, so this is not a step of a GitHub Actions job
    ");
    let machine = machine.env("GITHUB_ENV", "github.env");
    let outcome = rolewrap(&machine, &format!("--iam-role {ROLE} export --format github")).run();
    outcome.ends_with(125).prints("");
    assert_snapshot!(shown(outcome.stderr(), &machine, &stub), @"
    error: cannot export the session in the format github
    hint: run it in a step of a job, or choose another --format
      cause: the variable GITHUB_ENV names MACHINE/work/github.env, which is not a file; the runner makes it for each step, and nobody else does
    ");
    assert!(!machine.work().join("github.env").exists());
    assert_eq!(stub.count(), 0);
}

#[test]
fn a_session_that_ends_in_a_moment_is_not_given_away() {
    for (seconds, code) in [(50, 125), (90, 0)] {
        let stub = stub();
        stub.answer_by_default(Answer::success().lasting_seconds(seconds));
        let outcome = rolewrap(
            &machine(&stub),
            &format!("--iam-role {ROLE} exec -- echo started"),
        )
        .run();
        outcome.ends_with(code);
        assert_eq!(outcome.stdout() == "started\n", code == 0, "{outcome}");
        for command in ["export", "credential-process"] {
            let outcome = rolewrap(&machine(&stub), &format!("--iam-role {ROLE} {command}")).run();
            outcome.ends_with(code);
            let has_secrets = outcome.stdout().contains(StsStub::SECRET_PREFIX);
            assert_eq!(has_secrets, code == 0, "{outcome}");
            let said = "error: the session expires too soon to be given away\n";
            assert_eq!(outcome.stderr().starts_with(said), code != 0, "{outcome}");
        }
    }
}

#[test]
fn a_role_that_is_denied_exports_nothing() {
    let stub = stub();
    stub.answer_by_default(Answer::error(403, "AccessDenied", "no"));
    let machine = machine(&stub)
        .env("GITHUB_ENV", "github.env")
        .file("github.env", "");
    for format in FORMATS {
        let arguments = format!("--iam-role {ROLE} export --format {format}");
        // A shell is told that it failed; for all others nothing is printed.
        let printed = match format {
            "env" | "fish" => "false",
            "env-no-export" => "false rolewrap exported no session",
            "powershell" => "throw 'rolewrap exported no session'",
            _ => "",
        };
        rolewrap(&machine, &arguments)
            .run()
            .ends_with(125)
            .prints(printed);
    }
    assert_eq!(fs::read_to_string(machine.work().join("github.env")).unwrap(), "");
}

#[test]
fn a_shell_does_not_go_on_where_its_directory_is_gone() {
    let script = format!(
        r#"mkdir gone && cd gone && rmdir ../gone; eval "$({ROLEWRAP} --iam-role {ROLE} export)" && echo went on"#
    );
    let outcome = Sandbox::new().system_programs().run("sh", ["-c", &script]);
    outcome
        .ends_with(1)
        .stderr_has("the working directory is gone")
        .prints("");
}

#[test]
fn a_shell_does_not_go_on_without_the_session() {
    let stub = stub();
    stub.answer_by_default(Answer::error(403, "AccessDenied", "no"));
    for shell in Shell::ALL {
        let machine = machine(&stub).program(&shell.path().expect("the shell is installed"));
        // A variable that is wrong is noticed before anything else is.
        for wrong in ["", "ROLEWRAP_VERBOSE=x"] {
            let export = format!("env {wrong} {ROLEWRAP} --iam-role {ROLE} export");
            let script = if shell == Shell::Fish {
                format!("{export} --format fish | source; and touch started")
            } else {
                format!(r#"eval "$({export})" && touch started"#)
            };
            let shell = machine.command(shell.name()).args(shell.without_files());
            shell
                .args(["-c", &script])
                .run()
                .ends_with(1)
                .stderr_has("error: ");
        }
        assert!(!machine.work().join("started").exists(), "{}", shell.name());
    }
}

#[test]
fn a_shell_does_not_go_on_wherever_export_stands() {
    let stub = stub();
    let machine = machine(&stub)
        .with_terraform()
        .expect("Terraform is installed")
        .program(&Shell::Dash.path().expect("dash is installed"))
        .env("ROLEWRAP_IAM_ROLE", ROLE)
        .file("live/main.tf", "");
    for line in [
        "-chdir=live export",
        "-chdir=nope export",
        "-chdir live export",
        "-chdir=live exprot",
        "-version export",
        "-- export",
        "-- -chdir=live export",
        "-chdir=live export --format env-no-export",
        "'' export",
        "nothing export",
        "--region export",
        "exec -- export",
        "plan --region eu-west-1 export",
    ] {
        for script in [
            format!(r#"eval "$({ROLEWRAP} {line})" && touch started"#),
            format!("eval $({ROLEWRAP} {line}) && touch started"),
        ] {
            let outcome = machine.run("dash", ["-c", &script]);
            outcome.ends_with(1).prints("");
        }
    }
    assert!(!machine.work().join("started").exists());
    assert_eq!(stub.count(), 0);
}

#[test]
fn github_gets_no_variables_where_nobody_reads_the_masks() {
    let stub = stub();
    let machine = machine(&stub)
        .env("GITHUB_ENV", "github.env")
        .file("github.env", "");
    let (reader, writer) = std::io::pipe().unwrap();
    drop(reader);
    let status = rolewrap(&machine, &format!("--iam-role {ROLE} export --format github"))
        .into_command()
        .stdout(writer)
        .stderr(Stdio::null())
        .status()
        .unwrap();
    assert_eq!(status.code(), Some(125));
    assert_eq!(fs::read_to_string(machine.work().join("github.env")).unwrap(), "");
}

#[test]
fn what_a_file_cannot_remove_is_warned_about() {
    let stub = stub();
    let machine = machine(&stub).env("AWS_PROFILE", "mine");
    let warning = |format: &str, keep: &str| {
        let arguments = format!("--iam-role {ROLE} {keep} export --format {format}");
        rolewrap(&machine, &arguments)
            .run()
            .succeeds()
            .stderr()
            .to_owned()
    };
    let warned = "warning: set here, and preferred to the session by some programs: AWS_PROFILE; unset it where the session is used\n";
    assert_eq!(warning("dotenv", ""), warned);
    assert_eq!(warning("env", ""), "");
    // A profile that runs credential_process is often named by this very variable.
    assert_eq!(warning("process", ""), "");
    let kept = rolewrap(
        &machine,
        &format!("--iam-role {ROLE} --keep-env AWS_PROFILE export"),
    )
    .run();
    kept.succeeds()
        .lacks("unset")
        .stderr_has("warning: AWS_PROFILE stays where the session is used");
}

/// `script` of util-linux gives a real terminal.
#[test]
fn a_person_is_told_once_before_secrets_are_on_the_terminal() {
    let stub = stub();
    let machine = machine(&stub);
    let on_terminal = |arguments: &str| {
        let command = format!("{ROLEWRAP} --iam-role {ROLE} {arguments}");
        let script = machine.command("script");
        script
            .args(["--quiet", "--return", "--command", &command, "/dev/null"])
            .run()
    };
    let warning = "warning: the secrets of the session follow on this terminal";
    for arguments in ["export", "credential-process"] {
        let outcome = on_terminal(arguments);
        let (before, after) = outcome.succeeds().stdout().split_once(warning).unwrap();
        assert!(!before.contains(StsStub::SECRET_PREFIX), "{outcome}");
        assert!(
            after.contains(StsStub::SECRET_PREFIX) && !after.contains(warning),
            "{outcome}"
        );
    }
    on_terminal("-q export").succeeds().lacks("warning");
    on_terminal("export > file").succeeds().lacks("warning");
}

fn read_by_node(machine: &Sandbox, file: &str) -> String {
    let program = "console.log([process.env.AWS_SESSION_TOKEN, process.env.AWS_REGION].join(' '))";
    let file = format!("--env-file={file}");
    let outcome = machine.command("node").args([&*file, "-e", program]).run();
    outcome.succeeds().stdout().trim().to_owned()
}

#[test]
fn an_env_file_is_read_alike_by_a_shell_and_by_a_reader_of_such_files() {
    let stub = stub();
    let machine = machine(&stub).env("AWS_REGION", "eu-west-1");
    for format in ["dotenv", "env-no-export"] {
        let exported = rolewrap(&machine, &format!("--iam-role {ROLE} export --format {format}")).run();
        let number = stub.count();
        let expected = format!("canary-of-the-sts-stub-session-token-{number} eu-west-1");
        let machine = Sandbox::new()
            .system_programs()
            .program(&node().expect("Node.js is installed"))
            .file("session.env", exported.succeeds().stdout());
        assert_eq!(read_by_node(&machine, "session.env"), expected);
        let script =
            r#"set -a; . ./session.env; env | grep -c '^AWS_'; echo "$AWS_SESSION_TOKEN $AWS_REGION""#;
        machine
            .run("sh", ["-c", script])
            .succeeds()
            .prints(&format!("7\n{expected}"));
    }
}

#[test]
fn terragrunt_gets_the_keys_and_the_variables_of_its_schema() {
    let stub = stub();
    let machine = machine(&stub).env("AWS_REGION", "eu-west-1");
    let outcome = rolewrap(&machine, &format!("--iam-role {ROLE} export --format terragrunt")).run();
    let document: Value = serde_json::from_str(outcome.succeeds().stdout()).unwrap();
    let keys = document["awsCredentials"].as_object().unwrap();
    let names: Vec<_> = keys.keys().map(String::as_str).collect();
    assert_eq!(names, ["ACCESS_KEY_ID", "SECRET_ACCESS_KEY", "SESSION_TOKEN"]);
    assert_eq!(keys["ACCESS_KEY_ID"], "ASIASTUB000000000001");
    assert_eq!(document["envs"]["AWS_REGION"], "eu-west-1");
    assert_eq!(document.as_object().unwrap().len(), 2);
}

#[test]
fn terragrunt_may_ask_again_with_what_it_got_in_its_environment() {
    let stub = stub();
    let document = format!(r#"{{"Version": 1, "AccessKeyId": "{KEY}", "SecretAccessKey": "{SECRET}"}}"#);
    let source = "source = 'base'\n[sources.base]\ntype = 'process'\ncommand = ['cat', 'BASE']\n";
    let machine = machine(&stub);
    let base = machine.root().join("base.json");
    let machine = machine.file("../base.json", &document).file(
        "../config/rolewrap/config.toml",
        &source.replace("BASE", &base.to_string_lossy()),
    );
    let ask = |environment: &[(String, String)]| {
        let asked = rolewrap(&machine, &format!("--iam-role {ROLE} export --format terragrunt"));
        let outcome = asked.envs(environment.iter().cloned()).run();
        serde_json::from_str::<Value>(outcome.succeeds().stdout()).unwrap()
    };
    let first = ask(&[]);
    let keys = first["awsCredentials"].as_object().unwrap();
    let keys = keys.iter().map(|(name, value)| (format!("AWS_{name}"), value));
    let envs = first["envs"].as_object().unwrap().iter();
    let environment: Vec<_> = keys
        .chain(envs.map(|(name, value)| (name.clone(), value)))
        .map(|(name, value)| (name, value.as_str().unwrap().to_owned()))
        .collect();
    let second = ask(&environment);
    assert_eq!(second["awsCredentials"]["ACCESS_KEY_ID"], "ASIASTUB000000000001");
    let signed: Vec<_> = stub
        .requests()
        .iter()
        .map(|request| request.access_key_id().map(str::to_owned))
        .collect();
    assert_eq!(
        signed,
        [Some(KEY.to_owned())],
        "what is there is what it asks for"
    );
}

#[test]
fn a_shell_does_not_go_on_where_an_option_or_the_command_is_misspelt() {
    for (words, said) in [("--iam-rol x export", "--iam-rol"), ("exprot", "`export`")] {
        let script = format!("eval \"$(\"$0\" {words})\" && echo goes on");
        let outcome = Sandbox::new().run("/bin/sh", ["-c", &script, ROLEWRAP]);
        outcome.ends_with(1).lacks("goes on").stderr_has(said);
    }
}

#[test]
fn a_line_of_ours_that_terragrunt_would_pass_over_gives_nothing_away() {
    let stub = stub();
    let line = "rolewrap --account prod credential-process";
    let machine = machine(&stub)
        .env("TG_AUTH_PROVIDER_CMD", line)
        .env("ROLEWRAP_IAM_ROLE", ROLE);
    let refused = rolewrap(&machine, "credential-process").run();
    assert_snapshot!(refused.ends_with(125).stderr(), @"
    error: the line of rolewrap in TG_AUTH_PROVIDER_CMD prints what Terragrunt does not read, so nothing was started
    hint: end that line in: export --format terragrunt
      cause: Terragrunt passes over such an answer, and goes on under the identity that it finds elsewhere
      from: variable TG_AUTH_PROVIDER_CMD
    ");
    refused.prints("");
    for line in ["export --format json", "exec -- true", "apply"] {
        rolewrap(&machine, line)
            .env("ROLEWRAP_TERRAFORM", "echo")
            .run()
            .ends_with(125)
            .stderr_has("error: the line of rolewrap in TG_AUTH_PROVIDER_CMD ");
    }
    assert_eq!(stub.count(), 0);
    rolewrap(&machine, "export --format terragrunt").run().succeeds();
}

#[test]
fn with_hidden_profiles_each_format_that_sets_variables_hides_them() {
    let stub = stub();
    let machine = machine(&stub)
        .env("ROLEWRAP_IAM_ROLE", ROLE)
        .env("AWS_CONFIG_FILE", "/home/me/aws config");
    for format in [
        "env",
        "env-no-export",
        "fish",
        "powershell",
        "windows-cmd",
        "dotenv",
        "terragrunt",
    ] {
        let exported =
            |options: &str| rolewrap(&machine, &format!("{options} export --format {format}")).run();
        exported("").succeeds().lacks("/dev/null");
        let hidden = exported("--hide-profiles");
        hidden.succeeds().stdout_has("AWS_SHARED_CREDENTIALS_FILE");
        let line = |text: &str| text.contains("AWS_CONFIG_FILE") && text.contains("/dev/null");
        assert!(hidden.stdout().lines().any(line), "{format}: {hidden}");
    }
    for format in ["json", "process", "ini"] {
        let options = format!("--hide-profiles export --format {format}");
        rolewrap(&machine, &options).run().succeeds().lacks("/dev/null");
    }
    // A run in the shell that evaluated it knows where the profiles are.
    let script = format!(
        "eval \"$({ROLEWRAP} --hide-profiles export)\"; echo \"$AWS_CONFIG_FILE\"; {ROLEWRAP} exec sh -c 'echo \"in: $AWS_CONFIG_FILE\"'"
    );
    let outcome = machine.command("sh").args(["-c", &script]).run();
    outcome
        .succeeds()
        .stdout_has("/dev/null\nin: /home/me/aws config");
}
