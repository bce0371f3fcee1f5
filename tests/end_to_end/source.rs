//! `rolewrap source`.

use insta::assert_snapshot;
use rolewrap_lab::{Moto, Sandbox};

use crate::given::rolewrap;

const FILE: &str = "source = [\"ci\", \"env\"]\n[sources.ci]\ntype = \"env\"\n";

fn machine(machine: Sandbox) -> Sandbox {
    machine
        .system_programs()
        .file("../config/rolewrap/config.toml", FILE)
}

#[test]
fn list_says_where_each_source_is_configured_and_which_are_used() {
    let machine = machine(Sandbox::new());
    let outcome = rolewrap(&machine, "source list").run();
    let text = outcome
        .succeeds()
        .stdout()
        .replace(&*machine.root().to_string_lossy(), "MACHINE");
    assert_snapshot!(text, @"
       NAME          TYPE          CONFIGURED IN
    *  ci            env           user file MACHINE/config/rolewrap/config.toml:3
    *  env           env           built-in default
       keyring       keyring       built-in default
       web-identity  web-identity  built-in default
    * used here, in this order: ci, env (user file MACHINE/config/rolewrap/config.toml:1)
    ");
}

#[test]
fn show_says_how_a_source_is_configured() {
    let machine = machine(Sandbox::new());
    rolewrap(&machine, "source show ci")
        .run()
        .succeeds()
        .stdout_has("type = \"env\"")
        .stdout_has("config.toml:3");
    rolewrap(&machine, "source show env")
        .run()
        .succeeds()
        .stdout_has("# built-in default");
    rolewrap(&machine, "source show cii")
        .run()
        .ends_with(125)
        .stderr_has("did you mean `ci`?");
}

#[test]
fn what_is_configured_is_shown_without_the_passwords_in_urls() {
    const FILE: &str = "[sources.team]\ntype = \"vault\"\naddress = \"https://alice:canary@vault.example\"\n\
        [sources.old]\ntype = \"process\"\ncommand = [\"curl\", \"https://alice:canary@host.example/key\"]\n";
    let machine = Sandbox::new()
        .file("../config/rolewrap/config.toml", FILE)
        .env("AWS_ENDPOINT_URL_STS", "https://sts.example/?token=canary");
    let run = |line| rolewrap(&machine, line).run();
    run("config show")
        .succeeds()
        .stdout_has("sources.team.address = \"https://…@vault.example\"")
        .stdout_has("sts.endpoint_url = \"https://sts.example/?…\"")
        .lacks("canary");
    run("source show team").succeeds().lacks("canary");
    run("source show old")
        .succeeds()
        .stdout_has("command = [\"curl\", \"https://…@host.example/key\"]")
        .lacks("canary");
}

#[test]
fn check_says_whose_the_base_credentials_are_and_not_what_they_are() {
    let moto = Moto::start().expect("moto starts");
    let machine = machine(moto.sandbox()).envs(moto.base_variables());
    let outcome = rolewrap(&machine, "-vv source check").run();
    outcome
        .succeeds()
        .stdout_has(&format!("arn:aws:iam::{}:user/ci", moto.security_account()))
        .stdout_has("long-lived")
        .stdout_has(moto.base_key())
        .lacks(moto.base_secret());
    rolewrap(&machine, "source check env")
        .run()
        .succeeds()
        .stdout_has("source check");
    let wrong = machine.env("AWS_SECRET_ACCESS_KEY", "wrong-secret-access-key");
    rolewrap(&wrong, "source check")
        .run()
        .ends_with(125)
        .stderr_has("SignatureDoesNotMatch");
}

#[test]
fn check_says_where_it_looked_when_there_is_nothing() {
    let machine = machine(Sandbox::new());
    let outcome = rolewrap(&machine, "source check").run();
    outcome
        .ends_with(125)
        .stderr_has("ci: AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY are not set; env: AWS_");
}
