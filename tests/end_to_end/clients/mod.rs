//! Each real client ends up under the role, whatever the machine says besides.

mod client;
mod passing_by;
mod rust_sdk;

use rolewrap_lab::{Moto, Outcome, ProxyStub, Sandbox};

use crate::given::{ROLEWRAP, rolewrap};
use crate::hostile::hostile;
use client::Client;

/// The options for each delivery.
const DELIVERIES: [&[&str]; 2] = [&["--delivery", "env"], &["--delivery", "endpoint"]];

fn hostile_machine(moto: &Moto) -> Sandbox {
    hostile(moto.sandbox().system_programs().envs(moto.base_variables()))
}

fn in_each_delivery() -> impl Iterator<Item = (&'static [&'static str], Client)> {
    DELIVERIES
        .into_iter()
        .flat_map(|delivery| Client::ALL.map(|client| (delivery, client)))
}

fn under_the_role(machine: &Sandbox, moto: &Moto, options: &[&str], client: Client) -> Outcome {
    let role = moto.role_arn("deploy");
    let rolewrap = rolewrap(machine, "--iam-role").args([&*role]).args(options);
    rolewrap.args(["exec", "--"]).args(client.command(moto)).run()
}

#[test]
fn every_client_is_the_role_on_a_hostile_machine() {
    let moto = Moto::start().expect("moto starts");
    let machine = hostile_machine(&moto);
    for (delivery, client) in in_each_delivery() {
        under_the_role(&machine, &moto, delivery, client)
            .succeeds()
            .stdout_has(&format!(":sts::{}:assumed-role/deploy/", moto.deploy_account()));
    }
}

#[test]
fn a_profile_that_is_kept_breaks_those_clients_that_prefer_it() {
    let moto = Moto::start().expect("moto starts");
    let machine = hostile_machine(&moto);
    for (client, said) in [
        (Client::AwsCli, "(ghost)"),
        (Client::Boto3, "(ghost)"),
        (Client::JavaScript, "proceed with the AWS_PROFILE value"),
    ] {
        let outcome = under_the_role(&machine, &moto, &["--keep-env", "AWS_PROFILE"], client);
        assert!(
            outcome.code() != 0,
            "{client:?} is not what the removal is for\n{outcome}"
        );
        outcome.stderr_has(said);
    }
}

#[test]
fn terraform_is_the_role_on_a_hostile_machine() {
    let moto = Moto::start().expect("moto starts");
    let configuration = "terraform {\n  backend \"s3\" {}\n}\n";
    let machine = hostile_machine(&moto)
        .with_terraform()
        .expect("Terraform is installed")
        .file("main.tf", configuration)
        .file("lab.tfbackend", &moto.backend_config());
    let role = moto.role_arn("deploy");
    let options = ["-input=false", "-reconfigure", "-backend-config=lab.tfbackend"];
    for (number, delivery) in DELIVERIES.into_iter().enumerate() {
        let key = format!("-backend-config=key=state-{number}");
        let run = || rolewrap(&machine, "--iam-role").args([&*role]).args(delivery);
        run().args(["init", &key]).args(options).run().succeeds();
        run()
            .args(["apply", "-input=false", "-auto-approve"])
            .run()
            .succeeds();
    }
    assert_eq!(moto.objects(), ["state-0", "state-1"]);
}

#[test]
fn every_client_reaches_aws_through_the_proxy_of_the_environment() {
    let moto = Moto::start().expect("moto starts");
    let proxy = ProxyStub::start().expect("the proxy starts");
    let machine = hostile_machine(&moto)
        .env("HTTP_PROXY", proxy.url())
        .env("http_proxy", proxy.url());
    for (delivery, client) in in_each_delivery() {
        under_the_role(&machine, &moto, delivery, client)
            .succeeds()
            .stdout_has(":assumed-role/deploy/");
    }
    let asked = proxy.requests();
    assert!(!asked.is_empty(), "nobody used the proxy");
    // The credentials endpoint is asked directly: a proxy would see its token.
    assert!(
        asked
            .iter()
            .all(|request| request.target.starts_with(moto.endpoint())),
        "{asked:?}"
    );
}

#[test]
fn every_client_takes_a_profile_that_names_rolewrap_as_its_process() {
    let moto = Moto::start().expect("moto starts");
    let profile = format!(
        "[profile dev]\ncredential_process = {ROLEWRAP} --iam-role {} credential-process\n",
        moto.role_arn("deploy")
    );
    let [(_, id), (_, secret)] = moto.base_variables();
    // The base credentials come from a program here: in the environment some clients would take them for themselves.
    let base = format!(
        "#!/bin/sh\necho '{{\"Version\": 1, \"AccessKeyId\": \"{id}\", \"SecretAccessKey\": \"{secret}\"}}'\n"
    );
    let configuration = "source = 'base'\n[sources.base]\ntype = 'process'\ncommand = ['sh', '/base']\n";
    let machine = moto.sandbox().system_programs();
    let script = machine.root().join("base");
    let configuration = configuration.replace("/base", &script.to_string_lossy());
    let machine = machine
        .file("../base", &base)
        .file("../config/rolewrap/config.toml", &configuration)
        .file("../home/.aws/config", &profile)
        .env("AWS_PROFILE", "dev")
        // Version 2 of the SDK for JavaScript reads this file at all only then.
        .env("AWS_SDK_LOAD_CONFIG", "1");
    for client in Client::ALL {
        let command = client.command(&moto);
        let outcome = machine.command(&command[0]).args(&command[1..]).run();
        outcome.succeeds().stdout_has(":assumed-role/deploy/");
    }
}
