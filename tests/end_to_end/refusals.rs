//! What a user meets first when something is wrong, read as a whole. In each case nothing is started.

use insta::assert_snapshot;
use rolewrap_lab::{Answer, Sandbox, StsStub};

use crate::given::{ROLE, machine, rolewrap, shown, stub, without_request_id};

fn refused(machine: &Sandbox, stub: &StsStub, arguments: &str) -> String {
    let outcome = rolewrap(machine, arguments)
        .args(["exec", "touch", "started"])
        .run();
    outcome.ends_with(125);
    assert!(!machine.work().join("started").exists(), "nothing is started");
    shown(outcome.stderr(), machine, stub)
}

#[test]
fn no_role() {
    let stub = stub();
    let machine = machine(&stub);
    assert_snapshot!(refused(&machine, &stub, ""), @"
    error: no role is chosen, so nothing was started
    hint: name the role: rolewrap --iam-role arn:aws:iam::123456789012:role/NAME …
      cause: there is no --iam-role and no --account, no variable ROLEWRAP_IAM_ROLE or ROLEWRAP_ACCOUNT, and no configuration file selects an account for this directory
    ");
    assert_eq!(stub.count(), 0);
}

#[test]
fn no_keys() {
    let stub = stub();
    let machine = Sandbox::new()
        .system_programs()
        .env("AWS_ENDPOINT_URL_STS", stub.url());
    assert_snapshot!(refused(&machine, &stub, &format!("--iam-role {ROLE}")), @"
    error: there are no base credentials
    hint: without a desktop, set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, name another source with --source, or run gnome-keyring-daemon --unlock and rolewrap in one dbus-run-session. With a desktop, log in to it
      cause: env: AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY are not set
      cause: source keyring could not be reached: there is no D-Bus session, so there is no keyring (zbus error: Failed to connect to address `unix:path=MACHINE/runtime/bus`: No such file or directory (os error 2))
      source: env, keyring (built-in default)
    ");
    assert_eq!(stub.count(), 0);
}

#[test]
fn no_keys_in_a_ci_job() {
    let stub = stub();
    let machine = Sandbox::new()
        .system_programs()
        .env("AWS_ENDPOINT_URL_STS", stub.url())
        .env("CI_PROJECT_PATH", "acme/infra")
        .env("CI_JOB_ID", "17");
    let hint = "\nhint: check that the job passes its secrets to this step, as AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY; with OpenID Connect no key is needed: --source web-identity\n";
    for source in ["", "--source env"] {
        let message = refused(&machine, &stub, &format!("{source} --iam-role {ROLE}"));
        assert!(message.contains(hint), "{message}");
    }
    let message = refused(&machine, &stub, &format!("--source keyring --iam-role {ROLE}"));
    assert!(message.contains("dbus-run-session"), "{message}");
    assert_eq!(stub.count(), 0);
}

/// The keyring's own hint is about desktops, and of no use to a pod or a CI job.
#[test]
fn no_keys_where_a_web_identity_could_be_used() {
    let stub = stub();
    for variable in [
        "AWS_WEB_IDENTITY_TOKEN_FILE",
        "ACTIONS_ID_TOKEN_REQUEST_URL",
        "GITLAB_OIDC_TOKEN",
    ] {
        let machine = Sandbox::new()
            .system_programs()
            .env("AWS_ENDPOINT_URL_STS", stub.url())
            .env(variable, "canary");
        for source in ["", "--source env"] {
            let message = refused(&machine, &stub, &format!("{source} --iam-role {ROLE}"));
            let hint = format!(
                "hint: {variable} is set, so there is a web identity here: --source web-identity, or"
            );
            assert!(message.contains(&hint) && !message.contains("dbus"), "{message}");
        }
    }
    assert_eq!(stub.count(), 0);
}

#[test]
fn no_web_identity_anywhere() {
    let stub = stub();
    let machine = || {
        Sandbox::new()
            .system_programs()
            .env("AWS_ENDPOINT_URL_STS", stub.url())
    };
    let options = format!("--source web-identity --iam-role {ROLE}");
    assert_snapshot!(refused(&machine(), &stub, &options), @"
    error: failed to find the web identity token in source web-identity
    hint: GitHub: give the job `permissions: id-token: write`. GitLab: add `id_tokens:` with GITLAB_OIDC_TOKEN to the job. Kubernetes: let the pod's service account name a role
      cause: AWS_WEB_IDENTITY_TOKEN_FILE is not set, and /var/run/secrets/eks.amazonaws.com/serviceaccount/token does not exist
      cause: ACTIONS_ID_TOKEN_REQUEST_URL (GitHub) and GITLAB_OIDC_TOKEN (GitLab) are not set
      source: web-identity (option --source)
    ");
    for (variable, hint) in [
        ("GITHUB_ACTIONS", "give the job `permissions: id-token: write`"),
        (
            "GITLAB_CI",
            "give the job a token: `id_tokens: { GITLAB_OIDC_TOKEN: { aud: sts.amazonaws.com } }`",
        ),
    ] {
        let message = refused(&machine().env(variable, "true"), &stub, &options);
        assert!(message.contains(&format!("\nhint: {hint}\n")), "{message}");
    }
    // Where the token should be is known here, so nothing is said of other places.
    let there = machine().env("AWS_WEB_IDENTITY_TOKEN_FILE", "/nowhere");
    let message = refused(&there, &stub, &options);
    assert!(!message.contains("GITLAB_OIDC_TOKEN (GitLab)"), "{message}");
    assert_eq!(stub.count(), 0);
}

#[test]
fn an_account_and_a_source_without_a_name() {
    let stub = stub();
    let machine = machine(&stub);
    assert_snapshot!(refused(&machine, &stub, "--account="), @"
    error: the option --account is empty
    hint: fill it, or leave it out; where it comes from a variable of a script, that variable is not set
      cause: it was meant to say something, and without it the command could run as somebody else, or do more
    ");
    for option in ["--source", "--config", "--tag", "--external-id"] {
        let message = refused(&machine, &stub, &format!("{option}= --iam-role {ROLE}"));
        let said = format!("error: the option {option} is empty\n");
        assert!(message.starts_with(&said), "{message}");
    }
    let file = |text| crate::given::machine(&stub).file("../config/rolewrap/config.toml", text);
    let message = refused(&file("account = \"\"\n"), &stub, "");
    assert!(
        message.starts_with("error: the account has an empty name"),
        "{message}"
    );
    let message = refused(&file("source = \"\"\n"), &stub, &format!("--iam-role {ROLE}"));
    assert!(
        message.starts_with("error: the source has an empty name"),
        "{message}"
    );
}

#[test]
fn a_variable_that_is_empty_and_would_have_chosen_or_limited() {
    let stub = stub();
    for variable in [
        "ROLEWRAP_CONFIG",
        "ROLEWRAP_SOURCE_IDENTITY",
        "TG_IAM_ASSUME_ROLE_WEB_IDENTITY_TOKEN",
        "TERRAGRUNT_IAM_ASSUME_ROLE_WEB_IDENTITY_TOKEN",
    ] {
        let machine = machine(&stub).env(variable, "");
        let message = refused(&machine, &stub, &format!("--iam-role {ROLE}"));
        let said = format!("error: the variable {variable} is set, and empty\n");
        assert!(message.starts_with(&said), "{message}");
    }
}

#[test]
fn an_endpoint_with_http_in_place_of_https_or_the_other_way_round() {
    let plain = stub();
    let secure = StsStub::start_tls(&["127.0.0.1"]).expect("the stub starts");
    let machine = machine(&plain).env("AWS_MAX_ATTEMPTS", "1");
    let machine = machine.env("AWS_ENDPOINT_URL_STS", plain.url().replace("http:", "https:"));
    let message = refused(&machine, &plain, &format!("--iam-role {ROLE}"));
    assert!(
        message.contains("should its URL begin with http://?"),
        "{message}"
    );
    let machine = machine.env("AWS_ENDPOINT_URL_STS", secure.url().replace("https:", "http:"));
    let message = refused(&machine, &secure, &format!("--iam-role {ROLE}"));
    assert!(message.contains("its URL begins with https://"), "{message}");
}

#[test]
fn a_region_that_is_misspelt_is_said_and_used() {
    let stub = stub();
    let outcome = rolewrap(&machine(&stub), &format!("--region eu-wset-1 --iam-role {ROLE}"))
        .args(["exec", "printenv", "AWS_REGION"])
        .run();
    outcome.succeeds().prints("eu-wset-1");
    assert_eq!(
        outcome.stderr(),
        "warning: eu-wset-1 does not look like a region (option --region): did you mean eu-west-1?\n"
    );
}

#[test]
fn half_a_key() {
    let stub = stub();
    let machine = machine(&stub).env("AWS_SECRET_ACCESS_KEY", "");
    assert_snapshot!(refused(&machine, &stub, &format!("--iam-role {ROLE}")), @"
    error: failed to use the base credentials from source env
    hint: correct what the cause names, and set or store the key again
      cause: AWS_ACCESS_KEY_ID is set, but AWS_SECRET_ACCESS_KEY is not
      source: env, keyring (built-in default)
    ");
    assert_eq!(stub.count(), 0);
}

#[test]
fn a_key_that_aws_does_not_know() {
    let stub = stub();
    stub.enqueue(Answer::error(
        403,
        "InvalidClientTokenId",
        "The security token included in the request is invalid.",
    ));
    let machine = machine(&stub);
    let message = refused(&machine, &stub, &format!("--iam-role {ROLE}"));
    assert_snapshot!(without_request_id(&message), @"
    error: AWS does not know the access key AKIAIOSFODNN7EXAMPLE
    hint: check that the key exists, is active, and belongs to the role's partition. A key that was made seconds ago needs a moment; one that begins with ASIA needs its session token
      cause: InvalidClientTokenId: The security token included in the request is invalid.
      role: arn:aws:iam::123456789012:role/deploy (option --iam-role)
      key: AKIAIOSFODNN7EXAMPLE from source env (built-in default)
      asked: STS, request id ID
    ");
    assert_eq!(stub.count(), 1);
}

#[test]
fn a_role_that_is_denied() {
    let stub = stub();
    stub.enqueue(Answer::error(403, "AccessDenied", "User: arn:aws:iam::111111111111:user/ci is not authorized to perform: sts:AssumeRole on resource: arn:aws:iam::123456789012:role/deploy"));
    let machine = machine(&stub).env("ROLEWRAP_IAM_ROLE", ROLE);
    assert_snapshot!(without_request_id(&refused(&machine, &stub, "")), @"
    error: AWS does not let AKIAIOSFODNN7EXAMPLE assume arn:aws:iam::123456789012:role/deploy
    hint: two policies must allow sts:AssumeRole: the one of this key's user, and the trust policy of the role. The trust policy may also ask for an external id (--external-id), a source identity or MFA (--mfa-serial). A role that does not exist is answered in the same way
      cause: AccessDenied: User: arn:aws:iam::111111111111:user/ci is not authorized to perform: sts:AssumeRole on resource: arn:aws:iam::123456789012:role/deploy
      role: arn:aws:iam::123456789012:role/deploy (variable ROLEWRAP_IAM_ROLE)
      key: AKIAIOSFODNN7EXAMPLE from source env (built-in default)
      asked: STS, request id ID
    ");
    assert_eq!(stub.count(), 1);
}

#[test]
fn an_account_that_is_unknown() {
    let stub = stub();
    let accounts = "[accounts.dev]\nid = '111111111111'\nrole = 'deploy'\n[accounts.prod]\nid = '222222222222'\nrole = 'deploy'\n";
    let machine = machine(&stub).file("rolewrap.toml", accounts);
    assert_snapshot!(refused(&machine, &stub, "--account prd"), @"
    error: there is no account `prd` in the configuration
    hint: did you mean `prod`?
      cause: the accounts are dev, prod
      from: option --account
    ");
    assert_eq!(stub.count(), 0);
}

#[test]
fn a_misspelt_key() {
    let stub = stub();
    let machine = machine(&stub).file("rolewrap.toml", "acount = 'dev'\n");
    assert_snapshot!(refused(&machine, &stub, ""), @"
    error: unknown key `acount` in MACHINE/work/rolewrap.toml
    hint: did you mean `account`?
      --> MACHINE/work/rolewrap.toml:1:1
       |
     1 | acount = …
       | ^^^^^^
    ");
    assert_eq!(stub.count(), 0);
}

#[test]
fn no_terraform() {
    let stub = stub();
    let machine = machine(&stub).env("PATH", "/nonexistent");
    let outcome = rolewrap(&machine, &format!("--iam-role {ROLE} apply")).run();
    outcome.ends_with(127);
    assert_snapshot!(shown(outcome.stderr(), &machine, &stub), @"
    error: there is no command `terraform`, so nothing was started
    hint: install Terraform, or name the program: --terraform PATH (for OpenTofu: --terraform tofu)
      cause: no directory of PATH has it: /nonexistent
      from: built-in default
    ");
    assert_eq!(stub.count(), 0);
}

#[test]
fn an_endpoint_that_is_no_url() {
    let stub = stub();
    let machine = machine(&stub).env("AWS_ENDPOINT_URL_STS", "sts.example.com");
    assert_snapshot!(refused(&machine, &stub, &format!("--iam-role {ROLE}")), @"
    error: failed to use the STS endpoint URL: it begins with neither http:// nor https://
    hint: write it like https://sts.example.com; AWS_ENDPOINT_URL_STS sets it
      from: variable AWS_ENDPOINT_URL_STS
    ");
}

#[test]
fn an_endpoint_that_nobody_answers() {
    let stub = stub();
    let machine = machine(&stub)
        .env("AWS_ENDPOINT_URL_STS", "http://127.0.0.1:1")
        .env("AWS_MAX_ATTEMPTS", "1");
    let message = refused(&machine, &stub, &format!("--iam-role {ROLE}"));
    assert!(message.contains("cannot reach http://127.0.0.1:1"), "{message}");
    assert!(message.contains("AWS_ENDPOINT_URL_STS"), "{message}");
}

#[test]
fn a_clock_that_is_wrong() {
    let stub = stub();
    let answer = Answer::error(
        403,
        "SignatureDoesNotMatch",
        "Signature expired: 20260101T000000Z is now earlier than 20260101T010000Z",
    );
    // Half a minute more, so that it is an hour whatever the seconds are that the answer takes.
    stub.enqueue(answer.with_clock_ahead_seconds(3630));
    let message = refused(&machine(&stub), &stub, &format!("--iam-role {ROLE}"));
    assert!(
        message.contains("this machine's clock is 1h ") && message.contains("s behind"),
        "{message}"
    );
    assert!(message.contains("set the clock"), "{message}");
}

#[test]
fn a_role_of_another_partition() {
    let stub = stub();
    let machine = machine(&stub).env("AWS_REGION", "cn-north-1");
    let message = refused(&machine, &stub, &format!("--iam-role {ROLE}"));
    assert!(
        message.contains("aws-cn") && message.contains("AWS_REGION"),
        "{message}"
    );
    assert_eq!(stub.count(), 0);
}

#[test]
fn a_directory_for_terraform_that_is_not_there() {
    let stub = stub();
    let machine = machine(&stub).env("ROLEWRAP_TERRAFORM", "echo");
    let outcome = rolewrap(&machine, &format!("--iam-role {ROLE} -chdir=nodir plan")).run();
    assert_snapshot!(shown(outcome.ends_with(125).stderr(), &machine, &stub), @"
    error: cannot change to the directory nodir
    hint: correct the path; it starts at MACHINE/work
      cause: No such file or directory (os error 2)
      from: Terraform's option -chdir
    ");
}

#[test]
fn an_arn_that_is_none() {
    let stub = stub();
    assert_snapshot!(refused(&machine(&stub), &stub, "--iam-role deploy"), @r#"
    error: the role ARN is not valid
    hint: a bare name needs an account of the configuration: --account NAME --iam-role deploy; or write the full ARN
      cause: role ARN "deploy": is not an ARN; a role ARN looks like arn:aws:iam::123456789012:role/deploy
      from: option --iam-role
    "#);
    let message = refused(
        &machine(&stub),
        &stub,
        "--iam-role arn:aws:iam::12345678901:role/deploy",
    );
    assert!(
        message.contains("has 11 digits") && !message.contains("quot"),
        "{message}"
    );
    assert_eq!(stub.count(), 0);
}

#[test]
fn what_a_hostile_server_says_cannot_act_on_the_terminal() {
    let stub = stub();
    stub.enqueue(Answer::error(
        403,
        "AccessDenied",
        "\u{9b}2J\u{202e}\u{61c}\u{e0041}owned",
    ));
    let message = refused(&machine(&stub), &stub, &format!("--iam-role {ROLE}"));
    assert!(
        !message.contains(['\u{9b}', '\u{202e}', '\u{61c}', '\u{e0041}']),
        "{message:?}"
    );
    assert!(message.contains(r"\u{202e}"), "{message}");
}
