use std::path::Path;

use rolewrap_lab::{Moto, Sandbox, terraform};
use serde_json::Value;

use super::paired::Paired;
use crate::bench::{Contender, Target, table};
use crate::{Failure, announce};

const ROUNDS: usize = 40;
/// Every round has something to plan and to apply, and a state to write.
const STACK: &str = r#"
terraform {
  backend "s3" {
    use_lockfile = true
  }
}

resource "terraform_data" "round" {
  count = 100
  input = "${plantimestamp()} ${count.index}"
}
"#;
const APPLY: [&str; 3] = ["apply", "-auto-approve", "-no-color"];

const STATIC: &str = "static variables";
const INSIDE_ENDPOINT: &str = "through the endpoint";
const ENV: &str = "rolewrap, env, and all of it";
const ENDPOINT: &str = "rolewrap, endpoint, and all of it";

/// A run of Terraform with its state in the lab's S3.
///
/// What is compared is Terraform itself, which finds a session in its variables or asks the endpoint. Beside it, for
/// information, stands all that a user waits for: rolewrap's start and the session from STS too, which a longer run
/// hides.
#[derive(Debug)]
pub(super) struct Runs(Vec<Contender>);

impl Runs {
    pub(super) fn measure(rolewrap: &Path) -> Result<Self, Failure> {
        let Ok(terraform) = terraform() else {
            let absent = |name| Contender::absent(name, "not measured: Terraform is not installed");
            return Ok(Self([STATIC, INSIDE_ENDPOINT, ENV, ENDPOINT].map(absent).into()));
        };
        let moto = Moto::start()?;
        let session = session(rolewrap, &moto)?;
        let (program, role) = (terraform.to_string_lossy(), moto.role_arn("deploy"));
        let rolewrap = rolewrap.to_string_lossy();
        let under = |delivery| {
            [
                &*rolewrap,
                "--iam-role",
                &role,
                "--delivery",
                delivery,
                "exec",
                "--",
            ]
        };
        let apply = [&[&*program], &APPLY[..]].concat();
        let contender = |name, words: &[&str], variables: &[(&'static str, String)]| {
            let sandbox = initialised(&terraform, &moto, &session, name)?;
            Ok::<_, Failure>(Contender::new(name, words).sandbox(sandbox).variables(variables))
        };
        let base = moto.base_variables();
        let mut contenders = vec![
            contender(STATIC, &apply, &session)?,
            contender(INSIDE_ENDPOINT, &apply, &base)?.started_by(&under("endpoint")),
            contender(ENV, &[&under("env"), &apply[..]].concat(), &base)?,
            contender(ENDPOINT, &[&under("endpoint"), &apply[..]].concat(), &base)?,
        ];
        announce(&format!("measuring {ROUNDS} rounds of Terraform …"));
        contenders.iter_mut().for_each(Contender::warm_up);
        for round in 0..ROUNDS {
            contenders
                .iter_mut()
                .try_for_each(|contender| contender.run(round))?;
        }
        Ok(Self(contenders))
    }

    pub(super) fn text(&self) -> String {
        let interval = |name| {
            let Paired {
                median,
                between: (low, high),
            } = self.beside_static(name);
            format!("{median:.3}× ({low:.3} to {high:.3})")
        };
        format!(
            "terraform apply of 100 resources, with the state in the lab's S3; the lower two with rolewrap's own start and the\n\
             request for a session.\n\n{}\n\
             In the same round, beside static variables: {} through the endpoint, and all of it {}.\n",
            table::contenders(&self.0, STATIC),
            interval(INSIDE_ENDPOINT),
            interval(ENDPOINT),
        )
    }

    pub(super) fn targets(&self) -> Vec<Target> {
        vec![Target::at_most(
            "endpoint, a run of Terraform beside static variables",
            1.02,
            self.beside_static(INSIDE_ENDPOINT).median,
            "×",
        )]
    }

    fn beside_static(&self, name: &str) -> Paired {
        let named = |name| self.0.iter().find(|contender| contender.name() == name);
        let both = named(name).zip(named(STATIC));
        both.map_or_else(Paired::none, |(of, to)| Paired::ratio(of, to))
    }
}

/// The variables of a session of the role.
fn session(rolewrap: &Path, moto: &Moto) -> Result<[(&'static str, String); 3], Failure> {
    let outcome = moto.sandbox().envs(moto.base_variables()).run(
        rolewrap,
        ["--iam-role", &moto.role_arn("deploy"), "credential-process"],
    );
    if outcome.code() != 0 {
        return Err(outcome.stderr().trim().into());
    }
    let document: Value = serde_json::from_str(outcome.stdout())?;
    let variables = [
        ("AWS_ACCESS_KEY_ID", "AccessKeyId"),
        ("AWS_SECRET_ACCESS_KEY", "SecretAccessKey"),
        ("AWS_SESSION_TOKEN", "SessionToken"),
    ];
    Ok(variables.map(|(name, key)| (name, document[key].as_str().unwrap_or_default().to_owned())))
}

/// A machine with the stack, and with a state of its own.
fn initialised(
    terraform: &Path,
    moto: &Moto,
    session: &[(&'static str, String)],
    name: &str,
) -> Result<Sandbox, Failure> {
    let sandbox = moto
        .sandbox()
        // Terraform would ask HashiCorp whether there is a newer version.
        .env("CHECKPOINT_DISABLE", "1")
        .env("TF_INPUT", "0")
        .file("main.tf", STACK)
        .file("lab.s3.tfbackend", &moto.backend_config());
    let key = format!(
        "-backend-config=key=bench/{}.tfstate",
        name.replace([' ', ','], "-")
    );
    let init = sandbox
        .command(terraform)
        .args(["init", "-no-color", "-backend-config=lab.s3.tfbackend", &key])
        .envs(session.iter().map(|(name, value)| (*name, value)))
        .run();
    if init.code() == 0 {
        Ok(sandbox)
    } else {
        Err(init.stderr().trim().into())
    }
}
