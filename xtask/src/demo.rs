use std::io;
use std::path::Path;

use rolewrap_lab::{Moto, Outcome, Sandbox, find_secret, workspace};

use crate::cargo::build_rolewrap;
use crate::screen::Screen;
use crate::{Failure, announce};

const BACKEND: &str = "-backend-config=lab.s3.tfbackend";
const STATE: &str = "examples/stack.tfstate";
/// Made by the command that must not run.
const MARK: &str = "it-ran";
/// What `-v` says where there is no safe place for the key of the cache, as in many containers.
const NOT_CACHED: &str = "no session is cached: ";
/// How long a session lasts in the AWS whose sessions are over soon. AWS has none that is so short.
const SESSION_SECONDS: u32 = 4;
/// How long the work takes there.
const WORK_SECONDS: u32 = 12;

/// Runs the main job for everybody to see: Terraform writes its state to S3 under an assumed role.
pub(crate) fn run() -> Result<(), Failure> {
    announce("building rolewrap and setting up the lab in target/; the first time takes some minutes …");
    let rolewrap = build_rolewrap("dev")?;
    let aws = Aws::furnished(Moto::start()?, &rolewrap)?;
    let hasty = Aws::furnished(Moto::with_sessions_of(SESSION_SECONDS)?, &rolewrap)?;
    let mut demo = Demo {
        screen: Screen::stdout(),
        aws,
        hasty,
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
    demo.again()?;
    demo.outlived()?;
    demo.denied()?;
    demo.secrets()
}

/// A local AWS, and a machine whose work is in it.
struct Aws {
    moto: Moto,
    sandbox: Sandbox,
}

impl Aws {
    fn furnished(moto: Moto, rolewrap: &Path) -> Result<Self, Failure> {
        let sandbox = moto
            .sandbox()
            .with_terraform()?
            .program(rolewrap)
            .system_programs()
            .envs(moto.base_variables())
            .env("USER", "ada")
            .env("TF_INPUT", "0")
            .env("TF_CLI_ARGS", "-no-color")
            .files_of(&workspace().join("examples").join("stack"))
            .file("lab.s3.tfbackend", &moto.backend_config());
        Ok(Self { moto, sandbox })
    }
}

struct Demo {
    screen: Screen<io::Stdout>,
    aws: Aws,
    /// Another AWS, whose sessions are over soon.
    hasty: Aws,
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
        let user = format!("arn:aws:iam::{}:user/ci", self.aws.moto.security_account());
        self.screen.proves(
            "It is a user of the security account, and S3 refuses it: on its own, it can do nothing here.",
            caller.stdout().trim() == user && init.code() == 1 && !refusal.is_empty(),
            &format!("{caller}\n{init}"),
        )
    }

    fn init(&mut self) -> Result<(), Failure> {
        self.screen.step("Init under the role of another account")?;
        let role = self.aws.moto.role_arn("deploy");
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
        let role = self.aws.moto.role_arn("deploy");
        let apply = self.run(&["rolewrap", "--iam-role", &role, "apply", "-auto-approve"])?;
        let inside = line_with(apply.stdout(), "(local-exec): arn:");
        let complete = line_with(apply.stdout(), "Apply complete!");
        self.screen.observed(inside)?;
        self.screen.observed(complete)?;
        let session = format!(
            "arn:aws:sts::{}:assumed-role/deploy/",
            self.aws.moto.deploy_account()
        );
        self.screen.proves(
            "Whatever Terraform starts is that role's session too, under a name that an audit can read.",
            apply.code() == 0 && inside.contains(&session) && !complete.is_empty(),
            &apply,
        )
    }

    fn state(&mut self) -> Result<(), Failure> {
        self.screen.step("The state, as the bucket's owner sees it")?;
        let objects = self.aws.moto.objects();
        for key in &objects {
            let size = self.aws.moto.object(key).len();
            self.screen
                .observed(&format!("s3://{}/{key}  {size} bytes", self.aws.moto.bucket()))?;
        }
        let written = objects == [STATE] && self.aws.moto.object(STATE).contains("terraform_data");
        self.screen.proves(
            "Terraform wrote its state to S3, and released its lock.",
            written,
            &format!("{objects:?}"),
        )
    }

    fn again(&mut self) -> Result<(), Failure> {
        self.screen
            .step("A later run, with the session of an earlier one")?;
        let role = self.aws.moto.role_arn("deploy");
        let plan = self.run(&[
            "rolewrap",
            "-v",
            "--iam-role",
            &role,
            "plan",
            "-detailed-exitcode",
            "-var=release=2.0.0",
        ])?;
        for line in plan.stderr().lines().filter(|line| line.starts_with("rolewrap:")) {
            self.screen.observed(line)?;
        }
        let sessions = self.aws.moto.sessions();
        self.screen.observed(&format!(
            "sessions that STS gave in all of these steps: {sessions}"
        ))?;
        if plan.stderr().contains(NOT_CACHED) {
            return self
                .screen
                .observed("This machine has no safe place for the key of the cache, so each run asks.");
        }
        self.screen.proves(
            "Init asked STS. Apply and plan took that session from the encrypted cache, and asked nobody.",
            plan.code() == 2 && sessions == 1,
            &plan,
        )
    }

    fn outlived(&mut self) -> Result<(), Failure> {
        self.screen.step(&format!(
            "Work of {WORK_SECONDS} seconds, in an AWS whose sessions end after {SESSION_SECONDS}"
        ))?;
        let role = self.hasty.moto.role_arn("deploy");
        let options = ["rolewrap", "--delivery", "endpoint", "--iam-role", &role];
        let init = [&options[..], &["init", BACKEND]].concat();
        let init = shown(&mut self.screen, &self.hasty.sandbox, &mut self.outcomes, &init)?;
        let before = self.hasty.moto.sessions();
        let work = format!("-var=seconds={WORK_SECONDS}");
        let apply = [&options[..], &["apply", "-auto-approve", &work]].concat();
        let apply = shown(&mut self.screen, &self.hasty.sandbox, &mut self.outcomes, &apply)?;
        let inside = line_with(apply.stdout(), "(local-exec): arn:");
        let complete = line_with(apply.stdout(), "Apply complete!");
        let sessions = self.hasty.moto.sessions() - before;
        self.screen.observed(inside)?;
        self.screen.observed(complete)?;
        self.screen
            .observed(&format!("sessions that STS gave for this apply: {sessions}"))?;
        let saved = self.hasty.moto.objects() == [STATE];
        self.screen.proves(
            "The session was renewed while Terraform worked, so it could save its state in the end.",
            init.code() == 0 && apply.code() == 0 && !inside.is_empty() && saved && sessions > 1,
            &apply,
        )
    }

    fn denied(&mut self) -> Result<(), Failure> {
        self.screen.step("A role that the user may not assume")?;
        let role = self.aws.moto.role_arn("forbidden");
        let denied = self.run(&["rolewrap", "--iam-role", &role, "exec", "--", "touch", MARK])?;
        self.screen.observed(denied.stderr().trim())?;
        self.screen.observed(&format!("exit code {}", denied.code()))?;
        self.screen.proves(
            "Without the role the command never started: not under the base key, not under anything else.",
            denied.code() == 125
                && denied.stderr().contains("AccessDenied")
                && !self.aws.sandbox.work().join(MARK).exists(),
            &denied,
        )
    }

    fn secrets(&mut self) -> Result<(), Failure> {
        self.screen.step(
            "The secret half of the base key, searched for in every file and all output of this demo",
        )?;
        let outcomes: Vec<_> = self.outcomes.iter().collect();
        let found = [&self.aws, &self.hasty]
            .map(|aws| find_secret(aws.moto.base_secret(), aws.sandbox.root(), &outcomes));
        let place = found.into_iter().flatten().next();
        self.screen.proves(
            "It was printed nowhere and written nowhere.",
            place.is_none(),
            &place.unwrap_or_default(),
        )
    }

    /// Shows a command line and runs it.
    fn run(&mut self, words: &[&str]) -> Result<Outcome, Failure> {
        shown(&mut self.screen, &self.aws.sandbox, &mut self.outcomes, words)
    }
}

fn shown(
    screen: &mut Screen<io::Stdout>,
    sandbox: &Sandbox,
    outcomes: &mut Vec<Outcome>,
    words: &[&str],
) -> Result<Outcome, Failure> {
    screen.command(&words.join(" "))?;
    let outcome = sandbox.run(words[0], &words[1..]);
    outcomes.push(outcome.clone());
    Ok(outcome)
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
