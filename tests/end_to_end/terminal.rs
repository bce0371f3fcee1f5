//! A command on a real terminal, with either delivery: nothing may be between it and the keyboard.

use rolewrap_lab::{Moto, Sandbox, Terminal};

use crate::endpoint::served::expect_nothing_left;
use crate::given::{ROLE, ROLEWRAP, machine, rolewrap, stub};
use crate::terraform::terraform_machine;

const DELIVERIES: [&str; 2] = ["env", "endpoint"];

/// Prints a mark around the endpoint's port, which is empty where there is none.
const PORT: &str = r#"url=$AWS_CONTAINER_CREDENTIALS_FULL_URI; url=${url#*//*:}; echo "port<${url%%/*}>""#;

/// Looks, where the command had an endpoint, that neither its process nor its port is left.
fn expect_no_endpoint_left(shown: &str, delivery: &str) {
    let (_, rest) = shown.split_once("port<").expect("the command prints its port");
    let (port, _) = rest.split_once('>').expect("the mark is whole");
    assert_eq!(port.is_empty(), delivery == "env", "{delivery}: {port:?}");
    if let Ok(port) = port.parse() {
        expect_nothing_left(port);
    }
}

fn initialised(moto: &Moto, machine: Sandbox) -> Sandbox {
    let role = moto.role_arn("deploy");
    let init = format!("--iam-role {role} init -input=false -backend-config=lab.tfbackend");
    rolewrap(&machine, &init).run().succeeds();
    machine
}

#[test]
fn the_approval_prompt_is_answered_on_the_terminal() {
    let moto = Moto::start().expect("moto starts");
    let machine = initialised(&moto, terraform_machine(&moto));
    let apply = |delivery: &str, answer: &str| {
        let arguments = format!(
            // A release of its own: within one second, the time in the stack is no change.
            "--delivery {delivery} --iam-role {} apply -var=release={delivery}",
            moto.role_arn("deploy")
        );
        let mut terminal = Terminal::start(rolewrap(&machine, &arguments));
        terminal.shows("Enter a value:").types(answer);
        terminal.ends()
    };
    for delivery in DELIVERIES {
        apply(delivery, "no\n").ends_with(1).stdout_has("Apply cancelled");
        apply(delivery, "yes\n").succeeds().stdout_has("Apply complete");
    }
}

/// Two steps, of which the first is done and the second waits. That one pays no attention to Ctrl-C, so that Terraform alone
/// can end it: were it to die first, Terraform could be done with it before its own signal has come.
const INTERRUPTED: &str = r#"
terraform {
  backend "s3" {
    key = "interrupted.tfstate"
  }
}

resource "terraform_data" "first" {
}

resource "terraform_data" "second" {
  depends_on = [terraform_data.first]

  provisioner "local-exec" {
    command = "trap '' INT; sh port.sh; echo it has begun; exec sleep 60"
  }
}
"#;

#[test]
fn ctrl_c_stops_terraform_once_and_it_saves_its_state() {
    for delivery in DELIVERIES {
        let moto = Moto::start().expect("moto starts");
        let machine = terraform_machine(&moto)
            .file("main.tf", INTERRUPTED)
            .file("port.sh", PORT);
        let machine = initialised(&moto, machine);
        let role = moto.role_arn("deploy");
        let apply = format!("--delivery {delivery} --iam-role {role} apply -auto-approve -no-color");
        let mut terminal = Terminal::start(rolewrap(&machine, &apply));
        terminal.shows("(local-exec): it has begun").types("\x03");
        let outcome = terminal.ends();
        outcome
            .ends_with(1)
            .stdout_has("Gracefully shutting down")
            .lacks("Two interrupts received");
        assert_eq!(
            outcome.stdout().matches("Interrupt received").count(),
            1,
            "{outcome}"
        );
        let state = moto.object("interrupted.tfstate");
        assert!(state.contains("first") && state.contains("tainted"), "{state}");
        assert!(!machine.work().join("errored.tfstate").exists());
        expect_no_endpoint_left(outcome.stdout(), delivery);
    }
}

#[test]
fn ctrl_z_stops_the_job_of_a_shell_and_fg_goes_on_with_it() {
    let moto = Moto::start().expect("moto starts");
    let job = format!(
        "{PORT}; echo job is ready; read line; aws sts get-caller-identity --query Arn --output text; exit 7"
    );
    let machine = moto
        .sandbox()
        .system_programs()
        .envs(moto.base_variables())
        .env("PS1", "$ ")
        .file("job.sh", &job);
    for delivery in DELIVERIES {
        let shell = ["--noprofile", "--norc", "--noediting", "-i"];
        let mut terminal = Terminal::start(machine.command("bash").args(shell));
        // Whatever is shown from here on is what was printed and not what was typed.
        terminal
            .types("stty -echo; echo shell is rea''dy\n")
            .shows("shell is ready");
        let role = moto.role_arn("deploy");
        terminal.types(&format!(
            "{ROLEWRAP} --delivery {delivery} --iam-role {role} exec -- sh job.sh\n"
        ));
        terminal.shows("job is ready").types("\x1a").shows("Stopped");
        terminal.types("jobs -s | wc -l\n").shows("1\r\n");
        terminal.types("fg\n").shows("exec -- sh job.sh").types("go on\n");
        terminal.shows(":assumed-role/deploy/");
        terminal.types("echo \"ended with $?\"\n").shows("ended with 7");
        terminal.types("exit\n");
        expect_no_endpoint_left(terminal.ends().succeeds().stdout(), delivery);
    }
}

#[test]
fn the_command_knows_the_size_of_the_window_and_is_told_of_another() {
    let stub = stub();
    let machine = machine(&stub);
    let script = format!(
        "trap 'echo size $(stty size)' WINCH; {PORT}; echo size $(stty size); until read line; do :; done; exit 3"
    );
    for delivery in DELIVERIES {
        let command = rolewrap(
            &machine,
            &format!("--delivery {delivery} --iam-role {ROLE} exec -- sh -c"),
        );
        let mut terminal = Terminal::start(command.args([&script]));
        terminal.shows("size 0 0");
        terminal.resizes(40, 100).shows("size 40 100");
        terminal.resizes(24, 80).shows("size 24 80");
        terminal.types("\n");
        let outcome = terminal.ends();
        outcome.ends_with(3);
        expect_no_endpoint_left(outcome.stdout(), delivery);
    }
}
