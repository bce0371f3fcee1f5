//! What is said before Terraform's state can be lost, and after it could not be saved.

use rolewrap_lab::{Answer, Moto, Sandbox};

use crate::given::{ROLE, ROLEWRAP, machine, rolewrap, stub};

/// A session of ten minutes, and an `echo` for Terraform.
fn warned(arguments: &str, seconds: i64) -> String {
    let stub = stub();
    stub.answer_by_default(Answer::success().lasting_seconds(seconds));
    let machine = machine(&stub).env("ROLEWRAP_TERRAFORM", "echo");
    let outcome = rolewrap(&machine, &format!("--iam-role {ROLE} {arguments}")).run();
    outcome.succeeds().stderr().to_owned()
}

#[test]
fn a_change_that_may_outlive_its_session_is_warned_about_with_the_option_that_helps() {
    for arguments in [
        "apply",
        "-chdir=. destroy -auto-approve",
        "import a b",
        "state mv a b",
        "exec -- echo -chdir=. apply",
    ] {
        let said = warned(arguments, 600);
        assert!(
            said.starts_with("warning: the session expires in 9m "),
            "{arguments}: {said}"
        );
        assert!(said.contains(": --delivery endpoint renews it "), "{said}");
        assert_eq!(said.lines().count(), 1, "{said}");
    }
    for arguments in [
        "plan",
        "output",
        "state list",
        "exec -- printf apply",
        "exec -- echo plan",
    ] {
        assert_eq!(warned(arguments, 600), "", "{arguments}");
    }
    assert_eq!(warned("apply", 3600), "");
    assert_eq!(warned("-q apply", 600), "");
}

#[test]
fn what_puts_the_token_into_the_log_or_brings_an_identity_is_warned_about() {
    let stub = stub();
    let warned = |variable: (&str, &str), delivery: &str| {
        let machine = machine(&stub).envs([variable]);
        let words = format!("--delivery {delivery} --iam-role {ROLE} exec true");
        let outcome = rolewrap(&machine, &words).run();
        outcome.succeeds().stderr().to_owned()
    };
    let said = "TF_LOG_PROVIDER_AWS lets Terraform write the session token into its log";
    for level in ["DEBUG", "trace", "json", "nonsense"] {
        assert!(
            warned(("TF_LOG_PROVIDER_AWS", level), "endpoint").contains(said),
            "{level}"
        );
    }
    assert_eq!(warned(("TF_LOG_PROVIDER_AWS", "INFO"), "endpoint"), "");
    assert_eq!(warned(("TF_LOG", "trace"), "env"), "");
    let arguments = ("TF_CLI_ARGS_init", "-backend-config=profile=mine");
    assert!(warned(arguments, "env").contains("TF_CLI_ARGS_init gives the backend its own profile"));
}

#[test]
fn a_state_that_was_not_saved_is_the_first_thing_that_is_said() {
    let stub = stub();
    // Nobody can be asked: not even the configuration is right.
    let machine = machine(&stub)
        .file("live/it's prod/errored.tfstate", "{}")
        .file("rolewrap.toml", "acount = 'dev'")
        .env("ROLEWRAP_TERRAFORM", "echo");
    let directory = machine.work().join("live/it's prod");
    let run = |arguments: &[&str]| {
        let outcome = machine.command(ROLEWRAP).args(arguments).run();
        outcome.ends_with(125);
        outcome.stderr().to_owned()
    };
    let expected = |command: &str| {
        format!(
            "warning: {}/errored.tfstate is there: an earlier run could not save its state. If it is yours, push it before you go on, and delete the file when that has worked: rolewrap {command}\nerror: unknown key",
            directory.display()
        )
    };
    let chdir = "-chdir=live/it's prod";
    let said = run(&["-d", "1h", "--iam-role", ROLE, chdir, "plan"]);
    let command = format!(r"-d 1h --iam-role {ROLE} '-chdir=live/it'\''s prod' state push errored.tfstate");
    assert!(said.starts_with(&expected(&command)), "{said}");
    for silent in [
        &[chdir, "state", "push", "errored.tfstate"][..],
        &["plan"],
        &[chdir, "fmt"],
    ] {
        assert!(!run(silent).contains("errored"), "{silent:?}");
    }
}

#[test]
fn a_role_from_a_variable_is_in_the_command_that_pushes() {
    let stub = stub();
    let machine = machine(&stub)
        .file("errored.tfstate", "{}")
        .env("ROLEWRAP_TERRAFORM", "echo");
    let outcome = rolewrap(&machine, "plan --terragrunt-iam-role=x")
        .env("TG_IAM_ASSUME_ROLE", ROLE)
        .run();
    outcome.stderr_has(": rolewrap --terragrunt-iam-role=x state push errored.tfstate\n");
    let outcome = rolewrap(&machine, "plan").env("TG_IAM_ASSUME_ROLE", ROLE).run();
    outcome.succeeds().stderr_has(&format!(
        ": rolewrap --iam-role {ROLE} state push errored.tfstate\n"
    ));
}

/// A stack that takes its own bucket away while it is applied, so that its state cannot be saved.
fn stack_without_a_place_to_save(moto: &Moto) -> Sandbox {
    let bucket = moto.bucket();
    let stack = format!(
        r#"
terraform {{
  backend "s3" {{
    key = "lost.tfstate"
  }}
}}

resource "terraform_data" "work" {{
  input = "done"

  provisioner "local-exec" {{
    command = "aws s3 rb --force s3://{bucket}"
  }}
}}
"#
    );
    moto.sandbox()
        .with_terraform()
        .expect("Terraform is installed")
        .system_programs()
        .program(ROLEWRAP.as_ref())
        .envs(moto.base_variables())
        .file("live/main.tf", &stack)
        .file("live/lab.tfbackend", &moto.backend_config())
}

#[test]
fn the_command_that_is_printed_saves_what_terraform_could_not() {
    let moto = Moto::start().expect("moto starts");
    let machine = stack_without_a_place_to_save(&moto);
    let role = moto.role_arn("deploy");
    let under_the_role =
        |arguments: &str| rolewrap(&machine, &format!("--iam-role {role} -chdir=live {arguments}")).run();
    under_the_role("init -input=false -backend-config=lab.tfbackend").succeeds();
    under_the_role("apply -input=false -auto-approve")
        .ends_with(1)
        .stderr_has("errored.tfstate");
    assert!(machine.work().join("live/errored.tfstate").exists());
    moto.make_bucket();

    let next = under_the_role("plan -input=false -detailed-exitcode");
    next.ends_with(2);
    let (_, command) = next
        .stderr()
        .split_once("when that has worked: ")
        .expect("the command is printed");
    let command = command.lines().next().unwrap_or_default();
    machine.run("sh", ["-c", command]).succeeds();
    assert!(moto.object("lost.tfstate").contains("terraform_data"));
    // The work that was done is known again, and not done a second time.
    under_the_role("plan -input=false -detailed-exitcode").ends_with(0);
}
