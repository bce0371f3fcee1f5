//! The permissions of the lab's AWS are enforced: without this, no other test could show a denial.

use std::io::{BufRead, BufReader};
use std::net::TcpStream;
use std::process::{Command, Stdio};

use rolewrap_lab::{Moto, Outcome, Sandbox, Venv, workspace};

fn assume(moto: &Moto, role: &str, options: &[&str]) -> Outcome {
    caller(moto)
        .command("aws")
        .args(["sts", "assume-role", "--role-session-name", "lab"])
        .args(["--query", "AssumedRoleUser.Arn", "--output", "text"])
        .args(["--role-arn", &moto.role_arn(role)])
        .args(options)
        .run()
}

fn caller(moto: &Moto) -> Sandbox {
    moto.sandbox().envs(moto.base_variables())
}

fn denied(outcome: &Outcome) {
    outcome.ends_with(255).stderr_has("(AccessDenied)");
}

#[test]
fn the_base_key_belongs_to_a_user_of_the_security_account() {
    let moto = Moto::start().unwrap();
    let outcome = caller(&moto).run(
        "aws",
        ["sts", "get-caller-identity", "--output", "text", "--query", "Arn"],
    );
    let expected = format!("arn:aws:iam::{}:user/ci", moto.security_account());
    outcome.succeeds().prints(&expected);
}

#[test]
fn a_role_of_another_account_is_assumed() {
    let moto = Moto::start().unwrap();
    let expected = format!("arn:aws:sts::{}:assumed-role/deploy/lab", moto.deploy_account());
    assume(&moto, "deploy", &[]).succeeds().prints(&expected);
}

#[test]
fn roles_that_the_user_may_not_assume_are_denied() {
    let moto = Moto::start().unwrap();
    for role in ["forbidden", "untrusting", "missing"] {
        let outcome = assume(&moto, role, &[]);
        denied(&outcome);
        let arn = moto.role_arn(role);
        outcome.stderr_has(&format!("to perform: sts:AssumeRole on resource: {arn}"));
    }
}

#[test]
fn the_external_id_is_enforced() {
    let moto = Moto::start().unwrap();
    denied(&assume(&moto, "external", &[]));
    denied(&assume(&moto, "external", &["--external-id", "wrong"]));
    assume(&moto, "external", &["--external-id", moto.external_id()]).succeeds();
}

#[test]
fn a_key_that_does_not_exist_is_refused() {
    let moto = Moto::start().unwrap();
    caller(&moto)
        .command("aws")
        .args(["sts", "get-caller-identity"])
        .env("AWS_ACCESS_KEY_ID", "AKIAIOSFODNN7EXAMPLE")
        .run()
        .ends_with(255)
        .stderr_has("(InvalidClientTokenId)");
}

#[test]
fn a_wrong_secret_is_refused() {
    let moto = Moto::start().unwrap();
    let caller = caller(&moto).env("AWS_SECRET_ACCESS_KEY", "wrong");
    for args in [["sts", "get-caller-identity"], ["s3", "ls"]] {
        let outcome = caller.run("aws", args);
        outcome.ends_with(255).stderr_has("(SignatureDoesNotMatch)");
    }
}

#[test]
fn the_user_cannot_reach_the_bucket_with_its_own_key() {
    let moto = Moto::start().unwrap();
    let outcome = caller(&moto).run("aws", ["s3", "ls", moto.bucket()]);
    outcome.ends_with(255).stderr_has("(AccessDenied)");
    assert_eq!(moto.objects(), Vec::<String>::new());
}

/// Uses a session until it is refused, and prints in order how it went.
const SESSION: &str = r#"
import datetime, time, boto3
from botocore.exceptions import ClientError

def asked(service, ask):
    try:
        ask(boto3.client(service, **session))
        return "allowed"
    except ClientError as refusal:
        return f"{refusal.response['ResponseMetadata']['HTTPStatusCode']} {refusal.response['Error']['Code']}"

def s3(): return asked("s3", lambda client: client.list_objects_v2(Bucket=bucket))
def sts(): return asked("sts", lambda client: client.get_caller_identity())

answer = boto3.client("sts").assume_role(RoleArn=role, RoleSessionName="lab")["Credentials"]
session = dict(
    aws_access_key_id=answer["AccessKeyId"],
    aws_secret_access_key=answer["SecretAccessKey"],
    aws_session_token=answer["SessionToken"],
)
now = lambda: datetime.datetime.now(datetime.timezone.utc)
print("short" if (answer["Expiration"] - now()).total_seconds() <= 12 else "long", sts(), s3())
while now() < answer["Expiration"]:
    time.sleep(0.05)
print(sts(), s3())
print(asked("s3", lambda client: client.head_bucket(Bucket=bucket)))
"#;

#[test]
fn a_session_is_refused_once_it_has_expired() {
    let moto = Moto::with_sessions_of(12).unwrap();
    let facts = format!(
        "bucket = {:?}; role = {:?}\n",
        moto.bucket(),
        moto.role_arn("deploy")
    );
    let outcome = caller(&moto).run(moto.python(), ["-c", &(facts + SESSION)]);
    outcome
        .succeeds()
        .prints("short allowed allowed\n403 ExpiredToken 400 ExpiredToken\n400 400");
}

#[test]
fn it_ends_when_it_is_dropped() {
    let moto = Moto::start().unwrap();
    let address = moto.endpoint().trim_start_matches("http://").to_owned();
    TcpStream::connect(&address).unwrap();
    drop(moto);
    TcpStream::connect(&address).unwrap_err();
}

/// The pipe is closed by the kernel when the process that started it dies, however it dies.
#[test]
fn it_ends_when_its_standard_input_is_closed() {
    let mut process = Command::new(Venv::ready().unwrap().python())
        .arg(workspace().join("tests/lab/moto_lab.py"))
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut line = String::new();
    BufReader::new(process.stdout.take().unwrap())
        .read_line(&mut line)
        .unwrap();
    assert!(line.starts_with(r#"{"endpoint": "#), "{line}");
    drop(process.stdin.take());
    assert!(process.wait().unwrap().success());
}
