//! What is said when the key in Vault cannot be had, read as a whole. In each case nothing is started.

use insta::assert_snapshot;
use rolewrap_lab::{OpenBao, Sandbox, StsStub};
use serde_json::json;

use crate::given::{KEY, ROLE, rolewrap, stub};
use crate::vault::{USER_FILE, machine, server};

fn refused(machine: &Sandbox, stub: &StsStub, server: &OpenBao) -> String {
    let outcome = rolewrap(machine, &format!("--iam-role {ROLE} exec touch started")).run();
    outcome.ends_with(125);
    assert!(!machine.work().join("started").exists(), "nothing is started");
    assert_eq!(stub.count(), 0);
    outcome
        .stderr()
        .replace(&*machine.root().to_string_lossy(), "MACHINE")
        .replace(&server.url(), "VAULT")
}

#[test]
fn nothing_to_log_in_with() {
    let (stub, server) = (stub(), server());
    let machine = machine(&stub, &server, "path = \"aws/security\"");
    assert_snapshot!(refused(&machine, &stub, &server), @r#"
    error: failed to use source team: there is nothing to log in with: BAO_TOKEN and VAULT_TOKEN are not set, and MACHINE/home/.vault-token does not exist
    hint: set VAULT_TOKEN, log in with `vault login` or `bao login`, or name another method: auth = { method = "approle", … }
      setting: auth
      source: team (user file MACHINE/config/rolewrap/config.toml:1)
    "#);
}

#[test]
fn a_token_that_has_expired() {
    let (stub, server) = (stub(), server());
    let machine = machine(&stub, &server, "path = \"aws/security\"").env("VAULT_TOKEN", "s.expired-long-ago");
    assert_snapshot!(refused(&machine, &stub, &server), @"
    error: failed to read base credentials from source team
    hint: log in again, or renew what VAULT_TOKEN has; a token of another namespace needs `namespace`
      cause: the token from VAULT_TOKEN is not valid: it has expired, was revoked, or belongs to another server or namespace
      source: team (user file MACHINE/config/rolewrap/config.toml:1)
    ");
}

#[test]
fn a_policy_that_does_not_allow_it() {
    let (stub, server) = (stub(), server());
    let machine =
        machine(&stub, &server, "path = \"aws/security\"").env("VAULT_TOKEN", server.token(&["default"]));
    assert_snapshot!(refused(&machine, &stub, &server), @r#"
    error: failed to read base credentials from source team
    hint: a policy of this login must have: path "secret/data/aws/security" { capabilities = ["read"] }
      cause: the policies of this login do not allow it: secret/data/aws/security needs the capability read
      source: team (user file MACHINE/config/rolewrap/config.toml:1)
    "#);
}

#[test]
fn a_login_that_is_refused() {
    let (stub, server) = (stub(), server());
    server.app_role();
    let section = "path = \"aws/security\"\nauth = { method = \"approle\", role_id = \"unknown\", secret_id_variable = \"SECRET_ID\" }";
    let machine = machine(&stub, &server, section).env("SECRET_ID", "canary-secret-id");
    assert_snapshot!(refused(&machine, &stub, &server), @r#"
    error: failed to read base credentials from source team
    hint: check the parts of auth = { method = "approle" } in the source, and that its `mount` is where the server has the method
      cause: the login by approle at auth/approle/login is refused: invalid role or secret ID
      source: team (user file MACHINE/config/rolewrap/config.toml:1)
    "#);
}

#[test]
fn a_server_that_is_sealed() {
    let (stub, server) = (stub(), server());
    let machine =
        machine(&stub, &server, "path = \"aws/security\"").env("VAULT_TOKEN", server.token(&["reader"]));
    server.seal();
    assert_snapshot!(refused(&machine, &stub, &server), @"
    error: failed to reach source team
    hint: have it unsealed (`vault operator unseal`, `bao operator unseal`), or name the other servers with `addresses`
      cause: VAULT is sealed
      source: team (user file MACHINE/config/rolewrap/config.toml:1)
    ");
}

#[test]
fn a_secret_that_is_not_there() {
    let (stub, server) = (stub(), server());
    let machine =
        machine(&stub, &server, "path = \"aws/nothing\"").env("VAULT_TOKEN", server.token(&["reader"]));
    assert_snapshot!(refused(&machine, &stub, &server), @"
    error: failed to find base credentials in source team
    hint: store the key there, or correct `mount`, `path` and `version` of the source
      cause: there is no secret at secret/data/aws/nothing
      source: team (user file MACHINE/config/rolewrap/config.toml:1)
    ");
}

#[test]
fn a_path_as_the_api_has_it() {
    let (stub, server) = (stub(), server());
    let machine = machine(&stub, &server, "path = \"secret/data/aws/security\"")
        .env("VAULT_TOKEN", server.token(&["reader"]));
    let message = refused(&machine, &stub, &server);
    let hint = "\nhint: leave the mount and data/ out of `path`: path = \"aws/security\"\n";
    assert!(message.contains(hint), "{message}");
    let machine = machine.env("VAULT_TOKEN", "s.expired-long-ago");
    let message = refused(&machine, &stub, &server);
    assert!(message.contains("\nhint: log in again"), "{message}");
}

#[test]
fn a_server_that_speaks_no_tls() {
    let (stub, server) = (stub(), server());
    let address = server.url().replace("http:", "https:");
    let file = format!(
        "source = \"team\"\n[sources.team]\ntype = \"vault\"\npath = \"x\"\naddress = \"{address}\"\n"
    );
    let machine = machine(&stub, &server, "")
        .file(USER_FILE, &file)
        .env("VAULT_TOKEN", "x");
    let message = refused(&machine, &stub, &server).replace(&address, "VAULT");
    assert_snapshot!(message, @"
    error: failed to reach source team
    hint: write http:// if it speaks no TLS; otherwise check the address, and whether something else answers in its place
      cause: what answers at VAULT does not speak TLS
      source: team (user file MACHINE/config/rolewrap/config.toml:1)
    ");
}

#[test]
fn a_field_that_is_missing() {
    let (stub, server) = (stub(), server());
    server.put(
        "aws/security",
        &json!({ "access_key_id": KEY, "secret": "canary-value" }),
    );
    let machine =
        machine(&stub, &server, "path = \"aws/security\"").env("VAULT_TOKEN", server.token(&["reader"]));
    assert_snapshot!(refused(&machine, &stub, &server), @"
    error: failed to use the base credentials from source team
    hint: store both halves of the key again, together, or say with `fields` what they are called
      cause: secret/data/aws/security has no field secret_access_key; it has access_key_id, secret
      source: team (user file MACHINE/config/rolewrap/config.toml:1)
    ");
}

#[test]
fn the_other_version_of_the_engine() {
    let (stub, server) = (stub(), server());
    let section = "path = \"aws/security\"\nkv_version = 1";
    let machine = machine(&stub, &server, section).env("VAULT_TOKEN", server.token(&["reader"]));
    assert_snapshot!(refused(&machine, &stub, &server), @"
    error: failed to use source team: secret/ looks like version 2 of the key-value engine, and not like version 1
    hint: correct kv_version
      setting: kv_version
      source: team (user file MACHINE/config/rolewrap/config.toml:1)
      from: user file MACHINE/config/rolewrap/config.toml:6
    ");
}

#[test]
fn an_address_that_is_none() {
    let (stub, server) = (stub(), server());
    let file = "source = \"team\"\n[sources.team]\ntype = \"vault\"\npath = \"x\"\naddress = \"vault.example.com\"\n";
    let machine = machine(&stub, &server, "").file(USER_FILE, file);
    assert_snapshot!(refused(&machine, &stub, &server), @"
    error: the source `team` cannot be used
    hint: write the address like https://vault.example.com:8200, or set VAULT_ADDR to it
      cause: the address begins with neither http:// nor https://
      from: user file MACHINE/config/rolewrap/config.toml:5
    ");
}

#[test]
fn a_certificate_that_is_not_trusted() {
    let (stub, server) = (stub(), server());
    let file = format!(
        "source = \"team\"\n[sources.team]\ntype = \"vault\"\npath = \"x\"\naddress = \"{}\"\n",
        server.tls_url()
    );
    let machine = machine(&stub, &server, "")
        .file(USER_FILE, &file)
        .env("VAULT_TOKEN", "x")
        .env("VAULT_SKIP_VERIFY", "");
    let message = refused(&machine, &stub, &server).replace(&server.tls_url(), "VAULT");
    assert_snapshot!(message, @"
    error: failed to reach source team
    hint: name the authority's certificate in `ca_cert` or VAULT_CACERT, or the name in the certificate in `tls_server_name`; otherwise somebody else may be answering
      cause: the TLS connection to VAULT is refused: its certificate is not signed by an authority that is trusted here
      source: team (user file MACHINE/config/rolewrap/config.toml:1)
    ");
}

#[test]
fn what_a_section_says_wrongly_is_shown_with_its_line() {
    let (stub, server) = (stub(), server());
    for (section, line, said) in [
        ("", 2, "it has no `path`"),
        (
            "path = \"x\"\nkv_version = 3",
            6,
            "`3` is not a version of the key-value engine",
        ),
        (
            "path = \"x\"\nversion = \"new\"",
            6,
            "`new` is not a version of a secret",
        ),
        (
            "path = \"x\"\naddresses = []",
            6,
            "it has an address and addresses",
        ),
        (
            "path = \"x\"\nrole = \"deploy\"",
            6,
            "`role` says nothing to the key-value engine",
        ),
        ("engine = \"aws\"", 2, "it has no `role`"),
        (
            "engine = \"aws\"\nrole = \"x/y\"",
            6,
            "`x/y` is not a role of the AWS engine",
        ),
        ("engine = \"pki\"", 5, "`pki` is not an engine"),
        (
            "path = \"x\"\ntimeout = \"soon\"",
            6,
            "`soon` is not a valid time",
        ),
        ("path = \"/x\"", 5, "has an empty part"),
        (
            "path = \"x\"\nauth = { method = \"jwt\" }",
            6,
            "it needs one of `jwt_file` and `jwt_variable`",
        ),
    ] {
        let machine = machine(&stub, &server, section);
        let message = refused(&machine, &stub, &server);
        assert!(message.contains(said), "{section}: {message}");
        assert!(
            message.contains(&format!("config.toml:{line}\n")),
            "{section}: {message}"
        );
    }
}
