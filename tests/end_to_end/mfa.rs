//! Multi-factor authentication. The stub stands in for STS where a test counts requests, or needs a refusal.

use insta::assert_snapshot;
use rolewrap_lab::{
    Answer, Moto, OpenBao, Outcome, Sandbox, StsRequest, StsStub, Terminal, assert_secret_absent, oathtool,
};
use serde_json::json;

use crate::given::{KEY, ROLE, ROLEWRAP, SECRET, machine, rolewrap, shown, stub, without_request_id};

const DEVICE: &str = "arn:aws:iam::999999999999:mfa/alice";
const WRONG: &str = "MultiFactorAuthentication failed with invalid MFA one time pass code. ";

/// A machine whose user has an MFA device, and a program that says what `script` says. Nothing is cached, so that each
/// run needs a code.
fn machine_with(stub: &StsStub, configuration: &str, script: &str) -> Sandbox {
    let machine = machine(stub)
        .file("../code.sh", script)
        .envs([("NO_COLOR", "1"), ("ROLEWRAP_CACHE", "off")]);
    let program = machine.root().join("code.sh");
    let configuration = configuration.replace("CODE", &program.display().to_string());
    machine.file("../config/rolewrap/config.toml", &configuration)
}

const WITH_COMMAND: &str = "mfa_command = ['sh', 'CODE']\n\
    [accounts.prod]\nid = '123456789012'\nrole = 'deploy'\nmfa_serial = 'arn:aws:iam::999999999999:mfa/alice'\n";
const WITHOUT_COMMAND: &str = "[accounts.prod]\nid = '123456789012'\nrole = 'deploy'\n\
    mfa_serial = 'arn:aws:iam::999999999999:mfa/alice'\n";

fn actions(stub: &StsStub) -> Vec<String> {
    let requests = stub.requests();
    requests
        .iter()
        .map(|request| request.action().to_owned())
        .collect()
}

fn mfa_of(request: &StsRequest) -> (Option<&str>, Option<&str>) {
    (request.parameter("SerialNumber"), request.parameter("TokenCode"))
}

/// What a user reads when there is no session. Nothing is started, and no secret is shown.
fn refused(outcome: &Outcome, machine: &Sandbox, stub: &StsStub) -> String {
    outcome.ends_with(125).lacks(SECRET).lacks("987654");
    let text = format!("{}{}", outcome.stdout().replace("\r\n", "\n"), outcome.stderr());
    without_request_id(&shown(&text, machine, stub))
}

#[test]
fn the_code_of_a_program_makes_an_mfa_session_that_signs_for_the_role() {
    let stub = stub();
    let machine = machine_with(&stub, WITH_COMMAND, "echo ' 987654 '");
    let outcome = rolewrap(&machine, "-vv --account prod exec -- printenv AWS_ACCESS_KEY_ID").run();
    outcome
        .succeeds()
        .prints("ASIASTUB000000000002")
        .stderr_has("MFA session ASIASTUB000000000001, until ")
        .lacks("987654")
        .lacks(StsStub::SECRET_PREFIX);
    assert_eq!(actions(&stub), ["GetSessionToken", "AssumeRole"]);
    let requests = stub.requests();
    assert_eq!(requests[0].access_key_id(), Some(KEY));
    assert_eq!(mfa_of(&requests[0]), (Some(DEVICE), Some("987654")));
    assert_eq!(requests[1].access_key_id(), Some("ASIASTUB000000000001"));
    assert_eq!(mfa_of(&requests[1]), (None, None));
}

