//! Keys in Vault: the role is assumed, the command runs, and nothing of Vault's reaches it.

use rolewrap_lab::{
    Answer, Moto, OpenBao, Sandbox, StsStub, Terminal, VaultAnswer, VaultStub, assert_secret_absent,
    workspace,
};
use serde_json::json;

use crate::given::{KEY, ROLE, SECRET, rolewrap, stub};

pub(crate) const USER_FILE: &str = "../config/rolewrap/config.toml";

pub(crate) fn server() -> OpenBao {
    OpenBao::start().expect("OpenBao starts")
}

/// A machine with a Vault source called `team`, and no key of its own.
pub(crate) fn machine(stub: &StsStub, server: &OpenBao, section: &str) -> Sandbox {
    Sandbox::new()
        .system_programs()
        .env("USER", "alice")
        .env("AWS_ENDPOINT_URL_STS", stub.url())
        .file(USER_FILE, &configuration(server, section))
}

pub(crate) fn configuration(server: &OpenBao, section: &str) -> String {
    format!(
        "source = \"team\"\n[sources.team]\ntype = \"vault\"\naddress = \"{}\"\n{section}\n",
        server.url()
    )
}

#[test]
fn a_key_in_vault_assumes_the_role_with_a_token_and_with_an_app_role() {
    let (moto, server) = (Moto::start().expect("moto starts"), server());
    let fields = json!({ "access_key_id": moto.base_key(), "secret_access_key": moto.base_secret() });
    server.put("aws/security", &fields);
    let (role_id, secret_id) = server.app_role();
    let client_token = server.token(&["reader"]);
    let identity = "exec -- aws sts get-caller-identity --query Arn --output text";
    let arguments = format!("--iam-role {} {identity}", moto.role_arn("deploy"));
    let machine = moto.sandbox().system_programs().env("USER", "alice");
    let logins = server.tokens();

    let machine = machine.file(USER_FILE, &configuration(&server, "path = \"aws/security\""));
    let with_token = rolewrap(&machine, &arguments)
        .env("VAULT_TOKEN", &client_token)
        .run();
    with_token.succeeds().stdout_has(":assumed-role/deploy/alice@");

    let app_role = format!(
        "path = \"aws/security\"\nauth = {{ method = \"approle\", role_id = \"{role_id}\", secret_id_file = \"secret-id\" }}"
    );
    let machine = machine
        .file(USER_FILE, &configuration(&server, &app_role))
        .file("../config/rolewrap/secret-id", &format!("{secret_id}\n"));
    let with_app_role = rolewrap(&machine, &arguments).run();
    with_app_role.succeeds().stdout_has(":assumed-role/deploy/alice@");
    assert_eq!(server.tokens(), logins, "the login is ended");
    let outcomes = [&with_token, &with_app_role];
    for secret in [moto.base_secret(), &client_token] {
        assert_secret_absent(secret, machine.root(), &outcomes);
    }
}

#[test]
fn a_password_that_nothing_names_is_asked_for_on_the_terminal() {
    const PASSWORD: &str = "canary correct horse 41";
    let (stub, server) = (stub(), server());
    let fields = json!({ "access_key_id": KEY, "secret_access_key": SECRET });
    server.put("aws/security", &fields);
    server.user("alice", PASSWORD);
    let section = "path = \"aws/security\"\nauth = { method = \"userpass\", username = \"alice\" }";
    let machine = machine(&stub, &server, section).env("NO_COLOR", "1");
    let question = format!("Password of alice for userpass at {}: ", server.url());

    let command = rolewrap(&machine, &format!("--iam-role {ROLE} exec -- sh -c"));
    let mut terminal = Terminal::start(command.args(["echo started; cat"]));
    terminal.shows(&question).types(&format!("{PASSWORD}\n"));
    // The command has the terminal afterwards, echo included.
    terminal.shows("started");
    terminal
        .types("for the command\n")
        .shows("for the command\r\nfor the command\r\n")
        .types("\x04");
    terminal.ends().succeeds().lacks(PASSWORD);

    let mut terminal = Terminal::start(rolewrap(&machine, "source check"));
    terminal.shows(&question).types("canary wrong\n");
    terminal
        .ends()
        .ends_with(125)
        .stdout_has("the login by userpass")
        .lacks("canary wrong");

    let mut terminal = Terminal::start(rolewrap(&machine, "source check"));
    terminal.shows(&question).types("\x04");
    terminal
        .ends()
        .ends_with(125)
        .stdout_has("the input ended without an answer");

    let unattended = rolewrap(&machine, "source check")
        .wrapped("setsid", &["--wait"])
        .run();
    let forbidden = Terminal::start(rolewrap(&machine, "--non-interactive source check")).ends();
    for (text, reason) in [
        (unattended.stderr(), "there is no terminal"),
        (forbidden.stdout(), "--non-interactive was given"),
    ] {
        let expected = format!(
            "neither password_file nor password_variable says where it is, and nobody can be asked, since {reason}"
        );
        assert!(text.contains(&expected), "{text}");
        assert!(text.contains("`password_file` or `password_variable`"), "{text}");
    }
}

