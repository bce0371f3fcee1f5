use std::fs;
use std::path::Path;
use std::process::Command;

use rolewrap_lab::Venv;

use crate::Failure;
use crate::bench::variables::{ACCESS_KEY_ID, CALL, ROLE, SECRET_ACCESS_KEY, TRUE, variables};
use crate::bench::wrappers::wrappers;
use crate::bench::{Contender, StsEndpoint};

pub(crate) const C_PROGRAM: &str = "a C program";
pub(crate) const BARE: &str = "the bare command: true";
pub(crate) const WARM: &str = "rolewrap exec, warm";
pub(crate) const VERSION: &str = "rolewrap --version";
pub(crate) const COLD_HTTP: &str = "rolewrap exec, http";
pub(crate) const COLD_TLS: &str = "rolewrap exec, TLS";
pub(crate) const CURL_HTTP: &str = "curl --aws-sigv4, http";
pub(crate) const CURL_TLS: &str = "curl --aws-sigv4, TLS";
pub(crate) const SCRIPT: &str = "aws sts assume-role + jq, http";

/// What people are told to write when they ask how to run Terraform under a role.
const SCRIPT_TEXT: &str = r#"set -e
session=$(aws sts assume-role --role-arn "$ROLE" --role-session-name bench)
export AWS_ACCESS_KEY_ID=$(echo "$session" | jq -r .Credentials.AccessKeyId)
export AWS_SECRET_ACCESS_KEY=$(echo "$session" | jq -r .Credentials.SecretAccessKey)
export AWS_SESSION_TOKEN=$(echo "$session" | jq -r .Credentials.SessionToken)
exec /bin/true
"#;

/// Everybody who takes part, in the order of the table.
pub(crate) fn line_up(
    rolewrap: &Path,
    folder: &Path,
    http: &StsEndpoint,
    tls: &StsEndpoint,
) -> Result<Vec<Contender>, Failure> {
    let program = rolewrap.to_string_lossy();
    let under_the_role = [&program, "--iam-role", ROLE, "exec", "--", TRUE];
    let mut contenders = vec![
        c_program(folder)?,
        Contender::new(BARE, &[TRUE]),
        Contender::new(VERSION, &[&program, "--version"]),
        Contender::new(COLD_HTTP, &under_the_role).variables(&variables(http)),
        Contender::new(COLD_TLS, &under_the_role).variables(&variables(tls)),
        Contender::new(WARM, &under_the_role)
            .variables(&variables(http))
            .warm(),
        curl(CURL_HTTP, http),
        curl(CURL_TLS, tls),
        script(http)?,
    ];
    contenders.extend(wrappers(http));
    Ok(contenders)
}

/// The cheapest start of a process that there is, to tell the cost of starting from the cost of working.
fn c_program(folder: &Path) -> Result<Contender, Failure> {
    let source = folder.join("start.c");
    let program = folder.join("start");
    fs::write(&source, "int main(void) { return 0; }\n")?;
    let compiled = Command::new("cc")
        .arg("-O2")
        .arg("-o")
        .args([&program, &source])
        .status();
    Ok(match compiled {
        Ok(status) if status.success() => Contender::new(C_PROGRAM, &[&program.to_string_lossy()]),
        _ => Contender::absent(C_PROGRAM, "not measured: there is no working C compiler named cc"),
    })
}

fn curl(name: &'static str, sts: &StsEndpoint) -> Contender {
    let Ok(curl) = which::which("curl") else {
        return Contender::absent(name, "not installed");
    };
    let curl = curl.to_string_lossy();
    let user = format!("{ACCESS_KEY_ID}:{SECRET_ACCESS_KEY}");
    let mut words = vec![&*curl, "--silent", "--show-error", "--fail"];
    words.extend([
        "--aws-sigv4",
        "aws:amz:us-east-1:sts",
        "--user",
        &user,
        "--data",
        CALL,
    ]);
    if let Some(bundle) = &sts.bundle {
        words.extend(["--cacert", bundle]);
    }
    words.push(&sts.url);
    Contender::new(name, &words)
}

fn script(sts: &StsEndpoint) -> Result<Contender, Failure> {
    if which::which("jq").is_err() {
        return Ok(Contender::absent(SCRIPT, "not measured: jq is not installed"));
    }
    let bin = Venv::ready()?.program("");
    let path = format!("{}:/usr/bin:/bin", bin.display());
    Ok(Contender::new(SCRIPT, &["/bin/sh", "-c", SCRIPT_TEXT])
        .variables(&variables(sts))
        .variables(&[("PATH", path)])
        .slow())
}
