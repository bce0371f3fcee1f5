//! Whatever starts Terraform or Terragrunt, the directory that it works in is the one that counts.

use insta::assert_snapshot;
use rolewrap_lab::{Sandbox, StsStub};

use crate::given::{machine, rolewrap, stub};

const PROJECT: &str = r#"
[accounts.dev]
id = "111111111111"
role = "deploy"
[accounts.prod]
id = "999999999999"
role = "deploy"
[[paths]]
match = "dev"
account = "dev"
[[paths]]
match = "prod"
account = "prod"
"#;

const DEV: &str = "111111111111";
const PROD: &str = "999999999999";

/// A machine with a directory for each of two accounts, a real Terraform, and a script for Terragrunt.
fn with_two_accounts(stub: &StsStub) -> Sandbox {
    let machine = machine(stub)
        .with_terraform()
        .expect("Terraform is installed")
        .env("ROLEWRAP_CACHE", "off")
        .file("rolewrap.toml", PROJECT)
        .file("dev/main.tf", "")
        .file("prod/main.tf", "")
        .file("terragrunt", "#!/bin/sh\necho \"$@\"");
    machine.run("chmod", ["+x", "terragrunt"]).succeeds();
    machine
}

/// The account that `line`, which is run in the directory of dev, asked for.
fn account(machine: &Sandbox, stub: &StsStub, line: &str) -> String {
    let before = stub.count();
    rolewrap(machine, line).directory("dev").run().succeeds();
    let requests = stub.requests();
    assert_eq!(requests.len(), before + 1, "{line}");
    let role = requests[before].parameter("RoleArn").unwrap_or_default();
    role.split(':').nth(4).unwrap_or_default().to_owned()
}

/// What is said where `line` is refused in the directory of dev.
fn refused(machine: &Sandbox, line: &str) -> String {
    let outcome = rolewrap(machine, line).directory("dev").run();
    let message = outcome.ends_with(125).stderr();
    message.replace(&*machine.root().to_string_lossy(), "MACHINE")
}

#[test]
fn terraform_behind_exec_counts_with_its_directory() {
    let stub = stub();
    let machine = with_two_accounts(&stub);
    let work = machine.work();
    machine
        .run("sh", ["-c", "ln -s $(command -v terraform) tf"])
        .succeeds();
    let users = format!("terraform = '{}'", work.join("infra").display());
    let machine = machine.file("../config/rolewrap/config.toml", &users);
    machine.run("sh", ["-c", "cp terragrunt infra"]).succeeds();
    for line in [
        "exec terraform -chdir=../prod version",
        "exec -- env TF_LOG= terraform -chdir=../prod version",
        "exec -- env TF_DATA_DIR=/tmp/terraform terraform -chdir=../prod version",
        "exec -- env -u terraform terraform -chdir=../prod version",
        "exec -- sh -c true run -- terraform -chdir=../prod version",
        "exec ../tf -chdir=../prod version",
        "exec ../infra -chdir=../prod version",
        "exec --terraform ../terragrunt terraform -chdir=../prod version",
    ] {
        assert_eq!(account(&machine, &stub, line), PROD, "{line}");
    }
    for line in [
        "exec terraform version",
        "exec terraform version -chdir=../prod",
        "exec echo -chdir=../prod version",
        "exec echo terraform plan -chdir=../prod",
    ] {
        let count = stub.count();
        let outcome = rolewrap(&machine, line).directory("dev").run();
        let _ = outcome.code();
        let role = stub.requests()[count].parameter("RoleArn").map(str::to_owned);
        assert!(role.is_some_and(|role| role.contains(DEV)), "{line}");
    }
    let count = stub.count();
    assert_snapshot!(refused(&machine, "exec terraform -chdir=../prod -chdir=. plan"), @"
    error: Terraform's option -chdir is given more than once
    hint: keep one of them, since the directory may choose the account
      cause: the directories are ../prod, .
    ");
    assert_snapshot!(refused(&machine, "exec env --chdir=../prod terraform plan"), @"
    error: env is told to change the directory, so nothing was started
    hint: change the directory first, with cd, or write -chdir=DIR behind terraform
      cause: the directory may choose the account, and rolewrap does not follow this option
    ");
    assert_eq!(stub.count(), count);
}

#[test]
fn the_directory_of_terragrunt_counts_however_it_is_named() {
    let stub = stub();
    let machine = with_two_accounts(&stub);
    for line in [
        "exec ../terragrunt run --working-dir ../prod -- plan",
        "--terraform ../terragrunt plan --working-dir=../prod",
        "--terraform ../terragrunt -- --working-dir=../prod plan",
    ] {
        assert_eq!(account(&machine, &stub, line), PROD, "{line}");
    }
    assert_eq!(account(&machine, &stub, "exec ../terragrunt plan"), DEV);
    let machine = machine.env("TG_WORKING_DIR", "../prod");
    for line in ["exec ../terragrunt plan", "--terraform ../terragrunt plan"] {
        assert_eq!(account(&machine, &stub, line), PROD, "{line}");
    }
    // To Terraform, which Terragrunt may have started, it means nothing.
    assert_eq!(account(&machine, &stub, "--terraform echo plan"), DEV);
    let count = stub.count();
    assert_snapshot!(refused(&machine, "--terraform ../terragrunt -chdir=../prod plan"), @"
    error: Terragrunt does not take -chdir, so nothing was started
    hint: name the directory with --working-dir DIR, behind Terragrunt's command
      cause: it is an option of Terraform, and Terragrunt chooses the directory that Terraform works in
    ");
    assert_eq!(stub.count(), count);
}

#[test]
fn a_directory_that_is_none_is_not_taken_for_one() {
    let stub = stub();
    let machine = with_two_accounts(&stub).env("ROLEWRAP_TERRAFORM", "echo");
    assert_snapshot!(refused(&machine, "-chdir=../prod/main.tf plan"), @"
    error: cannot change to the directory ../prod/main.tf
    hint: correct the path; it starts at MACHINE/work/dev
      cause: it is not a directory
      from: Terraform's option -chdir
    ");
    assert_snapshot!(refused(&machine, "-chdir= plan"), @"
    error: Terraform's option -chdir names no directory
    hint: name the directory, or leave it out
      cause: it is empty, and the directory may choose the account
    ");
    assert_snapshot!(refused(&machine, "-chdir ../prod plan"), @"
    error: Terraform's option -chdir names no directory
    hint: write: -chdir=DIR
      cause: Terraform takes the directory in the same word, behind an equals sign
    ");
    assert_eq!(stub.count(), 0);
}
