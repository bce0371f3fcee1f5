//! Base credentials in a real keyring: gnome-keyring on a bus of its own.

use std::os::unix::net::UnixListener;
use std::sync::Arc;

use insta::assert_snapshot;
use rolewrap_core::{
    BaseCredentialSource, BaseCredentialStore, BaseCredentials, FixedClock, KeyringSource, Secret,
};
use rolewrap_lab::{Moto, Sandbox, SecretService, StsStub, Terminal, assert_secret_absent};

use crate::given::{KEY, ROLE, SECRET, refused, rolewrap, run_traced, stub};

/// The attributes of the entry that is used where none is named.
const DEFAULT: &str = "service rolewrap username default";

fn keyring() -> SecretService {
    SecretService::start().expect("a keyring starts")
}

fn document(id: &str, secret: &str) -> String {
    format!(r#"{{"Version":1,"AccessKeyId":"{id}","SecretAccessKey":"{secret}"}}"#)
}

/// A machine without keys in its environment.
fn machine(stub: &StsStub) -> Sandbox {
    Sandbox::new()
        .system_programs()
        .env("AWS_ENDPOINT_URL_STS", stub.url())
}

#[test]
fn the_command_runs_under_the_role_that_the_key_in_the_keyring_may_assume() {
    let (moto, keyring) = (Moto::start().expect("moto starts"), keyring());
    keyring.put(
        "service rolewrap username security",
        &document(moto.base_key(), moto.base_secret()),
    );
    let machine = moto.sandbox().system_programs().envs(keyring.variables()).file(
        "../config/rolewrap/config.toml",
        "source = 'laptop'\n[sources.laptop]\ntype = 'keyring'\nentry = 'security'\n",
    );
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
fn without_any_configuration_a_key_in_the_keyring_is_found() {
    let (stub, keyring) = (stub(), keyring());
    keyring.put(DEFAULT, &document(KEY, SECRET));
    let machine = machine(&stub).envs(keyring.variables());
    let outcome = run_traced(&machine, "");
    outcome.succeeds();
    outcome.stderr_has("rolewrap: source env has nothing: ");
    outcome.stderr_has(&format!(
        "rolewrap: base credentials {KEY} from source keyring (built-in default)"
    ));
    assert_eq!(stub.requests()[0].access_key_id(), Some(KEY));
    let whoami = rolewrap(&machine, &format!("whoami --json --iam-role {ROLE}")).run();
    whoami.succeeds().stdout_has("\"passed_over\": [");
    let whoami = rolewrap(&machine, &format!("whoami --iam-role {ROLE}")).run();
    whoami
        .succeeds()
        .stdout_has("passed over")
        .stdout_has("source env: ");
    assert_secret_absent(SECRET, machine.root(), &[&outcome, &whoami]);
}

#[test]
fn keys_in_the_environment_come_before_the_keyring() {
    let (stub, keyring) = (stub(), keyring());
    keyring.put(DEFAULT, &document("AKIAKEYRINGKEYRING01", SECRET));
    let machine = crate::given::machine(&stub).envs(keyring.variables());
    run_traced(&machine, "").succeeds();
    assert_eq!(stub.requests()[0].access_key_id(), Some(KEY));
}

#[test]
fn no_session() {
    let stub = stub();
    assert_snapshot!(refused(&stub, &machine(&stub), "--source keyring"), @"
    error: failed to reach source keyring
    hint: without a desktop, set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, name another source with --source, or run gnome-keyring-daemon --unlock and rolewrap in one dbus-run-session. With a desktop, log in to it
      cause: there is no D-Bus session, so there is no keyring
      cause: zbus error: Failed to connect to address `unix:path=MACHINE/runtime/bus`: No such file or directory (os error 2)
      source: keyring (option --source)
    ");
}

#[test]
fn no_service() {
    let (stub, bus) = (stub(), SecretService::absent().expect("a bus starts"));
    let machine = machine(&stub).envs(bus.variables());
    assert_snapshot!(refused(&stub, &machine, "--source keyring"), @"
    error: failed to reach source keyring
    hint: without a desktop, set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, name another source with --source, or run gnome-keyring-daemon --unlock and rolewrap in one dbus-run-session. With a desktop, log in to it
      cause: no Secret Service answers on D-Bus, so there is no keyring; gnome-keyring, KWallet and KeePassXC offer one
      cause: zbus error: org.freedesktop.DBus.Error.ServiceUnknown: The name org.freedesktop.secrets was not provided by any .service files
      source: keyring (option --source)
    ");
}

#[test]
fn no_entry() {
    let (stub, keyring) = (stub(), keyring());
    let machine = machine(&stub).envs(keyring.variables());
    assert_snapshot!(refused(&stub, &machine, "--source keyring"), @"
    error: failed to find base credentials in source keyring
    hint: put the key into the keyring with rolewrap source add keyring, correct `entry`, or name another source with --source
      cause: the keyring has no entry `default` of service rolewrap
      source: keyring (option --source)
    ");
}

#[test]
fn two_entries() {
    let (stub, keyring) = (stub(), keyring());
    keyring.put(DEFAULT, &document(KEY, SECRET));
    keyring.put(&format!("{DEFAULT} copy 2"), &document(KEY, SECRET));
    let machine = machine(&stub).envs(keyring.variables());
    assert_snapshot!(refused(&stub, &machine, "--source keyring"), @"
    error: failed to use the base credentials from source keyring
    hint: look at the entries with the system's own program (on Linux: secret-tool search --all service rolewrap), and store the key again
      cause: the keyring has 2 entries `default` of service rolewrap, and nothing says which one is meant; remove all but one
      source: keyring (option --source)
    ");
}

#[test]
fn a_keyring_that_is_locked() {
    let (stub, keyring) = (stub(), keyring());
    keyring.put(DEFAULT, &document(KEY, SECRET));
    keyring.lock();
    let machine = machine(&stub).envs(keyring.variables());
    assert_snapshot!(refused(&stub, &machine, "--source keyring"), @"
    error: failed to read base credentials from source keyring
    hint: unlock the keyring in your desktop session. Without a desktop, run gnome-keyring-daemon --unlock and rolewrap in one dbus-run-session, or name another source with --source
      cause: the keyring is locked, and nobody unlocked it
      cause: SS error: prompt dismissed
      source: keyring (option --source)
    ");
}

#[test]
fn an_entry_that_is_no_document() {
    let (stub, keyring) = (stub(), keyring());
    keyring.put(DEFAULT, SECRET);
    let machine = machine(&stub).envs(keyring.variables());
    assert_snapshot!(refused(&stub, &machine, "--source keyring"), @"
    error: failed to use the base credentials from source keyring
    hint: look at the entries with the system's own program (on Linux: secret-tool search --all service rolewrap), and store the key again
      cause: the entry `default` of service rolewrap is of no use: it is not one JSON document: see line 1, column 1
      source: keyring (option --source)
    ");
}

#[test]
fn an_entry_that_is_something_else_altogether_is_not_shown() {
    let (stub, keyring) = (stub(), keyring());
    for (entry, content, expected) in [
        ("empty", String::new(), "the JSON document ends in the middle"),
        (
            "html",
            format!("<html>{SECRET}"),
            "it is not one JSON document: see line 1, column 1",
        ),
        (
            "half",
            document(KEY, SECRET).replace('}', ""),
            "the JSON document ends in the middle",
        ),
        (
            "two",
            document(KEY, SECRET).repeat(2),
            "it is not one JSON document: see line 1",
        ),
        (
            "swapped",
            document(SECRET, KEY),
            "the two values seem to be swapped",
        ),
        (
            "long",
            SECRET.repeat(20_000),
            "it is not one JSON document: see line 1, column 1",
        ),
    ] {
        keyring.put(&format!("service rolewrap username {entry}"), &content);
        let configuration =
            format!("source = 'laptop'\n[sources.laptop]\ntype = 'keyring'\nentry = '{entry}'\n");
        let machine = machine(&stub)
            .envs(keyring.variables())
            .file("../config/rolewrap/config.toml", &configuration);
        let message = refused(&stub, &machine, "");
        assert!(message.contains(expected), "{entry}: {message}");
    }
}

#[test]
fn a_bus_that_never_answers_is_given_up() {
    let stub = stub();
    let configuration = "source = 'laptop'\n[sources.laptop]\ntype = 'keyring'\ntimeout = '1s'\n";
    let machine = machine(&stub).file("../config/rolewrap/config.toml", configuration);
    let socket = machine.root().join("runtime/bus");
    let _listening = UnixListener::bind(socket).expect("a socket can be made");
    assert_snapshot!(refused(&stub, &machine, ""), @"
    error: failed to reach source laptop
    hint: without a desktop, set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, name another source with --source, or run gnome-keyring-daemon --unlock and rolewrap in one dbus-run-session. With a desktop, log in to it
      cause: the keyring did not answer within 1s; it may be waiting for somebody to unlock it
      source: laptop (user file MACHINE/config/rolewrap/config.toml:1)
    ");
}

/// The library for D-Bus reads the process environment by itself, so the test starts itself anew in another one.
#[test]
fn a_key_that_the_library_stored_is_read_by_other_programs_until_it_is_removed() {
    const NAME: &str = "a_key_that_the_library_stored_is_read_by_other_programs_until_it_is_removed";
    #[expect(
        clippy::disallowed_methods,
        reason = "how the test tells itself that it was started anew"
    )]
    if let Some(step) = std::env::var_os("ROLEWRAP_TEST_STEP") {
        return use_the_library(step.to_str().expect("a step is text"));
    }
    let keyring = keyring();
    let machine = Sandbox::new().envs(keyring.variables());
    let library = |step: &str| {
        machine
            .command(std::env::current_exe().expect("this program has a path"))
            .args(["--exact", &format!("keyring::{NAME}")])
            .env("ROLEWRAP_TEST_STEP", step)
            .run()
    };
    let attributes = "service rolewrap username test";
    library("store").succeeds().stdout_has("1 passed");
    keyring
        .lookup(attributes)
        .succeeds()
        .prints(&stored_in_1970(SECRET));
    library("replace").succeeds();
    keyring
        .lookup(attributes)
        .succeeds()
        .prints(&stored_in_1970("another"));
    library("load").succeeds();
    library("remove").succeeds();
    keyring.lookup(attributes).ends_with(1).prints("");
}

/// What the library writes when its clock stands at the beginning.
fn stored_in_1970(secret: &str) -> String {
    document(KEY, secret).replace('}', r#","StoredAt":"1970-01-01T00:00:00Z"}"#)
}

fn use_the_library(step: &str) {
    let clock = FixedClock(std::time::UNIX_EPOCH);
    let source = KeyringSource::new("laptop", "test", Arc::new(clock)).expect("a source");
    let credentials = |secret| BaseCredentials::new("test", KEY, &Secret::new(secret)).expect("credentials");
    let work = async {
        match step {
            "store" => source.store(&credentials(SECRET)).await.expect("it stores"),
            "replace" => source.store(&credentials("another")).await.expect("it replaces"),
            "load" => {
                let loaded = source.load().await.expect("it loads");
                assert_eq!(loaded.secret_access_key().expose(), "another");
            }
            _ => source.remove().await.expect("it removes"),
        }
    };
    tokio::runtime::Builder::new_current_thread()
        .enable_time()
        .build()
        .expect("a runtime")
        .block_on(work);
}

#[test]
fn a_key_is_added_from_standard_input_checked_and_removed() {
    let (moto, keyring) = (Moto::start().expect("moto starts"), keyring());
    let machine = moto.sandbox().system_programs().envs(keyring.variables());
    let two_lines = format!("{}\n{}\n", moto.base_key(), moto.base_secret());
    let added = rolewrap(&machine, "source add keyring")
        .stdin(two_lines.clone())
        .run();
    added
        .succeeds()
        .prints(&format!("Stored the key {} in source keyring.", moto.base_key()));
    keyring.lookup(DEFAULT).succeeds().stdout_has(moto.base_secret());
    rolewrap(&machine, "source check keyring")
        .run()
        .succeeds()
        .stdout_has(":user/ci")
        .stdout_has("s ago)");

    let again = rolewrap(&machine, "source add keyring")
        .stdin(two_lines.clone())
        .run();
    again
        .ends_with(125)
        .stderr_has("nothing was changed")
        .stderr_has("--yes replaces it");
    rolewrap(&machine, "source add keyring --yes")
        .stdin(two_lines)
        .run()
        .succeeds();

    rolewrap(&machine, "source remove keyring")
        .run()
        .ends_with(125)
        .stderr_has("--yes removes it");
    let removed = rolewrap(&machine, "source remove keyring --yes").run();
    removed.succeeds().stdout_has("Removed the key AKIA");
    keyring.lookup(DEFAULT).ends_with(1);
    rolewrap(&machine, "source remove keyring --yes")
        .run()
        .ends_with(125)
        .stderr_has("no entry");
    assert_secret_absent(moto.base_secret(), machine.root(), &[&added, &again, &removed]);
}

#[test]
fn a_key_is_added_from_the_file_that_the_console_gives() {
    let (stub, keyring) = (stub(), keyring());
    let file = format!("\u{feff}Access key ID,Secret access key\r\n{KEY},{SECRET}\r\n");
    let machine = machine(&stub)
        .envs(keyring.variables())
        .file("accessKeys.csv", &file);
    let outcome = rolewrap(&machine, "source add keyring --csv accessKeys.csv").run();
    outcome
        .succeeds()
        .stdout_has("accessKeys.csv still holds the secret. Delete it.")
        .lacks(SECRET);
    keyring.lookup(DEFAULT).succeeds().stdout_has(SECRET);
    let wrong = machine.file("other.csv", "a,b\nc,canary\n");
    let outcome = rolewrap(&wrong, "source add keyring --yes --csv other.csv").run();
    outcome
        .ends_with(125)
        .stderr_has("is not the file of an access key")
        .lacks("canary");
}

#[test]
fn a_file_that_is_not_there_is_noticed_before_the_keyring_is_asked() {
    let machine = Sandbox::new();
    let outcome = rolewrap(&machine, "source add keyring --csv accessKeys.csv").run();
    outcome
        .ends_with(125)
        .stderr_has("accessKeys.csv\n")
        .stderr_has("\n  cause: No such file")
        .lacks("D-Bus");
}

#[test]
fn on_a_terminal_both_values_are_asked_for_and_the_secret_is_not_echoed() {
    let (stub, keyring) = (stub(), keyring());
    let machine = machine(&stub).envs(keyring.variables());
    let mut terminal = Terminal::start(rolewrap(&machine, "source add keyring"));
    terminal.shows("Access key id: ").types(&format!("{KEY}\n"));
    terminal.shows(&format!("{KEY}\r\n"));
    terminal.shows("Secret access key: ");
    assert!(!terminal.echoes());
    terminal.types(&format!("{SECRET}\n")).shows("Stored the key");
    assert!(terminal.echoes(), "the terminal is as it was");
    let outcome = terminal.ends();
    outcome.succeeds().lacks(SECRET);
    keyring.lookup(DEFAULT).succeeds().stdout_has(SECRET);

    let mut terminal = Terminal::start(rolewrap(&machine, "source remove keyring"));
    terminal
        .shows(&format!("Remove the key {KEY} from source keyring? [y/N] "))
        .types("n\n");
    terminal.ends().ends_with(125).stdout_has("the answer was no");
    keyring.lookup(DEFAULT).succeeds();
}

#[test]
fn with_non_interactive_nothing_is_asked_on_a_terminal() {
    let (stub, keyring) = (stub(), keyring());
    keyring.put(DEFAULT, &document(KEY, SECRET));
    let machine = machine(&stub).envs(keyring.variables()).env("NO_COLOR", "1");
    let remove = Terminal::start(rolewrap(&machine, "--non-interactive source remove keyring"));
    remove
        .ends()
        .ends_with(125)
        .stdout_has("--yes removes it without a question");
    let add = rolewrap(&machine, "source add keyring --yes").env("ROLEWRAP_NON_INTERACTIVE", "true");
    Terminal::start(add)
        .ends()
        .ends_with(125)
        .stdout_has("error: there is nobody to ask for the key");
    let wrong = rolewrap(&machine, "source list")
        .env("ROLEWRAP_NON_INTERACTIVE", "sometimes")
        .run();
    wrong
        .ends_with(125)
        .stderr_has("the value of ROLEWRAP_NON_INTERACTIVE is neither true nor false\nhint: write true or false, or unset it: unset ROLEWRAP_NON_INTERACTIVE\n  cause: it is `sometimes`\n");
    keyring.lookup(DEFAULT).succeeds().stdout_has(SECRET);
}

#[test]
fn what_is_only_read_cannot_be_changed() {
    let machine = Sandbox::new();
    let outcome = rolewrap(&machine, "source add env").stdin("x\ny\n").run();
    outcome
        .ends_with(125)
        .stderr_has("nothing can be put into source env");
}
