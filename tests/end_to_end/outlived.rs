//! Terraform at work for longer than its sessions last, against an AWS in which they do end.

use std::time::Instant;

use rolewrap_lab::{Moto, Outcome, Sandbox};

use crate::given::{ROLEWRAP, rolewrap};

/// What waits is the work of the stack, and stands for a cluster or a database that takes its time.
const STACK: &str = r#"
terraform {
  backend "s3" {
    key          = "long.tfstate"
    use_lockfile = true
  }
}

variable "work" {
  type = list(string)
}

resource "terraform_data" "first" {
  provisioner "local-exec" {
    command = "${var.work[0]} && aws sts get-caller-identity --query Arn --output text"
  }
}

resource "terraform_data" "second" {
  depends_on = [terraform_data.first]

  provisioner "local-exec" {
    command = var.work[1]
  }
}
"#;

fn machine(moto: &Moto, work: [&str; 2]) -> Sandbox {
    let machine = moto
        .sandbox()
        .with_terraform()
        .expect("Terraform is installed")
        .system_programs()
        .program(ROLEWRAP.as_ref())
        .envs(moto.base_variables())
        .env("USER", "alice")
        .env("TF_VAR_work", format!("{work:?}"))
        .file("main.tf", STACK)
        .file("lab.tfbackend", &moto.backend_config());
    run(
        &machine,
        moto,
        "endpoint",
        "init -input=false -backend-config=lab.tfbackend",
    )
    .succeeds();
    machine
}

fn run(machine: &Sandbox, moto: &Moto, delivery: &str, terraform: &str) -> Outcome {
    let role = moto.role_arn("deploy");
    rolewrap(
        machine,
        &format!("--delivery {delivery} --iam-role {role} {terraform}"),
    )
    .run()
}

#[test]
fn an_apply_that_outlives_several_sessions_finishes_saves_its_state_and_asks_aws_once_for_each() {
    // Half of a session is enough for each request, also on a busy machine.
    let moto = Moto::with_sessions_of(10).expect("moto starts");
    let machine = machine(&moto, ["sleep 11", "sleep 11"]);
    let before = moto.sessions();
    let began = Instant::now();
    let apply = run(&machine, &moto, "endpoint", "apply -input=false -auto-approve");
    apply
        .succeeds()
        .stdout_has("Apply complete")
        .stdout_has(":assumed-role/deploy/alice@");
    assert_eq!(apply.stderr(), "");
    // A session is renewed when less than half of it is left, so each serves four seconds at least. The first one may be that
    // of the cache, and one is asked for while the last one is used.
    let asked = moto.sessions() - before;
    let most = usize::try_from(began.elapsed().as_secs()).expect("it ends") / 4 + 2;
    assert!((3..=most).contains(&asked), "{asked} sessions, {most} at most");
    // The lock is released too.
    assert_eq!(moto.objects(), ["long.tfstate"]);
    assert!(moto.object("long.tfstate").contains("second"));
    assert!(!machine.work().join("errored.tfstate").exists());
    let plan = run(
        &machine,
        &moto,
        "endpoint",
        "plan -input=false -detailed-exitcode",
    );
    plan.ends_with(0);
}

/// The same work with variables, which no process can renew; and what saves its outcome nevertheless.
#[test]
fn an_apply_in_variables_loses_its_session_and_the_command_that_is_printed_saves_the_state() {
    // A session of less than a minute is not put into variables, and a longer one is not waited for: it is revoked while the
    // work is done. Without the cache, where that is not known.
    let moto = Moto::with_sessions_of(600).expect("moto starts");
    let revokes = format!("touch {}", moto.revocation().display());
    let machine = machine(&moto, ["true", &revokes]);
    let apply = run(
        &machine,
        &moto,
        "env --no-cache",
        "apply -input=false -auto-approve",
    );
    apply
        .ends_with(1)
        .stderr_has(": --delivery endpoint renews it while Terraform runs")
        // So S3 refuses the session when it is asked for an object's head: there is no body that could say ExpiredToken.
        .stderr_has("StatusCode: 400")
        .stderr_has("errored.tfstate");
    // Neither the state was saved nor the lock released.
    assert_eq!(moto.objects(), ["long.tfstate.tflock"]);

    let next = run(
        &machine,
        &moto,
        "endpoint --no-cache",
        "plan -input=false -lock=false -detailed-exitcode",
    );
    let said = next.ends_with(2).stderr();
    let [unlock, push] = said
        .lines()
        .filter_map(|line| line.strip_prefix("  rolewrap "))
        .map(|line| format!("rolewrap {line}"))
        .collect::<Vec<_>>()
        .try_into()
        .expect("two lines are printed");
    let typed = |line: &str| machine.command("sh").args(["-c", line]).stdin("yes\n").run();
    let refused = typed(&push);
    let lock = refused
        .ends_with(1)
        .stderr()
        .lines()
        .find_map(|line| Some(line.split_once(" ID: ")?.1.trim()))
        .expect("Terraform prints the ID of the lock");
    typed(&unlock.replace("LOCK_ID", lock)).succeeds();
    typed(&push).succeeds();
    assert!(moto.object("long.tfstate").contains("second"));
    // The work that was done is known again, and not done a second time.
    run(
        &machine,
        &moto,
        "endpoint --no-cache",
        "plan -input=false -detailed-exitcode",
    )
    .ends_with(0);
}
