//! Whatever the environment and `~/.aws` say, the command runs under the role.

use crate::given::{ROLE, machine, rolewrap, stub};
use crate::hostile::hostile;

#[test]
fn a_property_of_java_that_names_an_identity_is_refused_before_anybody_is_asked() {
    let stub = stub();
    let machine = machine(&stub).env("JAVA_TOOL_OPTIONS", "-Daws.secretKey=canary");
    for words in [
        "exec touch started",
        "--delivery endpoint exec touch started",
        "export",
    ] {
        let outcome = rolewrap(&machine, &format!("--iam-role {ROLE} {words}")).run();
        outcome
            .ends_with(125)
            .stderr_has("JAVA_TOOL_OPTIONS sets the property aws.secretKey")
            .lacks("canary");
    }
    assert_eq!(stub.count(), 0);
    let kept = format!("--keep-env JAVA_TOOL_OPTIONS --iam-role {ROLE} exec env");
    let outcome = rolewrap(&machine, &kept).run();
    outcome
        .succeeds()
        .stdout_has("JAVA_TOOL_OPTIONS=-Daws.secretKey=canary");
    rolewrap(&machine, &format!("--iam-role {ROLE} credential-process"))
        .run()
        .succeeds();
}

#[test]
fn the_environment_of_the_command_is_the_session_and_what_is_not_about_identity() {
    let stub = stub();
    let machine = hostile(machine(&stub))
        .env("TF_VAR_name", "stays")
        .env("AWS_REGION", "eu-west-1");
    let outcome = rolewrap(&machine, "--iam-role").args([ROLE, "exec", "env"]).run();
    let mut names: Vec<&str> = outcome
        .succeeds()
        .stdout()
        .lines()
        .filter_map(|line| line.split_once('='))
        .map(|(name, _)| name)
        .collect();
    names.retain(|name| name.starts_with("AWS_") || name.contains("ROLE") || name.starts_with("TF_"));
    names.sort_unstable();
    assert_eq!(
        names,
        [
            "AWS_ACCESS_KEY_ID",
            "AWS_CREDENTIAL_EXPIRATION",
            "AWS_DEFAULT_REGION",
            "AWS_EC2_METADATA_DISABLED",
            "AWS_ENDPOINT_URL_STS",
            "AWS_METADATA_ENDPOINT",
            "AWS_REGION",
            "AWS_SECRET_ACCESS_KEY",
            "AWS_SECURITY_TOKEN",
            "AWS_SESSION_TOKEN",
            "ROLEWRAP_SESSION",
            "ROLEWRAP_SESSION_KEY",
            "ROLEWRAP_SESSION_LACKS",
            "ROLEWRAP_SESSION_SHAPE",
            "ROLEWRAP_STARTED",
            "TF_VAR_name",
        ]
    );
    outcome
        .stdout_has(&format!("ROLEWRAP_SESSION={ROLE}"))
        .lacks("hostile")
        .lacks(crate::given::KEY);
}

#[test]
fn no_region_is_exported_where_none_is_known() {
    let stub = stub();
    let machine = machine(&stub);
    rolewrap(&machine, "--iam-role")
        .args([ROLE, "exec", "env"])
        .run()
        .succeeds()
        .lacks("AWS_REGION=");
}

#[test]
fn a_variable_that_is_kept_by_name_stays_and_is_warned_about() {
    let stub = stub();
    let machine = machine(&stub).env("AWS_PROFILE", "mine");
    let outcome = rolewrap(&machine, "--keep-env AWS_PROFILE --iam-role")
        .args([ROLE, "exec", "env"])
        .run();
    outcome
        .succeeds()
        .stdout_has("AWS_PROFILE=mine")
        .stderr_has("warning: AWS_PROFILE stays");
}

#[test]
fn what_keeps_the_command_from_the_machines_own_role_cannot_be_kept_otherwise() {
    let stub = stub();
    for name in ["AWS_METADATA_ENDPOINT", "AWS_EC2_METADATA_DISABLED"] {
        let machine = machine(&stub).env(name, "mine");
        let run = |command: &str| {
            let options = format!("--keep-env {name} --iam-role {ROLE} {command}");
            rolewrap(&machine, &options).run()
        };
        let warning =
            format!("warning: {name} cannot be kept: with it the command could take this machine's own role");
        run("exec env").succeeds().lacks("=mine").stderr_has(&warning);
        run("export").succeeds().lacks("cannot be kept");
    }
}

#[test]
fn a_session_as_base_credentials_is_capped_at_one_hour_before_anybody_is_asked() {
    let stub = stub();
    let machine = machine(&stub).env("AWS_SESSION_TOKEN", "token");
    let outcome = rolewrap(&machine, "-d 2h --iam-role")
        .args([ROLE, "exec", "true"])
        .run();
    outcome
        .ends_with(125)
        .stderr_has("at most 1h")
        .stderr_has("option --duration");
    assert_eq!(stub.count(), 0);
}

#[test]
fn the_request_carries_what_was_asked_for() {
    let stub = stub();
    let machine = machine(&stub).env("ROLEWRAP_EXTERNAL_ID", "0012345");
    let arguments = "--duration 1800 --session-name {user}.{verb} --source-identity alice --iam-role";
    rolewrap(&machine, arguments)
        .args([ROLE, "exec", "true"])
        .run()
        .succeeds();
    let requests = stub.requests();
    let request = requests.first().expect("STS was asked");
    for (name, value) in [
        ("Action", "AssumeRole"),
        ("RoleArn", ROLE),
        ("RoleSessionName", "alice.true"),
        ("DurationSeconds", "1800"),
        ("ExternalId", "0012345"),
        ("SourceIdentity", "alice"),
    ] {
        assert_eq!(request.parameter(name), Some(value), "{name}");
    }
    assert_eq!(request.access_key_id(), Some(crate::given::KEY));
    assert_eq!(requests.len(), 1);
}

#[test]
fn a_session_name_can_say_which_commit_is_at_work() {
    let stub = stub();
    let machine = machine(&stub).file("main.tf", "");
    for arguments in [
        "init --quiet --initial-branch=feature/x",
        "add main.tf",
        "-c user.name=a -c user.email=a@example.com commit --quiet -m first",
    ] {
        machine.command("git").args(arguments.split(' ')).run().succeeds();
    }
    let sha = machine.run("git", ["rev-parse", "--short=8", "HEAD"]);
    rolewrap(&machine, "--session-name {git_branch}.{git_sha} --iam-role")
        .args([ROLE, "exec", "true"])
        .run()
        .succeeds();
    let expected = format!("feature-x.{}", sha.succeeds().stdout().trim());
    assert_eq!(stub.requests()[0].parameter("RoleSessionName"), Some(&*expected));
}
