//! Paths that are not full ones: those in a file begin at that file, and those in a variable where the user is.

use rolewrap_lab::Sandbox;

use crate::given::{KEY, ROLE, SECRET, rolewrap};

const USER_FILE: &str = "../config/rolewrap/config.toml";

/// What is said about a Vault source with these keys, with a file in it that does not exist.
fn said(section: &str, variables: &[(&str, &str)]) -> String {
    let text = format!(
        "source = 'team'\n[sources.team]\ntype = 'vault'\naddress = 'https://127.0.0.1:1'\npath = 'x'\n{section}\n"
    );
    let machine = Sandbox::new()
        .system_programs()
        .envs(variables.iter().copied())
        .file(USER_FILE, &text);
    let outcome = rolewrap(&machine, &format!("--iam-role {ROLE} exec true")).run();
    outcome.ends_with(125);
    outcome
        .stderr()
        .replace(&*machine.root().to_string_lossy(), "MACHINE")
}

#[test]
fn every_file_that_a_source_names_begins_at_the_file_that_names_it() {
    for section in [
        "auth = { method = 'token', token_file = 'sub/none' }",
        "auth = { method = 'approle', role_id = 'x', secret_id_file = 'sub/none' }",
        "auth = { method = 'userpass', username = 'x', password_file = 'sub/none' }",
        "auth = { method = 'ldap', username = 'x', password_file = 'sub/none' }",
        "auth = { method = 'jwt', jwt_file = 'sub/none' }",
        "auth = { method = 'kubernetes', role = 'x', jwt_file = 'sub/none' }",
        "ca_cert = 'sub/none'",
        "client_cert = 'sub/none'\nclient_key = '/none'",
        "client_cert = '/etc/passwd'\nclient_key = 'sub/none'",
    ] {
        let said = said(section, &[]);
        assert!(
            said.contains("MACHINE/config/rolewrap/sub/none "),
            "{section}: {said}"
        );
    }
}

#[test]
fn every_file_that_a_variable_of_vault_names_begins_where_the_user_is() {
    for variables in [
        &[("VAULT_CACERT", "sub/none")][..],
        &[("BAO_CLIENT_CERT", "sub/none"), ("BAO_CLIENT_KEY", "/none")],
        &[
            ("VAULT_CLIENT_CERT", "/etc/passwd"),
            ("VAULT_CLIENT_KEY", "sub/none"),
        ],
    ] {
        let said = said("", variables);
        assert!(said.contains("MACHINE/work/sub/none "), "{variables:?}: {said}");
    }
}

#[test]
fn the_bundle_for_sts_begins_at_its_file_or_where_the_user_is() {
    let machine = Sandbox::new()
        .system_programs()
        .env("AWS_ACCESS_KEY_ID", KEY)
        .env("AWS_SECRET_ACCESS_KEY", SECRET)
        .file(USER_FILE, "[sts]\nca_bundle = 'sub/none'\n");
    let place = |folder: &str| machine.root().join(folder).join("sub/none").display().to_string();
    let run = rolewrap(&machine, &format!("--iam-role {ROLE} exec true"));
    run.clone()
        .run()
        .ends_with(125)
        .stderr_has(&place("config/rolewrap"));
    run.env("AWS_CA_BUNDLE", "sub/none")
        .run()
        .ends_with(125)
        .stderr_has(&place("work"));
}
