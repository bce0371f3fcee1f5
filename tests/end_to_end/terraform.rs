//! The main job: a real Terraform keeps its state in S3 under the role.

use rolewrap_lab::{Moto, Outcome, Sandbox, assert_secret_absent, workspace};

use crate::given::{ROLEWRAP, rolewrap};

pub(crate) fn terraform_machine(moto: &Moto) -> Sandbox {
    moto.sandbox()
        .with_terraform()
        .expect("Terraform is installed")
        .system_programs()
        .files_of(&workspace().join("examples/stack"))
        .file("lab.tfbackend", &moto.backend_config())
        .envs(moto.base_variables())
        .env("USER", "alice")
}

fn under_the_role(machine: &Sandbox, moto: &Moto, arguments: &str) -> Outcome {
    rolewrap(
        machine,
        &format!("--iam-role {} {arguments}", moto.role_arn("deploy")),
    )
    .run()
}

#[test]
fn apply_writes_its_state_under_the_role_and_no_secret_to_the_disk() {
    let moto = Moto::start().expect("moto starts");
    let machine = terraform_machine(&moto);

    let own = machine.run(
        "terraform",
        ["init", "-input=false", "-backend-config=lab.tfbackend"],
    );
    own.ends_with(1).stderr_has("403");

    let init = under_the_role(&machine, &moto, "init -input=false -backend-config=lab.tfbackend");
    init.succeeds();
    let apply = under_the_role(&machine, &moto, "apply -input=false -auto-approve");
    apply
        .succeeds()
        .stdout_has("Apply complete")
        .stdout_has(":assumed-role/deploy/alice@");
    assert_eq!(moto.objects(), ["examples/stack.tfstate"]);
    assert!(moto.object("examples/stack.tfstate").contains("terraform_data"));
    assert_secret_absent(moto.base_secret(), machine.root(), &[&own, &init, &apply]);

    let plan = under_the_role(
        &machine,
        &moto,
        "plan -input=false -detailed-exitcode -var=release=2.0.0",
    );
    plan.ends_with(2);
}

#[test]
fn an_account_of_a_file_is_the_same_as_naming_the_role() {
    let moto = Moto::start().expect("moto starts");
    let file = format!(
        "[accounts.lab]\nid = \"{}\"\nrole = \"deploy\"\nregion = \"{}\"\n[[paths]]\nmatch = \"live/**\"\naccount = \"lab\"\n",
        moto.deploy_account(),
        moto.region()
    );
    let machine = terraform_machine(&moto)
        .file("rolewrap.toml", &file)
        .file("live/lab/main.tf", "");
    let identity = [
        "exec",
        "--",
        "aws",
        "sts",
        "get-caller-identity",
        "--query",
        "Arn",
        "--output",
        "text",
    ];
    let arn = format!("arn:aws:sts::{}:assumed-role/deploy/", moto.deploy_account());
    machine
        .command(ROLEWRAP)
        .args(["--account", "lab"])
        .args(identity)
        .run()
        .succeeds()
        .stdout_has(&arn);
    machine
        .command(ROLEWRAP)
        .args(identity)
        .directory("live/lab")
        .run()
        .succeeds()
        .stdout_has(&arn);
    machine
        .command(ROLEWRAP)
        .args(identity)
        .run()
        .ends_with(125)
        .stderr_has("no role is chosen");
    rolewrap(&machine, "-chdir=live/lab providers").run().succeeds();
    rolewrap(&machine, "-chdir=live/lab/../other plan")
        .run()
        .ends_with(125)
        .stderr_has("cannot change to the directory live/lab/../other");
    rolewrap(&machine, "-chdir=live/lab -chdir=. plan")
        .run()
        .ends_with(125)
        .stderr_has("more than once");
    rolewrap(&machine, "-chdir=live/lab/../.. plan")
        .run()
        .ends_with(125)
        .stderr_has("no role is chosen");
    rolewrap(&machine, "-chdir=live plan")
        .run()
        .stderr_has("No configuration files");
}

#[test]
fn an_external_id_that_the_trust_policy_asks_for_is_sent() {
    let moto = Moto::start().expect("moto starts");
    let machine = terraform_machine(&moto);
    let role = moto.role_arn("external");
    let with = |id: &str| {
        let arguments = ["--iam-role", &role, "--external-id", id, "exec", "true"];
        machine.command(ROLEWRAP).args(arguments).run()
    };
    with(moto.external_id()).succeeds();
    with("wrong-external-id")
        .ends_with(125)
        .stderr_has("AccessDenied");
}

#[test]
fn a_role_that_is_denied_or_unknown_is_refused_by_aws_and_terraform_does_not_start() {
    let moto = Moto::start().expect("moto starts");
    let machine = terraform_machine(&moto);
    for role in ["forbidden", "untrusting", "missing"] {
        let outcome = rolewrap(&machine, &format!("--iam-role {} init", moto.role_arn(role))).run();
        outcome
            .ends_with(125)
            .stderr_has("AWS does not let AKIA")
            .lacks("Initializing");
    }
    let wrong = machine.env("AWS_SECRET_ACCESS_KEY", "wrong-secret-access-key");
    let outcome = under_the_role(&wrong, &moto, "init");
    outcome
        .ends_with(125)
        .stderr_has("SignatureDoesNotMatch")
        .lacks("wrong-secret-access-key")
        .lacks("Initializing");
}
