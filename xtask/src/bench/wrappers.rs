use rolewrap_lab::Sandbox;

use crate::bench::variables::{ROLE, TRUE, variables};
use crate::bench::{Contender, StsEndpoint};

/// Two profiles as aws-vault wants them: one whose key it keeps, and one with the role.
const PROFILES: &str = "\
[profile base]
[profile bench]
source_profile = base
role_arn = arn:aws:iam::123456789012:role/deploy
";

/// Other wrappers, where this machine has them, each called as its documentation says. One that does not get along
/// with the stub is reported as failed.
pub(crate) fn wrappers(sts: &StsEndpoint) -> Vec<Contender> {
    vec![awsume(sts), aws_vault(sts), terragrunt(sts)]
}

fn awsume(sts: &StsEndpoint) -> Contender {
    let args = ["--role-arn", ROLE, "--session-name", "bench", "--show-commands"];
    // `awsume` is a shell function around this program.
    wrapper("awsume", "awsumepy", &args, Sandbox::new(), &variables(sts))
}

fn aws_vault(sts: &StsEndpoint) -> Contender {
    let sandbox = Sandbox::new()
        .env("AWS_VAULT_BACKEND", "file")
        .env("AWS_VAULT_FILE_PASSPHRASE", "bench");
    let config = sandbox.home().join(".aws").join("config");
    let sandbox = sandbox.file(config, PROFILES);
    let mut variables = variables(sts);
    if let Ok(program) = which::which("aws-vault") {
        let add = sandbox.command(program).args(["add", "--env", "base"]);
        // Where it fails, so does the run that is to be measured.
        let _ = add.envs(variables.clone()).run();
    }
    // From here on the key is in its store.
    variables.retain(|(name, _)| !name.contains("ACCESS_KEY"));
    let args = ["exec", "--no-session", "bench", "--", TRUE];
    wrapper("aws-vault", "aws-vault", &args, sandbox, &variables)
}

fn terragrunt(sts: &StsEndpoint) -> Contender {
    let sandbox = Sandbox::new().file("terragrunt.hcl", "");
    let args = ["exec", "--iam-assume-role", ROLE, "--", TRUE];
    wrapper("terragrunt", "terragrunt", &args, sandbox, &variables(sts))
}

fn wrapper(
    name: &'static str,
    program: &str,
    args: &[&str],
    sandbox: Sandbox,
    variables: &[(&'static str, String)],
) -> Contender {
    let Ok(path) = which::which(program) else {
        return Contender::absent(name, "not installed");
    };
    let folder = path.parent().map(|folder| folder.display().to_string());
    let search = format!("{}:/usr/bin:/bin", folder.unwrap_or_default());
    let path = path.to_string_lossy();
    let words = [&[&*path], args].concat();
    Contender::new(name, &words)
        .sandbox(sandbox)
        .variables(variables)
        .variables(&[("PATH", search)])
        .slow()
}