/// moto, as the lab mends it, knows the device, takes each of its codes once, and asks for MFA in a trust policy.
#[test]
fn a_role_that_asks_for_mfa_is_assumed_with_one_code_for_many_runs() {
    let moto = Moto::start().expect("moto starts");
    let machine = moto.sandbox().system_programs().envs(moto.base_variables());
    let run = |options: &str| {
        let role = moto.role_arn("guarded");
        let line = format!(
            "--non-interactive --session-name alice --iam-role {role} {options} \
             exec -- aws sts get-caller-identity --query Arn --output text"
        );
        rolewrap(&machine, &line).run()
    };
    let device = format!("--mfa-serial {}", moto.mfa_device());
    run("").ends_with(125).stderr_has("AWS does not let");
    let oathtool = oathtool().expect("oathtool is installed");
    let code = machine.run(oathtool, ["--totp", "--base32", moto.mfa_seed()]);
    let with_code = format!("{device} --mfa-token {}", code.succeeds().stdout().trim());
    for options in [
        &with_code,
        &device,
        &format!("{device} --refresh"),
        &format!("{device} --region eu-central-1"),
        &format!("{device} --refresh --delivery endpoint"),
    ] {
        run(options).succeeds().prints(&format!(
            "arn:aws:sts::{}:assumed-role/guarded/alice",
            moto.deploy_account()
        ));
    }
    run(&format!("{with_code} --no-cache"))
        .ends_with(125)
        .stderr_has("AWS does not take the MFA code");
}

#[test]
fn neither_code_nor_mfa_session_stays_on_the_machine() {
    let stub = stub();
    // A code that is nowhere by chance.
    let machine = machine_with(&stub, WITH_COMMAND, "printf '9876'; printf '54\\n'");
    let outcome = rolewrap(&machine, "--account prod exec -- env").run();
    outcome.succeeds().lacks("987654").lacks(SECRET);
    outcome.lacks("canary-of-the-sts-stub-session-token-1");
    assert_secret_absent("canary-of-the-sts-stub", &machine.root().join("cache"), &[]);
}

#[test]
fn the_codes_of_oathtool_and_of_vault_are_those_that_the_device_shows() {
    const SEED: &str = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP";
    let (stub, vault) = (stub(), OpenBao::start().expect("OpenBao starts"));
    let oathtool = oathtool().expect("oathtool is installed");
    let from_oathtool = format!(
        "mfa_command = ['{}', '--totp', '--base32', '{SEED}']\n",
        oathtool.display()
    );
    let from_vault = format!(
        "mfa_vault = {{ source = 'team', key = 'alice' }}\n[sources.team]\ntype = 'vault'\naddress = '{}'\npath = 'x'\n",
        vault.url()
    );
    vault.put_totp("alice", SEED);
    let client_token = vault.token(&["reader"]);
    for (place, configuration) in [("oathtool", from_oathtool), ("vault", from_vault)] {
        // Each holder of the seed takes a code once, as AWS does.
        vault.put_totp(place, SEED);
        let machine = machine_with(&stub, &configuration, "").env("VAULT_TOKEN", &client_token);
        let before = stub.count();
        let outcome = rolewrap(
            &machine,
            &format!("--mfa-serial {DEVICE} --iam-role {ROLE} exec -- true"),
        )
        .run();
        outcome.succeeds().lacks(&client_token);
        let requests = stub.requests();
        let code = requests[before].parameter("TokenCode").expect("a code");
        assert!(vault.takes_code(place, code), "{place}");
    }
}

#[test]
fn what_feeds_those_who_have_the_code_does_not_reach_the_command() {
    let (stub, vault) = (stub(), OpenBao::start().expect("OpenBao starts"));
    vault.put_totp("alice", "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP");
    vault.user("alice", "canary");
    let from_vault = format!(
        "mfa_vault = {{ source = 'team', key = 'alice' }}\n[sources.team]\ntype = 'vault'\naddress = '{}'\npath = 'x'\n\
         auth = {{ method = 'userpass', username = 'alice', password_variable = 'LAB_PASSWORD' }}\n",
        vault.url()
    );
    let program = "mfa_command = ['sh', 'CODE']\nmfa_variables = ['LAB_PASSWORD', 'VAULT_TOKEN']\n";
    let of_source = format!("[sources.env]\ntype = 'env'\n{program}");
    for configuration in [&*from_vault, program, &*of_source] {
        let script = "test \"$LAB_PASSWORD\" = canary && echo 987654";
        let machine = machine_with(&stub, configuration, script)
            .envs([("LAB_PASSWORD", "canary"), ("VAULT_TOKEN", "canary")])
            .file("terraform", "env");
        machine.run("chmod", ["+x", "terraform"]).succeeds();
        for words in [
            &*format!("--mfa-serial {DEVICE} --iam-role {ROLE} exec env"),
            "--terraform ./terraform fmt",
        ] {
            let outcome = rolewrap(&machine, words).run();
            outcome.succeeds().stdout_has("PATH=").lacks("canary\n");
        }
    }
}

