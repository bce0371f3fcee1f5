//! One session for any number of runs.

use std::fs::{self, OpenOptions, Permissions};
use std::os::unix::fs::{PermissionsExt, chown, symlink};
use std::path::PathBuf;
use std::thread;

use insta::assert_snapshot;
use rolewrap_lab::{
    Answer, Invocation, Outcome, Running, Sandbox, SecretService, StsStub, assert_secret_absent,
};

use crate::given::{KEY, ROLE, SECRET, machine, rolewrap, shown, stub};

/// A run that shows which session it got.
fn run(machine: &Sandbox, options: &str) -> Invocation {
    rolewrap(
        machine,
        &format!("--iam-role {ROLE} {options} exec -- printenv AWS_ACCESS_KEY_ID"),
    )
}

/// The id of the session of a run.
fn id(machine: &Sandbox, options: &str) -> String {
    run(machine, options).run().succeeds().stdout().to_owned()
}

fn folder(machine: &Sandbox) -> PathBuf {
    machine.root().join("cache/rolewrap/sessions")
}

/// The one cached session.
fn entry(machine: &Sandbox) -> PathBuf {
    let files = fs::read_dir(folder(machine)).expect("the cache is there");
    let mut files = files.map(|file| file.expect("the cache can be read").path());
    files
        .find(|file| file.extension().is_some_and(|extension| extension == "session"))
        .expect("a session is cached")
}

/// How often the stub was asked.
fn asked(stub: &StsStub) -> usize {
    stub.count()
}

#[test]
fn the_second_run_has_the_session_of_the_first_and_asks_nobody() {
    let stub = stub();
    let machine = machine(&stub);
    let first = id(&machine, "");
    assert_eq!(id(&machine, ""), first);
    assert_eq!(asked(&stub), 1);
    let said = run(&machine, "-v").run();
    said.succeeds().stderr_has("is from the cache, of ");
}

#[test]
fn whatever_hands_a_session_out_shares_it() {
    let stub = stub();
    let machine = machine(&stub);
    let first = id(&machine, "");
    for command in ["export --format env", "credential-process", "whoami --json"] {
        let outcome = rolewrap(&machine, &format!("--iam-role {ROLE} {command}")).run();
        outcome.succeeds().stdout_has(first.trim());
    }
    let roles = stub.requests();
    let assumed = roles
        .iter()
        .filter(|request| request.parameter("Action") == Some("AssumeRole"));
    assert_eq!(assumed.count(), 1);
}

#[test]
fn one_thing_changed_is_another_session() {
    let stub = stub();
    let machine = machine(&stub).env("AWS_REGION", "eu-west-1");
    let mut ids = vec![id(&machine, "")];
    for options in [
        "--region us-east-1",
        "--duration 30m",
        "--session-name other",
        "--external-id other",
        "--source-identity other",
        "--iam-role arn:aws:iam::123456789012:role/other",
        "--iam-role arn:aws:iam::210987654321:role/deploy",
    ] {
        // The last one of an option that is given twice counts for clap only where it may be given twice.
        let options = match options.strip_prefix("--iam-role ") {
            Some(role) => rolewrap(
                &machine,
                &format!("--iam-role {role} exec -- printenv AWS_ACCESS_KEY_ID"),
            ),
            None => run(&machine, options),
        };
        ids.push(options.run().succeeds().stdout().to_owned());
    }
    for (variable, value) in [
        ("AWS_ACCESS_KEY_ID", "AKIAIOSFODNN7EXAMPLF"),
        ("AWS_SECRET_ACCESS_KEY", "another-secret"),
        ("AWS_SESSION_TOKEN", "a-session"),
        ("NO_PROXY", "example.com"),
    ] {
        let outcome = run(&machine, "").env(variable, value).run();
        ids.push(outcome.succeeds().stdout().to_owned());
    }
    let another = StsStub::start().expect("the stub starts");
    let outcome = run(&machine, "").env("AWS_ENDPOINT_URL_STS", another.url()).run();
    outcome.succeeds();
    assert_eq!((asked(&stub), asked(&another)), (ids.len(), 1));
    assert_eq!(id(&machine, ""), ids[0]);
    assert_eq!(asked(&stub), ids.len());
}