#[test]
fn a_login_that_may_only_write_is_asked_for_a_yes() {
    let (stub, server) = (stub(), server());
    let policy = "path \"secret/data/aws/security\" { capabilities = [\"create\", \"update\"] }";
    server.change("PUT", "sys/policies/acl/writer", &json!({ "policy": policy }));
    let machine =
        machine(&stub, &server, "path = \"aws/security\"").env("VAULT_TOKEN", server.token(&["writer"]));
    let add = |options: &str| {
        let two_lines = format!("{KEY}\n{SECRET}\n");
        rolewrap(&machine, &format!("source add team {options}"))
            .stdin(two_lines)
            .run()
    };
    add("")
        .ends_with(125)
        .stderr_has("source team may hold a key, and does not say: the policies of this login do not allow it: secret/data/aws/security needs the capability read. Replace it?")
        .stderr_has("--yes replaces it without a question");
    add("--yes").succeeds().stdout_has("Stored the key");
    rolewrap(&machine, "source check team")
        .env("VAULT_TOKEN", server.root())
        .run()
        .succeeds()
        .stdout_has("s ago)");
}

/// An example of a configuration file, with what is somebody's own in it replaced.
fn example(name: &str, replacements: &[(&str, &str)]) -> String {
    let path = workspace().join("config").join(name);
    let text = std::fs::read_to_string(path).expect("the example is there");
    replacements.iter().fold(text, |text, (theirs, ours)| {
        assert!(text.contains(theirs), "{name} has {theirs}");
        text.replace(theirs, ours)
    })
}

#[test]
fn the_examples_for_a_team_and_for_a_job_work() {
    let (stub, server) = (stub(), server());
    server.put(
        "aws/security",
        &json!({ "access_key_id": KEY, "secret_access_key": SECRET }),
    );
    let machine = Sandbox::new()
        .system_programs()
        .env("USER", "alice")
        .env("AWS_ENDPOINT_URL_STS", stub.url());

    let (role_id, secret_id) = server.app_role();
    let authority = server.file("ca.pem");
    let team = example(
        "team-vault.toml",
        &[
            ("https://vault-1.example.com:8200", "https://127.0.0.1:1"),
            ("https://vault-2.example.com:8200", &server.tls_url()),
            ("vault-ca.pem", &authority.to_string_lossy()),
            ("5f3c0d2e-8a41-4c6b-9d17-2b1e6f0a9c38", &role_id),
        ],
    );
    let machine = machine
        .file(USER_FILE, &team)
        .file("../config/rolewrap/secret-id", &secret_id);
    rolewrap(&machine, "exec true").run().succeeds();
    let expected = Some("arn:aws:iam::111111111111:role/deploy");
    assert_eq!(stub.requests()[0].parameter("RoleArn"), expected);

    let address = ("https://vault.example.com:8200", &*server.url());
    let machine = machine
        .file("ci.toml", &example("ci-vault-jwt.toml", &[address]))
        .env("VAULT_ID_TOKEN", server.jwt());
    let outcome = rolewrap(&machine, &format!("--config ci.toml --iam-role {ROLE} exec env")).run();
    outcome.succeeds().lacks("VAULT_ID_TOKEN=");
    assert_eq!(stub.count(), 2);
}

#[test]
fn the_command_gets_nothing_of_what_fed_the_source() {
    let (stub, server) = (stub(), server());
    server.put(
        "aws/security",
        &json!({ "access_key_id": KEY, "secret_access_key": SECRET }),
    );
    let client_token = server.token(&["reader"]);
    let machine = Sandbox::new()
        .system_programs()
        .env("AWS_ENDPOINT_URL_STS", stub.url())
        .file(
            USER_FILE,
            "source = \"team\"\n[sources.team]\ntype = \"vault\"\npath = \"aws/security\"\n",
        )
        .env("VAULT_ADDR", server.url())
        .env("VAULT_TOKEN", &client_token)
        .env("BAO_NAMESPACE", "");
    let outcome = rolewrap(&machine, &format!("--iam-role {ROLE} exec env")).run();
    outcome
        .succeeds()
        .lacks("VAULT_ADDR=")
        .lacks("VAULT_TOKEN=")
        .lacks("BAO_NAMESPACE=")
        .lacks(&client_token)
        .lacks(SECRET);
    assert_eq!(stub.requests()[0].access_key_id(), Some(KEY));
}

