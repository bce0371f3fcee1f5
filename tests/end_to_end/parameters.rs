//! Every parameter that can be configured arrives at STS as it was meant.

use rolewrap_lab::{Answer, StsRequest};

use crate::given::{ROLE, machine, rolewrap, stub};

/// What was sent besides the action and its version.
fn sent(request: &StsRequest) -> Vec<(String, String)> {
    let mut parameters = request.parameters().to_vec();
    parameters.retain(|(name, _)| !["Action", "Version"].contains(&name.as_str()));
    parameters.sort();
    parameters
}

fn expected(parameters: &[(&str, &str)]) -> Vec<(String, String)> {
    let mut parameters: Vec<_> = parameters
        .iter()
        .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
        .collect();
    parameters.sort();
    parameters
}

#[test]
fn from_a_file() {
    let stub = stub();
    let file = format!(
        r#"
account = "dev"

[tags]
Team = "blue"
"Cost.Center" = 42

[accounts.dev]
role = "{ROLE}"
session_name = "alice"
duration = "2h"
external_id = "0012345"
source_identity = "{{user}}@acme"
policy = "read.json"
policy_arns = ["arn:aws:iam::aws:policy/ReadOnlyAccess", "arn:aws:iam::123456789012:policy/team/limit"]
tags = {{ Stage = "dev", team = "green" }}
transitive_tags = ["Team"]

[[accounts.dev.provided_contexts]]
provider = "arn:aws:iam::aws:contextProvider/IdentityCenter"
assertion_file = "assertion"
"#
    );
    let machine = machine(&stub);
    let folder = machine.config_home().join("rolewrap");
    let machine = machine
        .file(folder.join("config.toml"), &file)
        .file(folder.join("read.json"), "{\n  \"Version\": \"2012-10-17\"\n}\n")
        .file(folder.join("assertion"), "canary-assertion\n");
    let outcome = rolewrap(&machine, "-vv exec true").run();
    outcome.succeeds().lacks("canary-assertion");
    assert_eq!(
        sent(&stub.requests()[0]),
        expected(&[
            ("RoleArn", ROLE),
            ("RoleSessionName", "alice"),
            ("DurationSeconds", "7200"),
            ("ExternalId", "0012345"),
            ("SourceIdentity", "alice@acme"),
            ("Policy", r#"{"Version":"2012-10-17"}"#),
            (
                "PolicyArns.member.1.arn",
                "arn:aws:iam::aws:policy/ReadOnlyAccess"
            ),
            (
                "PolicyArns.member.2.arn",
                "arn:aws:iam::123456789012:policy/team/limit"
            ),
            ("Tags.member.1.Key", "Cost.Center"),
            ("Tags.member.1.Value", "42"),
            ("Tags.member.2.Key", "Stage"),
            ("Tags.member.2.Value", "dev"),
            ("Tags.member.3.Key", "team"),
            ("Tags.member.3.Value", "green"),
            ("TransitiveTagKeys.member.1", "Team"),
            (
                "ProvidedContexts.member.1.ProviderArn",
                "arn:aws:iam::aws:contextProvider/IdentityCenter"
            ),
            ("ProvidedContexts.member.1.ContextAssertion", "canary-assertion"),
        ])
    );
    for arguments in ["account show", "whoami", "whoami --json", "config show"] {
        rolewrap(&machine, arguments)
            .run()
            .succeeds()
            .lacks("canary-assertion");
    }
}

#[test]
fn from_options_and_from_variables() {
    let options = [
        "--duration=30m",
        "--external-id=0012345",
        "--source-identity=alice",
        "--session-name=alice",
        "--policy=read.json",
        "--policy-arn=arn:aws:iam::aws:policy/ReadOnlyAccess",
        "--policy-arn=arn:aws:iam::aws:policy/Other",
        "--tag=Team=blue",
        "--tag=Path=a=b",
        "--transitive-tag=Team",
    ];
    let variables = [
        ("ROLEWRAP_DURATION", "1800"),
        ("ROLEWRAP_EXTERNAL_ID", "0012345"),
        ("ROLEWRAP_SOURCE_IDENTITY", "alice"),
        ("ROLEWRAP_SESSION_NAME", "alice"),
        ("ROLEWRAP_POLICY", "read.json"),
        (
            "ROLEWRAP_POLICY_ARN",
            "arn:aws:iam::aws:policy/ReadOnlyAccess,arn:aws:iam::aws:policy/Other",
        ),
        ("ROLEWRAP_TAG", "Team=blue,Path=a=b"),
        ("ROLEWRAP_TRANSITIVE_TAG", "Team"),
    ];
    let stub = stub();
    // The second run wants what the first one has.
    let machine = machine(&stub)
        .file("read.json", "{ }")
        .env("ROLEWRAP_CACHE", "off");
    let role = format!("--iam-role={ROLE}");
    let by_options = machine
        .command(crate::given::ROLEWRAP)
        .args(options)
        .args([&role, "exec", "true"]);
    by_options.run().succeeds();
    rolewrap(&machine, &format!("{role} exec true"))
        .envs(variables)
        .run()
        .succeeds();
    let both = expected(&[
        ("RoleArn", ROLE),
        ("RoleSessionName", "alice"),
        ("DurationSeconds", "1800"),
        ("ExternalId", "0012345"),
        ("SourceIdentity", "alice"),
        ("Policy", "{}"),
        (
            "PolicyArns.member.1.arn",
            "arn:aws:iam::aws:policy/ReadOnlyAccess",
        ),
        ("PolicyArns.member.2.arn", "arn:aws:iam::aws:policy/Other"),
        ("Tags.member.1.Key", "Path"),
        ("Tags.member.1.Value", "a=b"),
        ("Tags.member.2.Key", "Team"),
        ("Tags.member.2.Value", "blue"),
        ("TransitiveTagKeys.member.1", "Team"),
    ]);
    let requests = stub.requests();
    assert_eq!(sent(&requests[0]), both, "options");
    assert_eq!(sent(&requests[1]), both, "variables");
}

#[test]
fn an_empty_variable_that_should_limit_the_session_is_refused() {
    for name in [
        "ROLEWRAP_POLICY",
        "ROLEWRAP_POLICY_ARN",
        "ROLEWRAP_TAG",
        "ROLEWRAP_TRANSITIVE_TAG",
    ] {
        let stub = stub();
        let outcome = rolewrap(&machine(&stub), &format!("--iam-role {ROLE} exec true"))
            .env(name, "")
            .run();
        outcome
            .ends_with(125)
            .stderr_has("without it the command could run as somebody else, or do more");
        assert_eq!(stub.count(), 0);
    }
}

#[test]
fn a_refusal_says_what_tags_and_a_source_identity_need() {
    let stub = stub();
    stub.answer_by_default(Answer::error(403, "AccessDenied", "no"));
    let refused = |options: &str| {
        let outcome = rolewrap(&machine(&stub), &format!("--iam-role {ROLE} {options} exec true")).run();
        outcome.ends_with(125).stderr().to_owned()
    };
    assert!(!refused("").contains("both also"));
    assert!(refused("--tag Team=blue").contains("both also sts:TagSession, for the tags"));
    assert!(
        refused("--source-identity alice")
            .contains("both also sts:SetSourceIdentity, for the source identity")
    );
}
