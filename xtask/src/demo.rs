use std::io;

use rolewrap_lab::{Moto, Outcome, Sandbox, find_secret, workspace};

use crate::cargo::build_rolewrap;
use crate::screen::Screen;
use crate::{Failure, announce};

const BACKEND: &str = "-backend-config=lab.s3.tfbackend";
const STATE: &str = "examples/stack.tfstate";
/// Made by the command that must not run.
const MARK: &str = "it-ran";

/// Runs the main job for everybody to see: Terraform writes its state to S3 under an assumed role.
pub(crate) fn run() -> Result<(), Failure> {
    announce("building rolewrap and setting up the lab in target/; the first time takes some minutes …");
    let rolewrap = build_rolewrap("dev")?;
    let moto = Moto::start()?;
    let sandbox = moto
        .sandbox()
        .with_terraform()?
        .program(&rolewrap)
        .system_programs()
        .envs(moto.base_variables())
        .env("USER", "ada")
        .env("TF_INPUT", "0")
        .env("TF_CLI_ARGS", "-no-color")
        .files_of(&workspace().join("examples").join("stack"))
        .file("lab.s3.tfbackend", &moto.backend_config());

    let mut demo = Demo {
        screen: Screen::stdout(),
        sandbox,
        moto,
        outcomes: Vec::new(),
    };
    demo.screen.title("rolewrap: Terraform under an IAM role")?;
    demo.screen.observed(
        "AWS is moto in a local process, with permissions enforced. Terraform and aws are the real ones.",
    )?;
    demo.before()?;
    demo.init()?;
    demo.apply()?;
    demo.state()?;
    demo.denied()?;
    demo.secrets()
}

struct Demo {
    screen: Screen<io::Stdout>,
    sandbox: Sandbox,
    moto: Moto,
    outcomes: Vec<Outcome>,
}

impl Demo {
    fn before(&mut self) -> Result<(), Failure> {
        self.screen
            .step("Before: the base key, in two environment variables")?;
        let caller = self.run(&[
            "aws",
            "sts",
            "get-caller-identity",
            "--query",
            "Arn",
            "--output",
            "text",
        ])?;
        self.screen.observed(caller.stdout().trim())?;
        let init = self.run(&["terraform", "init", BACKEND])?;
        let refusal = line_with(init.stderr(), "StatusCode: 403");
        self.screen.observed(&shortened(refusal))?;
        let user = format!("arn:aws:iam::{}:user/ci", self.moto.security_account());
        self.screen.proves(
            "It is a user of the security account, and S3 refuses it: on its own, it can do nothing here.",
            caller.stdout().trim() == user && init.code() == 1 && !refusal.is_empty(),
            &format!("{caller}\n{init}"),
        )
    }

    fn init(&mut self) -> Result<(), Failure> {
        self.screen.step("Init under the role of another account")?;
        let role = self.moto.role_arn("deploy");
        let init = self.run(&["rolewrap", "--iam-role", &role, "init", BACKEND])?;
        let success = line_with(init.stdout(), "successfully initialized");
        self.screen.observed(success)?;
        self.screen.proves(
            "Same key, same code, same backend block: the role made the difference.",
            init.code() == 0 && !success.is_empty(),
            &init,
        )
    }

    fn apply(&mut self) -> Result<(), Failure> {
        self.screen.step("Apply, and ask AWS from inside who is asking")?;
        let role = self.moto.role_arn("deploy");
        let apply = self.run(&["rolewrap", "--iam-role", &role, "apply", "-auto-approve"])?;
        let inside = line_with(apply.stdout(), "(local-exec): arn:");
        let complete = line_with(apply.stdout(), "Apply complete!");
        self.screen.observed(inside)?;
        self.screen.observed(complete)?;
        let session = format!("arn:aws:sts::{}:assumed-role/deploy/", self.moto.deploy_account());
        self.screen.proves(
            "Whatever Terraform starts is that role's session too, under a name that an audit can read.",
            apply.code() == 0 && inside.contains(&session) && !complete.is_empty(),
            &apply,
        )
    }

    fn state(&mut self) -> Result<(), Failure> {
        self.screen.step("The state, as the bucket's owner sees it")?;
        let objects = self.moto.objects();
        for key in &objects {
            let size = self.moto.object(key).len();
            self.screen
                .observed(&format!("s3://{}/{key}  {size} bytes", self.moto.bucket()))?;
        }
        let written = objects == [STATE] && self.moto.object(STATE).contains("terraform_data");
        self.screen.proves(
            "Terraform wrote its state to S3, and released its lock.",
            written,
            &format!("{objects:?}"),
        )
    }

    fn denied(&mut self) -> Result<(), Failure> {
        self.screen.step("A role that the user may not assume")?;
        let role = self.moto.role_arn("forbidden");
        let denied = self.run(&["rolewrap", "--iam-role", &role, "exec", "--", "touch", MARK])?;
        self.screen.observed(denied.stderr().trim())?;
        self.screen.observed(&format!("exit code {}", denied.code()))?;
        self.screen.proves(
            "Without the role the command never started: not under the base key, not under anything else.",
            denied.code() == 125
                && denied.stderr().contains("AccessDenied")
                && !self.sandbox.work().join(MARK).exists(),
            &denied,
        )
    }

    fn secrets(&mut self) -> Result<(), Failure> {
        self.screen.step(
            "The secret half of the base key, searched for in every file and all output of this demo",
        )?;
        let outcomes: Vec<_> = self.outcomes.iter().collect();
        let place = find_secret(self.moto.base_secret(), self.sandbox.root(), &outcomes);
        self.screen.proves(
            "It was printed nowhere and written nowhere.",
            place.is_none(),
            &place.unwrap_or_default(),
        )
    }

    /// Shows a command line and runs it.
    fn run(&mut self, words: &[&str]) -> Result<Outcome, Failure> {
        self.screen.command(&words.join(" "))?;
        let outcome = self.sandbox.run(words[0], &words[1..]);
        self.outcomes.push(outcome.clone());
        Ok(outcome)
    }
}

/// The first line that contains `text`, or nothing.
fn line_with<'text>(output: &'text str, text: &str) -> &'text str {
    output
        .lines()
        .find(|line| line.contains(text))
        .unwrap_or("")
        .trim()
}

/// A line of Terraform's that is too long for a screen, without its middle.
fn shortened(line: &str) -> String {
    match line.split_once(": ").zip(line.rsplit_once(", https")) {
        Some(((start, _), (_, end))) if line.len() > 110 => format!("{start}: … https{end}"),
        _ => line.to_owned(),
    }
}