#[test]
fn no_secret_of_vault_is_printed_or_stored_at_any_verbosity() {
    let (stub, server) = (stub(), server());
    server.put(
        "aws/security",
        &json!({ "access_key_id": KEY, "secret_access_key": SECRET }),
    );
    server.put(
        "aws/broken",
        &json!({ "access_key_id": KEY, "secret_access_key": "canary broken key" }),
    );
    let (role_id, secret_id) = server.app_role();
    let section = |path: &str| {
        format!(
            "path = \"{path}\"\nauth = {{ method = \"approle\", role_id = \"{role_id}\", secret_id_variable = \"SECRET_ID\" }}"
        )
    };
    let machine = machine(&stub, &server, &section("aws/security"))
        .env("RUST_LOG", "trace")
        .env("RUST_BACKTRACE", "full")
        .env("SECRET_ID", &secret_id);
    let run = |machine: &Sandbox, command: &str| {
        rolewrap(machine, &format!("-vv --iam-role {ROLE} {command}")).run()
    };
    let mut outcomes = vec![
        run(&machine, "exec true"),
        run(&machine, "whoami"),
        run(&machine, "config show"),
    ];
    for outcome in &outcomes {
        outcome.succeeds();
    }
    outcomes[0].stderr_has("ended the login of source team");
    let machine = machine.file(USER_FILE, &configuration(&server, &section("aws/broken")));
    outcomes.push(run(&machine, "exec true"));
    let machine = machine.env("SECRET_ID", "canary-wrong-secret-id");
    outcomes.push(run(&machine, "exec true"));
    for outcome in &outcomes[3..] {
        outcome.ends_with(125);
    }
    let outcomes: Vec<_> = outcomes.iter().collect();
    for secret in [SECRET, &*secret_id, "canary broken", "canary-wrong-secret-id"] {
        assert_secret_absent(secret, machine.root(), &outcomes);
    }
}

/// A machine whose keys are made by the AWS engine of a stub, which answers a revocation with `revoked`.
fn machine_of_engine(stub: &StsStub, revoked: VaultAnswer) -> (Sandbox, VaultStub) {
    let data = json!({ "access_key": KEY, "secret_key": SECRET, "security_token": null });
    let made = json!({ "lease_id": "aws/creds/ci/f3e92392", "lease_duration": 3600, "data": data });
    let vault = VaultStub::start()
        .expect("the stub starts")
        .answering("aws/creds/ci", [VaultAnswer::json(200, &made)])
        .answering("sys/leases/revoke", [revoked]);
    let file = format!(
        "source = \"team\"\n[sources.team]\ntype = \"vault\"\naddress = \"{}\"\nengine = \"aws\"\nrole = \"ci\"\n",
        vault.url()
    );
    let machine = Sandbox::new()
        .system_programs()
        .env("AWS_ENDPOINT_URL_STS", stub.url())
        .env("VAULT_TOKEN", "canary-users-own")
        .file(USER_FILE, &file);
    (machine, vault)
}

#[test]
fn a_key_that_was_made_is_waited_for_and_its_lease_revoked_before_the_command_starts() {
    let stub = stub();
    for code in ["InvalidClientTokenId", "AccessDenied"] {
        stub.enqueue(Answer::error(403, code, "no"));
    }
    let (machine, vault) = machine_of_engine(&stub, VaultAnswer::raw(204, ""));
    let outcome = rolewrap(&machine, &format!("-vv --iam-role {ROLE} exec true")).run();
    outcome
        .succeeds()
        .stderr_has("revoked the lease aws/creds/ci/f3e92392")
        .lacks("canary");
    assert_eq!(stub.count(), 3);
    let paths: Vec<_> = vault.requests().into_iter().map(|request| request.path).collect();
    assert_eq!(paths, ["aws/creds/ci", "sys/leases/revoke"]);
}

#[test]
fn a_lease_is_revoked_also_when_the_role_is_refused() {
    let stub = stub();
    stub.enqueue(Answer::error(400, "MalformedPolicyDocument", "no"));
    let (machine, vault) = machine_of_engine(&stub, VaultAnswer::raw(204, ""));
    rolewrap(&machine, &format!("--iam-role {ROLE} exec true"))
        .run()
        .ends_with(125);
    assert_eq!(vault.requests().last().unwrap().path, "sys/leases/revoke");
}

#[test]
fn a_lease_that_cannot_be_revoked_is_warned_about_by_its_id() {
    let stub = stub();
    let denied = VaultAnswer::json(403, &json!({ "errors": ["permission denied"] }));
    let (machine, _vault) = machine_of_engine(&stub, denied);
    let outcome = rolewrap(&machine, &format!("--iam-role {ROLE} exec true")).run();
    outcome.succeeds().stderr_has(
        "warning: failed to revoke the lease aws/creds/ci/f3e92392 of source team: the policies of this login do not allow it: sys/leases/revoke needs the capability update",
    );
}
