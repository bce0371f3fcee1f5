use rolewrap_lab::StsStub;

use super::served::{Served, with_endpoint};
use crate::given::{KEY, ROLE, SECRET, machine, rolewrap, stub};

#[test]
fn the_command_finds_the_address_of_the_endpoint_and_no_credentials() {
    let stub = stub();
    let machine = machine(&stub)
        .env("AWS_PROFILE", "ghost")
        .env("AWS_CONTAINER_CREDENTIALS_RELATIVE_URI", "/other")
        .env("AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE", "/other")
        .env("AWS_REGION", "eu-west-1")
        .env("NO_PROXY", "example.com");
    let served = Served::start(with_endpoint(&machine));
    let about_aws: Vec<String> = served
        .variables
        .iter()
        .filter(|(name, _)| {
            let name = name.to_uppercase();
            name.starts_with("AWS_") || name.starts_with("ROLEWRAP_") || name == "NO_PROXY"
        })
        .map(|(name, value)| {
            let value = if name == "ROLEWRAP_STARTED" {
                "PROGRAM"
            } else {
                value
            };
            let value = value.replace(&served.token, "TOKEN");
            let value = value.replace(&format!(":{}/", served.port), ":PORT/");
            format!("{name}={}", value.replace(&stub.url(), "STS"))
        })
        .collect();
    insta::assert_snapshot!(about_aws.join("\n"), @r#"
    AWS_CONFIG_FILE=/dev/null
    AWS_CONTAINER_AUTHORIZATION_TOKEN=TOKEN
    AWS_CONTAINER_CREDENTIALS_FULL_URI=http://127.0.0.1:PORT/session
    AWS_CREDENTIAL_PROFILES_FILE=/dev/null
    AWS_DEFAULT_REGION=eu-west-1
    AWS_EC2_METADATA_DISABLED=true
    AWS_ENDPOINT_URL_STS=STS
    AWS_METADATA_ENDPOINT=http://127.0.0.1:1
    AWS_REGION=eu-west-1
    AWS_SDK_LOAD_CONFIG=1
    AWS_SHARED_CREDENTIALS_FILE=/dev/null
    NO_PROXY=example.com,127.0.0.1,localhost
    ROLEWRAP_SESSION=arn:aws:iam::123456789012:role/deploy
    ROLEWRAP_SESSION_HIDES={"AWS_CONFIG_FILE":{"now":"/dev/null","before":null},"AWS_CONTAINER_CREDENTIALS_FULL_URI":{"now":"http://127.0.0.1:PORT/session","before":null},"AWS_CREDENTIAL_PROFILES_FILE":{"now":"/dev/null","before":null},"AWS_SDK_LOAD_CONFIG":{"now":"1","before":null},"AWS_SHARED_CREDENTIALS_FILE":{"now":"/dev/null","before":null},"BOTO_CONFIG":{"now":"/dev/null","before":null}}
    ROLEWRAP_SESSION_LACKS=AWS_ACCESS_KEY_ID,AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE,AWS_CONTAINER_CREDENTIALS_RELATIVE_URI,AWS_PROFILE,AWS_SECRET_ACCESS_KEY
    ROLEWRAP_STARTED=PROGRAM
    no_proxy=example.com,127.0.0.1,localhost
    "#);
    assert_eq!(served.token.len(), 64);
}

#[test]
fn the_endpoint_answers_with_the_session_in_the_form_that_every_sdk_reads() {
    let stub = stub();
    let served = Served::start(with_endpoint(&machine(&stub)));
    let reply = served.ask();
    assert_eq!(reply.status, 200, "{reply:?}");
    assert!(reply.head.contains("content-type: application/json"), "{reply:?}");
    assert!(reply.head.contains("cache-control: no-store"), "{reply:?}");
    assert!(reply.field("AccessKeyId").starts_with("ASIA"), "{reply:?}");
    assert!(
        reply.field("SecretAccessKey").starts_with(StsStub::SECRET_PREFIX),
        "{reply:?}"
    );
    assert!(
        reply.field("Token").starts_with(StsStub::SECRET_PREFIX),
        "{reply:?}"
    );
    assert!(reply.field("Expiration").ends_with('Z'), "{reply:?}");
    assert!(!reply.body.contains(SECRET), "{reply:?}");
    // Nobody asked STS for that.
    assert_eq!(stub.count(), 1);
}

#[test]
fn the_exit_code_and_standard_input_are_the_commands_own() {
    let stub = stub();
    let machine = machine(&stub);
    let outcome = with_endpoint(&machine)
        .args(["exec", "--", "sh", "-c", "cat; exit 7"])
        .stdin("text")
        .run();
    outcome.ends_with(7).prints("text");
    assert_eq!(outcome.stderr(), "");
}

#[test]
fn an_account_and_a_variable_choose_the_delivery_too() {
    let stub = stub();
    let file = "[accounts.dev]\nid = \"123456789012\"\nrole = \"deploy\"\ndelivery = \"endpoint\"\n";
    let machine = machine(&stub).file("../config/rolewrap/config.toml", file);
    let command = "exec -- printenv AWS_CONTAINER_CREDENTIALS_FULL_URI";
    let by_account = rolewrap(&machine, &format!("--account dev {command}")).run();
    by_account.succeeds().stdout_has("http://127.0.0.1:");
    let by_variable = rolewrap(&machine, &format!("--iam-role {ROLE} {command}"))
        .env("ROLEWRAP_DELIVERY", "endpoint")
        .run();
    by_variable.succeeds().stdout_has("http://127.0.0.1:");
    rolewrap(
        &machine,
        "--account dev --delivery env exec -- printenv AWS_ACCESS_KEY_ID",
    )
    .run()
    .succeeds()
    .stdout_has("ASIA");
}

#[test]
fn another_way_to_deliver_is_refused_and_says_where_it_was_named() {
    let stub = stub();
    let machine = machine(&stub);
    let outcome = rolewrap(&machine, &format!("--iam-role {ROLE} --delivery file exec true")).run();
    insta::assert_snapshot!(outcome.ends_with(125).stderr(), @"
    error: `file` is not a way to deliver a session
    hint: write env or endpoint
      from: option --delivery
    ");
    assert_eq!(stub.count(), 0);
}

#[test]
fn keys_in_variables_cannot_be_kept_beside_the_endpoint() {
    let stub = stub();
    let outcome = with_endpoint(&machine(&stub))
        .args([
            "--keep-env",
            "AWS_ACCESS_KEY_ID",
            "exec",
            "printenv",
            "AWS_ACCESS_KEY_ID",
        ])
        .run();
    outcome
        .ends_with(1)
        .lacks(KEY)
        .stderr_has("AWS_ACCESS_KEY_ID cannot be kept");
}

#[test]
fn another_endpoint_cannot_be_kept_beside_ours() {
    let stub = stub();
    let outcome = with_endpoint(&machine(&stub).env("AWS_CONTAINER_CREDENTIALS_RELATIVE_URI", "/other"))
        .args([
            "--keep-env",
            "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI",
            "exec",
            "env",
        ])
        .run();
    outcome
        .succeeds()
        .lacks("/other")
        .stderr_has("AWS_CONTAINER_CREDENTIALS_RELATIVE_URI cannot be kept");
}

#[test]
fn a_proxy_setting_that_excepts_everything_stays_as_it_is() {
    let stub = stub();
    let outcome = with_endpoint(&machine(&stub).env("no_proxy", "*"))
        .args(["exec", "printenv", "no_proxy", "NO_PROXY"])
        .run();
    outcome.succeeds().prints("*\n*");
}