#[test]
fn fifty_plans_in_fifty_folders_at_once_ask_once() {
    let stub = stub();
    let machine = machine(&stub);
    let folders: Vec<_> = (0..50)
        .map(|index| machine.work().join(format!("module{index}")))
        .collect();
    for folder in &folders {
        fs::create_dir(folder).expect("a folder can be made");
    }
    let ids: Vec<String> = thread::scope(|scope| {
        let runs = folders.iter().map(|folder| {
            let run = run(&machine, "").directory(folder);
            scope.spawn(|| run.run().succeeds().stdout().to_owned())
        });
        let runs: Vec<_> = runs.collect();
        runs.into_iter()
            .map(|run| run.join().expect("a run ends"))
            .collect()
    });
    assert_eq!(asked(&stub), 1);
    assert!(ids.iter().all(|id| *id == ids[0]));
}

#[test]
fn a_failure_is_that_of_all_who_waited_and_aws_is_not_asked_again() {
    let stub = stub();
    stub.enqueue(Answer::error(403, "AccessDenied", "not for you"));
    // Whoever has the turn gets no key before somebody opens the other end of the pipe.
    let script = format!(
        "cat \"$HOME/hold\"; echo '{{\"Version\": 1, \"AccessKeyId\": \"{KEY}\", \"SecretAccessKey\": \"{SECRET}\"}}'"
    );
    let machine = machine(&stub).file("../key.sh", &script);
    let configuration = format!(
        "source = 'slow'\n[sources.slow]\ntype = 'process'\ncommand = ['sh', '{}/key.sh']\ntimeout = '10m'\n",
        machine.root().display()
    );
    let machine = machine.file("../config/rolewrap/config.toml", &configuration);
    machine.run("mkfifo", [machine.home().join("hold")]).succeeds();
    let holder = Running::start(run(&machine, ""));
    let hold = OpenOptions::new().write(true).open(machine.home().join("hold"));
    let mut waiting: Vec<_> = (0..9).map(|_| Running::start(run(&machine, ""))).collect();
    for running in &mut waiting {
        running.says("waiting for another rolewrap");
    }
    drop(hold.expect("the pipe can be opened"));
    holder.ends().ends_with(125).lacks("asked by:");
    let outcomes: Vec<_> = waiting.into_iter().map(Running::ends).collect();
    assert_eq!(asked(&stub), 1);
    for outcome in &outcomes {
        outcome.ends_with(125).stderr_has("asked by:");
    }
    let one = shown(outcomes[0].stderr(), &machine, &stub);
    assert_snapshot!(crate::given::without_request_id(&one), @"
    warning: waiting for another rolewrap that is asking for the session of arn:aws:iam::123456789012:role/deploy
    error: AWS does not let AKIAIOSFODNN7EXAMPLE assume arn:aws:iam::123456789012:role/deploy
      asked by: another rolewrap, which this one waited for
    hint: two policies must allow sts:AssumeRole: the one of this key's user, and the trust policy of the role. The trust policy may also ask for an external id (--external-id), a source identity or MFA (--mfa-serial). A role that does not exist is answered in the same way
      cause: AccessDenied: not for you
      role: arn:aws:iam::123456789012:role/deploy (option --iam-role)
      key: AKIAIOSFODNN7EXAMPLE from source slow (user file MACHINE/config/rolewrap/config.toml:1)
      asked: STS, request id ID
    ");
    // Who comes later tries again.
    let later = Running::start(run(&machine, ""));
    let opened = OpenOptions::new().write(true).open(machine.home().join("hold"));
    drop(opened.expect("the pipe can be opened"));
    later.ends().succeeds();
}

#[test]
fn a_refresh_replaces_the_session_and_no_cache_leaves_it_alone() {
    let stub = stub();
    let machine = machine(&stub);
    let first = id(&machine, "");
    assert_ne!(id(&machine, "--no-cache"), first);
    assert_ne!(
        run(&machine, "").env("ROLEWRAP_NO_CACHE", "1").run().stdout(),
        first
    );
    assert_ne!(
        run(&machine, "").env("ROLEWRAP_CACHE", "off").run().stdout(),
        first
    );
    assert_eq!(id(&machine, ""), first);
    let refreshed = id(&machine, "--refresh");
    assert_ne!(refreshed, first);
    assert_eq!(id(&machine, ""), refreshed);
    assert_ne!(
        run(&machine, "").env("ROLEWRAP_REFRESH", "true").run().stdout(),
        refreshed
    );
}

#[test]
fn what_must_be_left_of_a_session_can_be_configured() {
    let stub = stub();
    let machine = machine(&stub).file(
        "../config/rolewrap/config.toml",
        "[cache]\nmin_remaining = \"2h\"\n",
    );
    let first = id(&machine, "");
    assert_ne!(
        id(&machine, ""),
        first,
        "no session of an hour has two hours left"
    );
    let machine = machine.file("../config/rolewrap/config.toml", "[cache]\nmin_remaining = 600\n");
    assert_eq!(id(&machine, ""), id(&machine, ""));
}

#[test]
fn a_session_of_the_cache_that_ends_in_a_moment_is_replaced_whatever_may_be_left() {
    let stub = stub();
    stub.answer_by_default(Answer::success().lasting_seconds(50));
    let machine = machine(&stub).file("../config/rolewrap/config.toml", "[cache]\nmin_remaining = 0\n");
    // An endpoint renews it, so for an endpoint it is good enough.
    let served = rolewrap(
        &machine,
        &format!("--delivery endpoint --iam-role {ROLE} exec true"),
    );
    served.run().succeeds();
    assert!(entry(&machine).exists());
    stub.answer_by_default(Answer::success());
    id(&machine, "");
    assert_eq!(asked(&stub), 2);
}

#[test]
fn sessions_are_listed_without_their_secrets_and_forgotten() {
    let stub = stub();
    let configuration = "[accounts.prod]\nid = \"210987654321\"\nrole = \"deploy\"\n";
    let machine = machine(&stub).file("../config/rolewrap/config.toml", configuration);
    let list = || {
        rolewrap(&machine, "cache list")
            .run()
            .succeeds()
            .stdout()
            .to_owned()
    };
    assert_eq!(list(), "No sessions are cached.\n");
    let first = id(&machine, "--duration 30m");
    rolewrap(&machine, "--account prod exec true").run().succeeds();
    let listed = list();
    let lines: Vec<Vec<&str>> = listed
        .lines()
        .map(|line| line.split_whitespace().collect())
        .collect();
    assert_eq!(lines.len(), 3, "{listed}");
    assert_eq!(
        lines[0],
        ["FOR", "ACCOUNT", "ROLE", "SESSION", "EXPIRES", "IN", "KEY"]
    );
    assert_eq!(lines[1][..3], [ROLE, "123456789012", "deploy"]);
    assert!(lines[1][3].starts_with("alice@"), "{listed}");
    assert!(lines[1][4].ends_with('Z'), "{listed}");
    assert_eq!(lines[1][6], first.trim());
    assert_eq!(lines[2][..3], ["prod", "210987654321", "deploy"]);
    let document = rolewrap(&machine, "cache list --json").run();
    document.succeeds().lacks(SECRET).lacks(StsStub::SECRET_PREFIX);
    let document: serde_json::Value = serde_json::from_str(document.stdout()).expect("it is JSON");
    let entry = &document["sessions"][0];
    assert_eq!(entry["for"], ROLE);
    assert_eq!(entry["account_id"], "123456789012");
    assert_eq!(entry["role"], "deploy");
    assert_eq!(entry["session_name"], lines[1][3]);
    assert_eq!(entry["access_key_id"], first.trim());
    assert_eq!(entry["expires_at"], lines[1][4]);
    assert_eq!(document["sessions"][1]["for"], "prod");
    assert_eq!(document["mfa_sessions"], serde_json::json!([]));
    let clear = || {
        rolewrap(&machine, "cache clear")
            .run()
            .succeeds()
            .stdout()
            .to_owned()
    };
    assert_eq!(clear(), "Forgot 2 sessions.\n");
    assert_eq!(clear(), "There was nothing to forget.\n");
    assert_eq!(list(), "No sessions are cached.\n");
    assert_ne!(id(&machine, "--duration 30m"), first);
}

#[test]
fn no_secret_is_on_the_disk_and_what_is_there_is_for_the_user_alone() {
    let stub = stub();
    let machine = machine(&stub);
    let shows = format!("--iam-role {ROLE} exec -- printenv AWS_SECRET_ACCESS_KEY AWS_SESSION_TOKEN");
    let secrets = rolewrap(&machine, &shows).run();
    let secrets: Vec<&str> = secrets.succeeds().stdout().lines().collect();
    assert_eq!(secrets.len(), 2);
    let runs = [run(&machine, "-vv").run(), rolewrap(&machine, "cache list").run()];
    for secret in secrets.into_iter().chain([SECRET, StsStub::SECRET_PREFIX]) {
        assert_secret_absent(secret, machine.root(), &[&runs[0], &runs[1]]);
    }
    let mode = |path| fs::metadata(path).expect("it is there").permissions().mode() & 0o7777;
    assert_eq!((mode(folder(&machine)), mode(entry(&machine))), (0o700, 0o600));
}

#[test]
fn a_folder_that_is_not_safe_is_warned_about_and_the_command_runs() {
    let stub = stub();
    let warned = |machine: &Sandbox| {
        let outcome = run(machine, "").run();
        shown(outcome.succeeds().stderr(), machine, &stub)
    };
    let linked = machine(&stub);
    fs::create_dir_all(linked.root().join("cache/rolewrap")).expect("a folder can be made");
    symlink(linked.work(), folder(&linked)).expect("a link can be made");
    assert_snapshot!(warned(&linked), @"warning: no session is cached: the folder MACHINE/cache/rolewrap/sessions is a symbolic link, so somebody else may have chosen where it leads. Remove it, or make it a folder of yours alone (chmod 700)");
    assert!(fs::read_dir(linked.work()).expect("it is there").next().is_none());

    let open = machine(&stub);
    id(&open, "");
    fs::set_permissions(folder(&open), Permissions::from_mode(0o777)).expect("a mode can be set");
    assert_snapshot!(warned(&open), @"warning: no session is cached: the folder MACHINE/cache/rolewrap/sessions has the mode 777, so other users can change it. Remove it, or make it a folder of yours alone (chmod 700)");
    let listed = rolewrap(&open, "cache list").run();
    assert_snapshot!(shown(listed.ends_with(125).stderr(), &open, &stub), @"
    error: the session cache cannot be used
    hint: remove it, or make it a folder of yours alone (chmod 700)
      cause: the folder MACHINE/cache/rolewrap/sessions has the mode 777, so other users can change it
    ");
}

#[test]
fn a_folder_of_another_user_is_warned_about_and_the_command_runs() {
    let stub = stub();
    let machine = machine(&stub);
    id(&machine, "");
    // Only root can give a folder away; the library's own test has a way for everybody.
    if chown(folder(&machine), Some(65_534), None).is_ok() {
        let outcome = run(&machine, "").run();
        outcome
            .succeeds()
            .stderr_has("warning: no session is cached: the folder ")
            .stderr_has("belongs to the user with the id 65534, and you are 0");
    }
}

#[test]
fn a_disk_that_is_full_is_warned_about_and_the_command_runs() {
    let stub = stub();
    let machine = machine(&stub);
    // No file may have a single byte: the write fails as it does on a full disk, with another number. Where nobody ignores the
    // signal for it, it ends the command as without rolewrap, and not rolewrap.
    for (before, code) in [("trap '' XFSZ", 1), (":", 128 + 25)] {
        let script = format!(
            "ulimit -f 0; {before}; {} --iam-role {ROLE} exec dash -c 'echo 1 > file'",
            crate::given::ROLEWRAP
        );
        let outcome = machine.run("dash", ["-c", &script]);
        outcome.ends_with(code).stderr_has(
            "warning: the session of arn:aws:iam::123456789012:role/deploy is not cached: the folder ",
        );
    }
    let left: Vec<_> = fs::read_dir(folder(&machine)).expect("it is there").collect();
    assert!(left.iter().all(|file| {
        !file
            .as_ref()
            .unwrap()
            .file_name()
            .to_string_lossy()
            .contains("new")
    }));
}

#[test]
fn where_no_folder_can_be_made_nothing_is_said_unless_one_asks() {
    let stub = stub();
    let machine = machine(&stub).env("XDG_CACHE_HOME", "/proc/nowhere");
    let outcome = run(&machine, "").run();
    assert_eq!(outcome.succeeds().stderr(), "");
    let outcome = run(&machine, "-v").run();
    outcome.succeeds().stderr_has(
        "rolewrap: no session is cached: the folder /proc/nowhere/rolewrap/sessions cannot be used",
    );
}

#[test]
fn a_file_that_is_no_session_is_replaced() {
    let stub = stub();
    let machine = machine(&stub);
    let first = id(&machine, "");
    let content = fs::read(entry(&machine)).expect("it can be read");
    let mut newer = content.clone();
    newer[8] += 1;
    for spoilt in [&content[..content.len() / 2], &newer, b"", b"nonsense"] {
        fs::write(entry(&machine), spoilt).expect("it can be written");
        let outcome = run(&machine, "").run();
        assert_eq!(outcome.succeeds().stderr(), "");
        assert_ne!(outcome.stdout(), first);
        assert_eq!(id(&machine, ""), outcome.stdout());
    }
}

#[test]
fn a_session_from_another_machine_is_no_session_here() {
    let stub = stub();
    let (one, other) = (machine(&stub), machine(&stub));
    let first = id(&one, "");
    id(&other, "");
    // With the name that it would have here, so that only the key stands in the way.
    fs::copy(entry(&one), entry(&other)).expect("a file can be copied");
    let outcome = run(&other, "").run();
    assert_ne!(outcome.succeeds().stdout(), first);
    assert_eq!(outcome.stderr(), "");
}

#[test]
fn without_the_key_there_is_no_session() {
    let stub = stub();
    let machine = machine(&stub);
    let first = id(&machine, "");
    machine.forget_kernel_key();
    let outcome = run(&machine, "").run();
    assert_ne!(outcome.succeeds().stdout(), first);
    assert_eq!(outcome.stderr(), "");
    assert_eq!(id(&machine, ""), outcome.stdout());
}

#[test]
fn a_session_that_outlives_what_was_asked_for_is_not_used() {
    let stub = stub();
    let machine = machine(&stub);
    stub.enqueue(Answer::success().lasting_seconds(12 * 3600));
    let outcome = run(&machine, "").run();
    outcome
        .ends_with(125)
        .stderr_has("what answered is not AWS STS, or not as asked")
        .stderr_has(", and it was asked for 1h only")
        .lacks(SECRET);
    stub.enqueue(Answer::success().lasting_seconds(12 * 3600));
    let longest = id(&machine, "--duration 12h");
    assert_eq!(id(&machine, "--duration 12h"), longest);
}

#[test]
fn a_lock_that_somebody_keeps_costs_the_cache_and_nothing_else() {
    let stub = stub();
    let machine = machine(&stub);
    id(&machine, "");
    machine.forget_kernel_key();
    let lock = fs::File::open(folder(&machine).join("key.lock")).expect("the lock is there");
    lock.lock().expect("it can be locked");
    // Not every file system has the number by which Linux lists who holds a lock.
    let keeps = "process NUMBER keeps the lock";
    let said = |outcome: &Outcome| {
        let stderr = outcome.stderr().replace("another process", "process NUMBER");
        stderr.replace(&std::process::id().to_string(), "NUMBER")
    };
    let outcome = run(&machine, "-v").run();
    let expected = format!("rolewrap: no session is cached: {keeps}");
    assert!(said(outcome.succeeds()).contains(&expected), "{outcome}");
    let cleared = rolewrap(&machine, "cache clear").run();
    assert!(said(cleared.ends_with(125)).contains(keeps), "{cleared}");
    drop(lock);
    rolewrap(&machine, "cache clear")
        .run()
        .succeeds()
        .prints("Forgot 1 session.");
}

#[test]
fn a_project_may_not_say_how_sessions_are_kept() {
    let stub = stub();
    let machine = machine(&stub).file("rolewrap.toml", "[cache]\nstore = \"keyring\"\n");
    let outcome = run(&machine, "").run();
    outcome
        .ends_with(125)
        .stderr_has("may not say how sessions are kept");
}

#[test]
fn settings_that_say_nothing_sensible_are_refused() {
    let stub = stub();
    for (line, expected) in [
        (
            "enabled = \"sometimes\"",
            "the value \"sometimes\" of cache.enabled is neither on nor off",
        ),
        (
            "store = \"disk\"",
            "the value \"disk\" of cache.store is no place for the key of the cache",
        ),
        (
            "min_remaining = \"soon\"",
            "the value \"soon\" of cache.min_remaining is not a valid time",
        ),
    ] {
        let machine = machine(&stub).file("../config/rolewrap/config.toml", &format!("[cache]\n{line}\n"));
        run(&machine, "").run().ends_with(125).stderr_has(expected);
    }
}

#[test]
fn one_code_of_a_device_is_good_for_all_runs_of_several_roles_at_once() {
    let stub = stub();
    let account = |name, id| {
        format!(
            "[accounts.{name}]\nid = '{id}'\nrole = 'deploy'\nmfa_serial = 'arn:aws:iam::999999999999:mfa/alice'\n"
        )
    };
    let machine = machine(&stub).file("../code.sh", "echo asked >> \"$HOME/asked\"; echo 987654");
    let configuration = format!(
        "mfa_command = ['sh', '{}/code.sh']\n{}{}",
        machine.root().display(),
        account("one", "111111111111"),
        account("two", "222222222222"),
    );
    let machine = machine.file("../config/rolewrap/config.toml", &configuration);
    thread::scope(|scope| {
        for name in ["one", "two"].into_iter().cycle().take(20) {
            let run = rolewrap(&machine, &format!("--account {name} exec true"));
            scope.spawn(|| run.run().succeeds().code());
        }
    });
    let mut actions: Vec<_> = stub
        .requests()
        .iter()
        .map(|request| request.action().to_owned())
        .collect();
    actions.sort();
    assert_eq!(actions, ["AssumeRole", "AssumeRole", "GetSessionToken"]);
    let asked = fs::read_to_string(machine.home().join("asked")).expect("the program ran");
    assert_eq!(asked, "asked\n");
    // Another session of either needs no code, also where it is asked for anew.
    let outcome = rolewrap(&machine, "--account one --refresh -v exec true").run();
    outcome
        .succeeds()
        .stderr_has("MFA session of arn:aws:iam::999999999999:mfa/alice is from the cache");
    let listed = rolewrap(&machine, "cache list").run();
    listed
        .succeeds()
        .stdout_has("MFA of arn:aws:iam::999999999999:mfa/alice from source env");
    let document = rolewrap(&machine, "cache list --json").run();
    let document: serde_json::Value = serde_json::from_str(document.succeeds().stdout()).expect("it is JSON");
    assert_eq!(document["mfa_sessions"][0]["source"], "env");
}

#[test]
fn the_key_can_be_in_the_keyring_of_the_desktop() {
    let (stub, keyring) = (stub(), SecretService::start().expect("a keyring starts"));
    let machine = machine(&stub)
        .envs(keyring.variables())
        .file("../config/rolewrap/config.toml", "[cache]\nstore = \"keyring\"\n");
    let first = id(&machine, "");
    assert_eq!(id(&machine, ""), first);
    rolewrap(&machine, "cache clear")
        .run()
        .succeeds()
        .prints("Forgot 1 session.");
    assert_ne!(id(&machine, ""), first);
    keyring.lock();
    let outcome = run(&machine, "-v").run();
    outcome.succeeds().stderr_has(
        "rolewrap: no session is cached: the system's keyring cannot keep the key of the session cache",
    );
}

#[test]
fn a_key_that_is_replaced_ends_its_sessions_and_until_then_nobody_asks_the_keyring() {
    let (stub, keyring) = (stub(), SecretService::start().expect("a keyring starts"));
    let machine = Sandbox::new()
        .system_programs()
        .env("USER", "alice")
        .env("AWS_ENDPOINT_URL_STS", stub.url())
        .envs(keyring.variables());
    let add = |key: &str| {
        let add = rolewrap(&machine, "source add keyring --yes");
        add.stdin(format!("{key}\n{SECRET}\n")).run().succeeds();
    };
    add("AKIAIOSFODNN7EXAMPLE");
    let first = id(&machine, "");
    add("AKIAIOSFODNN7EXAMPLF");
    let second = id(&machine, "");
    assert_ne!(second, first);
    drop(keyring);
    assert_eq!(id(&machine, ""), second);
    assert_eq!(asked(&stub), 2);
    run(&machine, "--no-cache").run().ends_with(125);
}