#[test]
fn a_key_that_vault_does_not_have_is_named() {
    let (stub, vault) = (stub(), OpenBao::start().expect("OpenBao starts"));
    let configuration = format!(
        "[sources.team]\ntype = 'vault'\naddress = '{}'\npath = 'aws/security'\nmfa_serial = '{DEVICE}'\nmfa_vault = {{ key = 'alice' }}\n",
        vault.url()
    );
    vault.put(
        "aws/security",
        &json!({ "access_key_id": KEY, "secret_access_key": SECRET }),
    );
    let client_token = vault.token(&["reader"]);
    let machine = machine_with(&stub, &configuration, "").env("VAULT_TOKEN", client_token);
    let outcome = rolewrap(&machine, &format!("--source team --iam-role {ROLE} exec -- true")).run();
    assert_snapshot!(refused(&outcome, &machine, &stub), @"
    error: Vault gives no MFA code for arn:aws:iam::999999999999:mfa/alice
    hint: check the key and the mount of mfa_vault, and that the login of source team may read totp/code/alice
      cause: totp/code/alice is refused with status 400: unknown key: alice
      from: user file MACHINE/config/rolewrap/config.toml:6
    ");
    assert_eq!(stub.count(), 0);
}

#[test]
fn more_than_an_hour_sends_the_code_with_the_request_for_the_role() {
    let stub = stub();
    let machine = machine_with(&stub, WITH_COMMAND, "echo 987654");
    rolewrap(&machine, "--account prod --duration 2h exec -- true")
        .run()
        .succeeds();
    assert_eq!(actions(&stub), ["AssumeRole"]);
    let request = stub.requests().remove(0);
    assert_eq!(request.access_key_id(), Some(KEY));
    assert_eq!(mfa_of(&request), (Some(DEVICE), Some("987654")));
    assert_eq!(request.parameter("DurationSeconds"), Some("7200"));
}

#[test]
fn an_export_is_asked_for_as_a_command_with_its_environment_would_be_whatever_the_delivery() {
    let stub = stub();
    let configuration = format!("delivery = 'endpoint'\n{WITH_COMMAND}duration = '12h'\n");
    let machine = machine_with(&stub, &configuration, "echo 987654");
    rolewrap(&machine, "--account prod export").run().succeeds();
    let requests = stub.requests();
    assert_eq!(actions(&stub), ["AssumeRole"]);
    assert_eq!(mfa_of(&requests[0]), (Some(DEVICE), Some("987654")));
    assert_eq!(requests[0].parameter("DurationSeconds"), Some("43200"));
}

#[test]
fn device_and_code_can_be_given_with_the_command() {
    let stub = stub();
    let machine = machine_with(&stub, "mfa_duration = '1h'\n", "");
    let options = format!("--iam-role {ROLE} --mfa-serial {DEVICE}");
    rolewrap(&machine, &format!("{options} --mfa-token 987654 exec -- true"))
        .run()
        .succeeds();
    rolewrap(
        &machine,
        &format!("--iam-role {ROLE} exec -- printenv ROLEWRAP_MFA_TOKEN"),
    )
    .env("ROLEWRAP_MFA_SERIAL", DEVICE)
    .env("ROLEWRAP_MFA_TOKEN", "123456")
    .run()
    .ends_with(1)
    .prints("");
    let requests = stub.requests();
    assert_eq!(mfa_of(&requests[0]), (Some(DEVICE), Some("987654")));
    assert_eq!(requests[0].parameter("DurationSeconds"), Some("3600"));
    assert_eq!(mfa_of(&requests[2]), (Some(DEVICE), Some("123456")));
}

#[test]
fn the_device_of_a_source_counts_for_its_own_key_alone() {
    let stub = stub();
    let configuration = "source = ['keys', 'other']\n\
        [sources.keys]\ntype = 'env'\nmfa_serial = 'GAHT12345678'\nmfa_command = ['sh', 'CODE']\n\
        [sources.other]\ntype = 'env'\nmfa_serial = 'GAHT87654321'\n";
    let machine = machine_with(&stub, configuration, "echo 987654");
    rolewrap(&machine, &format!("--iam-role {ROLE} exec -- true"))
        .run()
        .succeeds();
    assert_eq!(
        mfa_of(&stub.requests()[0]),
        (Some("GAHT12345678"), Some("987654"))
    );
}

#[test]
fn the_code_is_asked_for_on_the_terminal_and_not_echoed() {
    let stub = stub();
    let machine = machine_with(&stub, WITHOUT_COMMAND, "");
    let mut terminal = Terminal::start(rolewrap(
        &machine,
        "--account prod exec -- printenv AWS_ACCESS_KEY_ID",
    ));
    terminal.shows(&format!("MFA code of {DEVICE}: "));
    assert!(!terminal.echoes());
    terminal.types("987 654\n");
    let outcome = terminal.ends();
    outcome
        .succeeds()
        .stdout_has("ASIASTUB000000000002")
        .lacks("987 654");
    assert_eq!(mfa_of(&stub.requests()[0]), (Some(DEVICE), Some("987654")));
}

#[test]
fn fifty_plans_in_fifty_folders_at_once_ask_a_person_for_one_code() {
    let stub = stub();
    let script =
        "for folder in $(seq 50); do mkdir $folder; (cd $folder; exec \"$@\") & done; wait; echo all done";
    let machine = machine_with(&stub, WITHOUT_COMMAND, "")
        .env("ROLEWRAP_CACHE", "on")
        .env("ROLEWRAP_TERRAFORM", "echo");
    // Each of them stands for Terraform and says so, since fifty of those take a minute.
    let plan = [ROLEWRAP, "--account", "prod", "plan", "-in", "this", "folder"];
    let command = machine.command("/bin/sh").args(["-c", script, "sh"]).args(plan);
    let mut terminal = Terminal::start(command);
    terminal.shows("MFA code of").types("987654\n").shows("all done");
    let outcome = terminal.ends();
    let said = outcome.succeeds().stdout();
    assert_eq!(said.matches("MFA code of").count(), 1, "{said}");
    assert_eq!(said.matches("plan -in this folder").count(), 50, "{said}");
    assert_eq!(actions(&stub), ["GetSessionToken", "AssumeRole"]);
}

#[test]
fn a_job_in_the_background_says_that_it_has_a_question_and_asks_it_in_front() {
    let stub = stub();
    let machine = machine_with(&stub, WITHOUT_COMMAND, "").env("PS1", "$ ");
    let shell = ["--noprofile", "--norc", "--noediting", "-i"];
    let mut terminal = Terminal::start(machine.command("bash").args(shell));
    terminal
        .types("stty -echo; echo shell is rea''dy\n")
        .shows("shell is ready");
    let exec = "--account prod exec -- printenv AWS_ACCESS_KEY_ID";
    terminal.types(&format!("{ROLEWRAP} {exec} > session.txt &\n"));
    terminal.shows("bring it to the front (fg) to answer");
    // The shell says that it stopped when it is asked for anything.
    terminal.types("wait -n; jobs -s | wc -l\n").shows("1\r\n");
    terminal.types("fg\n").shows("MFA code of ").types("987654\n");
    terminal.types("cat session.txt\n").shows("ASIASTUB000000000002");
    terminal.types("exit\n");
    terminal.ends().succeeds();
}

#[test]
fn one_code_is_good_for_all_accounts_behind_a_hub() {
    let stub = stub();
    let accounts = "mfa_command = ['sh', 'CODE']\n\
        [accounts.hub]\nid = '123456789012'\nrole = 'hub'\nduration = 'max'\n\
        mfa_serial = 'arn:aws:iam::999999999999:mfa/alice'\n\
        [accounts.dev]\nid = '111111111111'\nrole = 'deploy'\nvia = 'hub'\n\
        [accounts.prod]\nid = '222222222222'\nrole = 'deploy'\nvia = 'hub'\n";
    let machine = machine_with(&stub, accounts, "echo 987654").env("ROLEWRAP_CACHE", "on");
    for account in ["dev", "prod"] {
        rolewrap(&machine, &format!("--account {account} exec true"))
            .run()
            .succeeds();
    }
    let roles = ["AssumeRole"; 4];
    assert_eq!(actions(&stub), [&["GetSessionToken"], &roles[..]].concat());
}

#[test]
fn who_waited_for_somebody_who_mistyped_is_asked_and_once() {
    let stub = stub();
    let machine = machine_with(&stub, WITHOUT_COMMAND, "").env("ROLEWRAP_CACHE", "on");
    let script = "for run in 1 2 3; do (\"$@\" && echo session of a run || echo no session) & done; wait; echo all done";
    let arguments = [ROLEWRAP, "--account", "prod", "exec", "true"];
    let command = machine
        .command("/bin/sh")
        .args(["-c", script, "sh"])
        .args(arguments);
    for _ in 0..3 {
        stub.enqueue(Answer::error(403, "AccessDenied", WRONG));
    }
    let mut terminal = Terminal::start(command);
    for _ in 0..3 {
        terminal.shows("MFA code of").types("111111\n");
    }
    terminal.shows("MFA code of").types("987654\n").shows("all done");
    let outcome = terminal.ends();
    let said = outcome.succeeds().stdout();
    assert_eq!(said.matches("MFA code of").count(), 4, "{said}");
    assert_eq!(said.matches("no session").count(), 1, "{said}");
    assert_eq!(said.matches("session of a run").count(), 2, "{said}");
}

#[test]
fn who_can_be_asked_has_a_session_although_the_run_that_it_waited_for_could_ask_nobody() {
    let stub = stub();
    // The source of the first run waits until somebody opens the other end of the pipe.
    let first = "if mkdir \"$HOME/first\" 2>/dev/null; then cat \"$HOME/hold\"; fi";
    let document = r#"{"Version": 1, "AccessKeyId": "AKIAIOSFODNN7EXAMPLE", "SecretAccessKey": "canary"}"#;
    let configuration = format!(
        "source = 'slow'\n[sources.slow]\ntype = 'process'\ncommand = ['sh', 'CODE']\n{WITHOUT_COMMAND}"
    );
    let machine = machine_with(&stub, &configuration, &format!("{first}\necho '{document}'"));
    let machine = machine.env("ROLEWRAP_CACHE", "on");
    machine.run("mkfifo", [machine.home().join("hold")]).succeeds();
    let run = |options: &str| {
        rolewrap(
            &machine,
            &format!("{options} --account prod exec -- echo started"),
        )
    };
    let holder = std::thread::spawn({
        let run = run("--non-interactive");
        move || run.run()
    });
    // That succeeds once the program of the first run is there.
    let mut pipe = std::fs::OpenOptions::new();
    let pipe = pipe.write(true).open(machine.home().join("hold"));
    let mut terminal = Terminal::start(run(""));
    terminal.shows("waiting for another rolewrap");
    drop(pipe.expect("the pipe can be opened"));
    terminal.shows("MFA code of").types("987654\n").shows("started");
    terminal.ends().succeeds();
    holder
        .join()
        .expect("the first run ends")
        .ends_with(125)
        .stderr_has("nobody can be asked, since --non-interactive was given");
}

#[test]
fn who_mistypes_is_asked_again_and_three_times_at_most() {
    let stub = stub();
    let wrong = || Answer::error(403, "AccessDenied", WRONG);
    let machine = machine_with(&stub, WITHOUT_COMMAND, "");
    let start = || Terminal::start(rolewrap(&machine, "--account prod exec -- touch started"));
    stub.enqueue(wrong());
    let mut terminal = start();
    terminal.shows("MFA code of").types("12345\n");
    terminal.shows("an MFA code is six digits");
    terminal.shows("MFA code of").types("111111\n");
    terminal.shows("AWS does not take this code");
    terminal.shows("MFA code of").types("222222\n");
    terminal.ends().succeeds();
    assert_eq!(
        actions(&stub),
        ["GetSessionToken", "GetSessionToken", "AssumeRole"]
    );
    std::fs::remove_file(machine.work().join("started")).expect("it was started");

    stub.answer_by_default(wrong());
    let mut terminal = start();
    for _ in 0..3 {
        terminal.shows("MFA code of").types("987654\n");
    }
    let message = refused(&terminal.ends(), &machine, &stub);
    let message = message.split_once("error: ").map_or("", |(_, error)| error);
    assert_snapshot!(message, @"
    AWS does not take the MFA code
    hint: type the code that the device shows now. AWS takes each code once, so wait for the next one; the device has to be that of the key's user, and its clock right
      cause: AccessDenied: MultiFactorAuthentication failed with invalid MFA one time pass code.
      device: arn:aws:iam::999999999999:mfa/alice (user file MACHINE/config/rolewrap/config.toml:4)
      key: AKIAIOSFODNN7EXAMPLE from source env
      asked: STS, request id ID
    ");
    assert!(!machine.work().join("started").exists());
}

#[test]
fn a_code_of_a_program_that_is_used_up_is_followed_by_the_next_one_and_by_no_other() {
    let stub = stub();
    stub.answer_by_default(Answer::error(403, "AccessDenied", WRONG));
    // As a device: another code in each half minute.
    let machine = machine_with(
        &stub,
        WITH_COMMAND,
        "printf '%06d' $(($(/bin/date +%s) / 30 % 1000000))",
    );
    let outcome = rolewrap(&machine, "--account prod exec -- true").run();
    assert_snapshot!(refused(&outcome, &machine, &stub), @"
    warning: AWS does not take this code; it takes each code once, so rolewrap waits for the next one
    error: AWS does not take the MFA code
    hint: check that the program shows the code of this device. AWS takes each code once, so wait for the next one; the device has to be that of the key's user, and its clock right
      cause: AccessDenied: MultiFactorAuthentication failed with invalid MFA one time pass code.
      device: arn:aws:iam::999999999999:mfa/alice (user file MACHINE/config/rolewrap/config.toml:5)
      key: AKIAIOSFODNN7EXAMPLE from source env
      asked: STS, request id ID
    ");
    let requests = stub.requests();
    let codes: Vec<_> = requests.iter().map(|request| mfa_of(request).1).collect();
    assert_eq!(codes.len(), 2);
    assert_ne!(codes[0], codes[1]);
}

#[test]
fn a_wrong_code_that_was_given_is_sent_once() {
    let stub = stub();
    stub.answer_by_default(Answer::error(403, "AccessDenied", WRONG));
    let machine = machine_with(&stub, WITHOUT_COMMAND, "");
    let outcome = rolewrap(&machine, "--account prod --mfa-token 987654 -d 2h exec -- true").run();
    assert_snapshot!(refused(&outcome, &machine, &stub), @"
    error: AWS does not take the MFA code
    hint: give the code that the device shows now. AWS takes each code once, so wait for the next one; the device has to be that of the key's user
      cause: AccessDenied: MultiFactorAuthentication failed with invalid MFA one time pass code.
      role: arn:aws:iam::123456789012:role/deploy (user file MACHINE/config/rolewrap/config.toml:3)
      key: AKIAIOSFODNN7EXAMPLE from source env (built-in default)
      asked: STS, request id ID
    ");
    assert_eq!(stub.count(), 1);
}

#[test]
fn where_nobody_can_be_asked_the_error_says_what_to_set() {
    let stub = stub();
    let machine = machine_with(&stub, WITHOUT_COMMAND, "");
    let run = |options: &str| rolewrap(&machine, &format!("{options} --account prod exec -- true"));
    let on_a_terminal = Terminal::start(run("--non-interactive")).ends();
    assert_snapshot!(refused(&on_a_terminal, &machine, &stub), @"
    error: there is no MFA code, so nothing was started
    hint: give the code with --mfa-token or ROLEWRAP_MFA_TOKEN; or set mfa_command, a program that prints it, or mfa_vault in your own file
      cause: nobody can be asked, since --non-interactive was given
      device: arn:aws:iam::999999999999:mfa/alice (user file MACHINE/config/rolewrap/config.toml:4)
    ");
    let without_one = run("").wrapped("setsid", &["--wait"]).run();
    without_one
        .ends_with(125)
        .stderr_has("since there is no terminal");
    assert_eq!(stub.count(), 0);
}

#[test]
fn a_program_without_a_code_is_named_and_what_it_printed_is_not_shown() {
    let stub = stub();
    let machine = machine_with(&stub, WITH_COMMAND, "echo canary-987654");
    let outcome = rolewrap(&machine, "--account prod exec -- true").run();
    assert_snapshot!(refused(&outcome, &machine, &stub), @"
    error: what was read as an MFA code is not one
    hint: an MFA code is six digits, and nothing else may be on its line
      cause: MFA code is not six digits
      from: user file MACHINE/config/rolewrap/config.toml:1
    ");
    let machine = machine_with(&stub, WITH_COMMAND, "echo 'touch the key' >&2; exit 3");
    let outcome = rolewrap(&machine, "--account prod exec -- true").run();
    assert_snapshot!(refused(&outcome, &machine, &stub), @"
    touch the key
    error: the program of mfa_command gives no code
    hint: run the program by itself: it has to print the six digits on one line, and nothing else
      cause: sh ended with exit status: 3; its last line on standard error: touch the key
      from: user file MACHINE/config/rolewrap/config.toml:1
    ");
    assert_eq!(stub.count(), 0);
}

#[test]
fn what_cannot_be_meant_is_refused_before_anybody_is_asked() {
    let stub = stub();
    let refused_with = |machine: Sandbox, options: &str| {
        let outcome = rolewrap(&machine, &format!("{options} exec -- true")).run();
        refused(&outcome, &machine, &stub)
    };
    let plain = || machine_with(&stub, WITH_COMMAND, "touch asked; echo 987654");
    assert_snapshot!(refused_with(plain(), &format!("--iam-role {ROLE} --mfa-token 987654")), @"
    error: an MFA code needs an MFA device
    hint: name the device with --mfa-serial, or with mfa_serial in the account or the source
      from: option --mfa-token
    ");
    assert_snapshot!(refused_with(plain(), "--account prod --mfa-token 98765x"), @"
    error: the MFA code is not valid
    hint: give the six digits that the device shows now
      cause: MFA code is not six digits
      from: option --mfa-token
    ");
    assert_snapshot!(refused_with(plain().env("AWS_SESSION_TOKEN", "canary"), "--account prod"), @"
    error: MFA cannot be shown with these base credentials, so nothing was sent
    hint: start from long-lived keys; or remove mfa_serial, where MFA was shown when these keys were made
      cause: AKIAIOSFODNN7EXAMPLE from source env is a temporary key, and AWS takes an MFA code with a user's own keys only
      from: user file MACHINE/config/rolewrap/config.toml:5
    ");
    let two = "[sources.env]\ntype = 'env'\nmfa_serial = 'GAHT12345678'\nmfa_command = ['x']\nmfa_vault = { key = 'x' }\n";
    assert_snapshot!(refused_with(machine_with(&stub, two, ""), &format!("--source env --iam-role {ROLE}")), @"
    error: the MFA code has two places, a command and Vault
    hint: keep one of mfa_command and mfa_vault
      from: user file MACHINE/config/rolewrap/config.toml:4
      from: user file MACHINE/config/rolewrap/config.toml:5
    ");
    let chained = "[accounts.hub]\nid = '123456789012'\nrole = 'hub'\n\
        [accounts.prod]\nid = '111111111111'\nrole = 'deploy'\nvia = 'hub'\nmfa_serial = 'GAHT12345678'\n";
    assert_snapshot!(refused_with(machine_with(&stub, chained, ""), "--account prod"), @"
    error: the account `prod` is reached through another role, and MFA counts for the first role alone
    hint: move mfa_serial to [accounts.hub], whose role the base credentials assume
      from: user file MACHINE/config/rolewrap/config.toml:8
      from: user file MACHINE/config/rolewrap/config.toml:7
    ");
    assert_eq!(stub.count(), 0);
}

#[test]
fn a_project_file_names_no_program_and_no_place_of_codes() {
    let stub = stub();
    for (line, said) in [
        (
            "mfa_command = ['sh', '-c', 'touch started']",
            "may not name a command",
        ),
        (
            "mfa_vault = { source = 'x', key = 'y' }",
            "may not say where MFA codes come from",
        ),
    ] {
        let machine = machine_with(&stub, "", "").file("rolewrap.toml", line);
        let outcome = rolewrap(&machine, &format!("--iam-role {ROLE} exec -- true")).run();
        outcome.ends_with(125).stderr_has(said);
        assert!(!machine.work().join("started").exists());
    }
}

#[test]
fn the_plan_and_whoami_name_the_device() {
    let stub = stub();
    let machine = machine_with(&stub, WITH_COMMAND, "echo 987654");
    let outcome = rolewrap(&machine, "--session-name alice account show prod").run();
    assert_snapshot!(shown(outcome.succeeds().stdout(), &machine, &stub), @"
    account       prod                                             # argument of account show
    role          arn:aws:iam::123456789012:role/deploy            # user file MACHINE/config/rolewrap/config.toml:4
    session name  alice                                            # option --session-name
    source        env, keyring                                     # built-in default
    mfa device    arn:aws:iam::999999999999:mfa/alice for env      # user file MACHINE/config/rolewrap/config.toml:5
    mfa code      from the program sh                              # user file MACHINE/config/rolewrap/config.toml:1
    mfa device    arn:aws:iam::999999999999:mfa/alice for keyring  # user file MACHINE/config/rolewrap/config.toml:5
    mfa code      from the program sh                              # user file MACHINE/config/rolewrap/config.toml:1
    ");
    assert_eq!(stub.count(), 0);
    let outcome = rolewrap(&machine, "--account prod whoami --json").run();
    outcome.succeeds().stdout_has(DEVICE).lacks("987654");
}

#[test]
fn the_longest_session_is_asked_for_once_with_a_code_that_is_good_for_one_request() {
    let stub = stub();
    stub.limit_sessions_to(4 * 3600);
    let machine = machine_with(&stub, WITH_COMMAND, "echo 987654");
    let with_code = || rolewrap(&machine, "--account prod --duration max exec true").run();
    let durations = || {
        let requests = stub.requests();
        let seconds = requests
            .iter()
            .map(|request| request.parameter("DurationSeconds"));
        seconds
            .map(|seconds| seconds.unwrap_or_default().to_owned())
            .collect::<Vec<_>>()
    };
    with_code()
        .succeeds()
        .stderr_has("an MFA code can be used once: asking for 1h");
    assert_eq!(durations(), ["3600"]);
    let without = format!("--iam-role {ROLE} --duration max exec true");
    rolewrap(&machine, &without).run().succeeds();
    let known = stub.count();
    with_code().succeeds().lacks("warning");
    assert_eq!(durations()[known..], ["14400"], "what another run found is known");
    stub.limit_sessions_to(2 * 3600);
    with_code()
        .ends_with(125)
        .stderr_has("does not allow the session that it allowed before");
    assert_eq!(stub.count(), known + 2, "one code, one request");
    with_code().succeeds().stderr_has("asking for 1h");
}
