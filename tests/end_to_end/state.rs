//! What is said before Terraform's state can be lost, and after it could not be saved.

use rolewrap_lab::{Answer, Moto, Sandbox, StsStub};

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
        "state remove a",
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

/// A Terraform that cannot save its state.
const LOSES_ITS_STATE: &str = "#!/bin/sh\necho {} > \"$PWD/errored.tfstate\"\n";

/// A machine on which `terraform`, `tofu` and the like lose every state, and what was said there before a command.
fn losing(stub: &StsStub) -> Sandbox {
    let machine = machine(stub).file("losing/terraform", LOSES_ITS_STATE);
    machine.run("chmod", ["+x", "losing/terraform"]).succeeds();
    let terraform = machine.work().join("losing/terraform");
    machine.env("ROLEWRAP_TERRAFORM", &*terraform.to_string_lossy())
}

/// The lines to copy in what was said.
fn lines(said: &str) -> Vec<&str> {
    said.lines()
        .filter_map(|line| line.strip_prefix("  "))
        .filter(|line| line.contains("rolewrap "))
        .collect()
}

#[test]
fn a_state_that_was_not_saved_is_the_first_thing_that_is_said_with_the_lines_for_where_it_belongs() {
    let stub = stub();
    let machine = machine(&stub)
        .file("live/it's prod/main.tf", "")
        .env("ROLEWRAP_TERRAFORM", "echo");
    let directory = machine.work().join("live/it's prod");
    let chdir = "-chdir=live/it's prod";
    let run = |arguments: &[&str]| machine.command(ROLEWRAP).args(arguments);
    run(&["-d", "1h", "--iam-role", ROLE, chdir, "apply"])
        .env("TF_WORKSPACE", "stg")
        .run()
        .succeeds();
    let file = directory.join("errored.tfstate");
    std::fs::write(&file, "{}").expect("it is written");
    // Nobody can be asked: not even the configuration is right. And what is run now is for another workspace.
    std::fs::write(machine.work().join("rolewrap.toml"), "acount = 'dev'").expect("it is written");
    let outcome = run(&[chdir, "plan"]).run();
    let said = outcome.ends_with(125).stderr();
    assert!(
        said.starts_with(&format!("warning: {} is there: an earlier run could not save its state. It is that of the workspace stg under {ROLE}.", file.display())),
        "{said}"
    );
    let line = format!(
        r"ROLEWRAP_TERRAFORM=echo TF_WORKSPACE=stg rolewrap -d 1h --iam-role {ROLE} '-chdir=live/it'\''s prod'"
    );
    assert_eq!(
        lines(said),
        [
            format!("{line} force-unlock LOCK_ID"),
            format!("{line} state push errored.tfstate")
        ]
    );
    for silent in [
        &[chdir, "state", "push", "errored.tfstate"][..],
        &["plan"],
        &[chdir, "fmt"],
    ] {
        run(silent).run().ends_with(125).lacks("errored");
    }
}

#[test]
fn no_line_is_shown_where_it_is_not_known_which_run_left_the_state() {
    let stub = stub();
    let machine = losing(&stub);
    std::fs::write(machine.work().join("errored.tfstate"), "{}").expect("it is written");
    let under_the_role = |arguments: &str| rolewrap(&machine, &format!("--iam-role {ROLE} {arguments}"));
    let plan = under_the_role("plan").run();
    let said = plan.succeeds().stderr();
    assert!(
        said.contains("It is not known which account and workspace"),
        "{said}"
    );
    assert_eq!(lines(said), Vec::<&str>::new());
    // Whoever fails next replaces the file, and it is known whose it is.
    for workspace in ["stg", "qa"] {
        under_the_role("apply")
            .env("TF_WORKSPACE", workspace)
            .run()
            .succeeds();
        let plan = under_the_role("plan").run();
        plan.stderr_has(&format!("that of the workspace {workspace} under"))
            .stderr_has(&format!(
                "TF_WORKSPACE={workspace} rolewrap --iam-role {ROLE} state push"
            ));
    }
}

#[test]
fn a_terraform_behind_exec_and_what_selects_are_in_the_lines_and_values_that_may_be_secret_are_not() {
    let stub = stub();
    let machine = losing(&stub)
        .file("live/.terraform/environment", "stg")
        .file("own.toml", "");
    let terraform = machine.work().join("losing/terraform").display().to_string();
    let live = machine.work().join("live");
    machine
        .command(ROLEWRAP)
        .args(["exec", "--", "env", "A=canary", &terraform, "apply"])
        .directory(&live)
        .env("TG_IAM_ASSUME_ROLE", ROLE)
        .env("ROLEWRAP_CONFIG", "../own.toml")
        .env("ROLEWRAP_EXTERNAL_ID", "canary")
        .run()
        .succeeds();
    let plan = rolewrap(&machine, &format!("--iam-role {ROLE} -chdir=live plan"))
        .env("SHELL", "/usr/bin/fish")
        .run();
    let said = plan.lacks("canary").stderr();
    assert!(
        said.contains("had ROLEWRAP_EXTERNAL_ID, so set it first"),
        "{said}"
    );
    let here = live.display();
    let expected = format!(
        "cd {here} && ROLEWRAP_CONFIG=../own.toml ROLEWRAP_TERRAFORM={terraform} rolewrap --iam-role {ROLE} exec -- {terraform} state push errored.tfstate"
    );
    assert_eq!(lines(said)[1], expected);
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
    let command = lines(next.stderr())[1];
    machine.run("sh", ["-c", command]).succeeds();
    assert!(moto.object("lost.tfstate").contains("terraform_data"));
    // The work that was done is known again, and not done a second time.
    under_the_role("plan -input=false -detailed-exitcode").ends_with(0);
}
