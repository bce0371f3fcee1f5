//! Roles that are assumed with the token of an identity provider. The stub stands in for STS, which alone could verify one.

use std::os::unix::fs::PermissionsExt;
use std::time::{Duration, SystemTime};

use insta::assert_snapshot;
use rolewrap_lab::{
    Answer, IssuerStub, Moto, OpenBao, Outcome, Sandbox, StsStub, WebIdentity, assert_secret_absent,
};

use crate::given::{ROLE, rolewrap, shown, stub, without_request_id};

const USER_FILE: &str = "../config/rolewrap/config.toml";
const SUBJECT: &str = "repo:team/infra:ref:refs/heads/main";
/// What begins every token of these tests.
const HEADER: &str = "eyJhbGciOiJSUzI1NiIsInR5cCI6IkpXVCJ9";

/// A token that expires in ten minutes.
fn identity() -> WebIdentity {
    #[expect(clippy::disallowed_methods, reason = "the tests have a clock of their own")]
    let now = SystemTime::now();
    WebIdentity::new(SUBJECT, now + Duration::from_mins(10))
}

/// A machine without keys, whose source is what `section` says.
fn machine(stub: &StsStub, section: &str) -> Sandbox {
    Sandbox::new()
        .system_programs()
        .env("USER", "alice")
        .env("AWS_ENDPOINT_URL_STS", stub.url())
        .file(
            USER_FILE,
            &format!(
                "source = 'ci'\nsession_name = 'alice'\n[sources.ci]\ntype = 'web-identity'\n{section}\n"
            ),
        )
}

fn run(machine: &Sandbox, options: &str) -> Outcome {
    rolewrap(machine, &format!("-vv --iam-role {ROLE} {options} exec -- env")).run()
}

/// What a user reads when there is no session. Nothing is started, and no token is shown.
fn refused(outcome: &Outcome, machine: &Sandbox, stub: &StsStub) -> String {
    outcome
        .ends_with(125)
        .lacks(WebIdentity::SECRET_PREFIX)
        .lacks(HEADER);
    let message = without_request_id(&shown(outcome.stderr(), machine, stub));
    message
        .split_inclusive('\n')
        .filter(|line| !line.starts_with("rolewrap: "))
        .collect()
}

fn tokens(stub: &StsStub) -> Vec<String> {
    let requests = stub.requests();
    let tokens = requests
        .iter()
        .filter_map(|request| request.parameter("WebIdentityToken"));
    tokens.map(str::to_owned).collect()
}

/// moto looks at no token. The request is what it takes, and the session what its AWS knows.
#[test]
fn a_session_that_a_local_aws_gave_for_a_token_is_the_role() {
    let moto = Moto::without_permissions().expect("moto starts");
    let machine = moto
        .sandbox()
        .system_programs()
        .env("USER", "alice")
        .env("AWS_WEB_IDENTITY_TOKEN_FILE", "token")
        .file("token", &identity().token());
    for delivery in ["env", "endpoint"] {
        let role = moto.role_arn("deploy");
        let options =
            format!("--source web-identity --session-name alice --iam-role {role} --delivery {delivery}");
        let line = format!("{options} exec -- aws sts get-caller-identity --query Arn --output text");
        let outcome = rolewrap(&machine, &line).run();
        outcome.succeeds().prints(&format!(
            "arn:aws:sts::{}:assumed-role/deploy/alice",
            moto.deploy_account()
        ));
    }
}

#[test]
fn a_file_is_read_each_time_and_its_token_is_sent_unsigned() {
    let stub = stub();
    let machine = machine(&stub, "token_file = 'token'");
    let file = machine.config_home().join("rolewrap/token");
    let (first, second) = (
        identity(),
        WebIdentity::new(
            "another",
            SystemTime::UNIX_EPOCH + Duration::from_secs(4_000_000_000),
        ),
    );
    for identity in [&first, &second] {
        std::fs::write(&file, identity.token()).expect("the token can be written");
        let outcome = run(&machine, "");
        outcome
            .succeeds()
            .stdout_has("AWS_ACCESS_KEY_ID=ASIASTUB")
            .lacks(WebIdentity::SECRET_PREFIX)
            .lacks(HEADER);
    }
    assert_eq!(tokens(&stub), [first.token(), second.token()]);
    let requests = stub.requests();
    assert!(
        requests
            .iter()
            .all(|request| request.header("authorization").is_none())
    );
    assert_eq!(requests[0].action(), "AssumeRoleWithWebIdentity");
    assert_eq!(requests[0].parameter("RoleArn"), Some(ROLE));
    std::fs::remove_file(file).expect("the token can be removed");
    assert_secret_absent(WebIdentity::SECRET_PREFIX, machine.root(), &[]);
}

#[test]
fn a_renewed_token_finds_the_session_in_the_cache_and_one_that_says_something_else_does_not() {
    let stub = stub();
    let machine = machine(&stub, "token_file = 'token'");
    let at = |seconds| SystemTime::UNIX_EPOCH + Duration::from_secs(seconds);
    let tagged = |team: &str| {
        let tags = serde_json::json!({"principal_tags": {"Team": [team]}, "transitive_tag_keys": ["Team"]});
        WebIdentity::new(SUBJECT, at(4_000_000_000)).with_claim("https://aws.amazon.com/tags", tags)
    };
    let renewed = WebIdentity::new(SUBJECT, at(4_000_000_001)).with_claim("jti", "another".into());
    let of_alice = WebIdentity::new(SUBJECT, at(4_000_000_000));
    let of_alice = of_alice.with_claim("https://aws.amazon.com/source_identity", "alice".into());
    for (identity, asked) in [
        (WebIdentity::new(SUBJECT, at(4_000_000_000)), 1),
        (renewed, 1),
        (WebIdentity::new("another", at(4_000_000_001)), 2),
        (tagged("blue"), 3),
        (tagged("red"), 4),
        (tagged("blue"), 4),
        (of_alice, 5),
    ] {
        let file = machine.config_home().join("rolewrap/token");
        std::fs::write(file, identity.token()).expect("the token can be written");
        run(&machine, "")
            .succeeds()
            .stdout_has("AWS_ACCESS_KEY_ID=ASIASTUB");
        assert_eq!(stub.count(), asked);
    }
}

#[test]
fn a_token_that_has_expired_gets_no_session_of_the_cache() {
    let stub = stub();
    let machine = machine(&stub, "token_file = 'token'");
    let file = machine.config_home().join("rolewrap/token");
    let at = |seconds| SystemTime::UNIX_EPOCH + Duration::from_secs(seconds);
    let write = |identity: &WebIdentity| {
        std::fs::write(&file, identity.token()).expect("the token can be written");
    };
    write(&identity());
    run(&machine, "").succeeds();
    write(&WebIdentity::new(SUBJECT, at(1_700_000_000)));
    run(&machine, "")
        .ends_with(125)
        .stderr_has("the web identity token has expired at 2023-11-14T22:13:20Z");
}

#[test]
fn the_command_gets_neither_token_nor_what_would_give_it_another() {
    let stub = stub();
    let answer = format!(r#"{{"value": "{}"}}"#, identity().token());
    let github = IssuerStub::start([(200, answer)]).expect("the stub starts");
    let github_machine = machine(&stub, "provider = 'github'")
        .env("ACTIONS_ID_TOKEN_REQUEST_URL", github.url())
        .env("ACTIONS_ID_TOKEN_REQUEST_TOKEN", "canary-of-the-job");
    let gitlab_machine = machine(&stub, "provider = 'gitlab'").env("GITLAB_OIDC_TOKEN", identity().token());
    let other_machine = machine(&stub, "token_variable = 'ID_TOKEN'").env("ID_TOKEN", identity().token());
    let pod = machine(&stub, "provider = 'kubernetes'").file("token", &identity().token());
    let pod = pod
        .env("AWS_WEB_IDENTITY_TOKEN_FILE", "token")
        .env("AWS_ROLE_ARN", ROLE);
    for machine in [github_machine, gitlab_machine, other_machine, pod] {
        let outcome = run(&machine, "");
        outcome
            .succeeds()
            .lacks(HEADER)
            .lacks("canary-of-the-job")
            .lacks("ACTIONS_ID_TOKEN_REQUEST_URL=")
            .lacks("ACTIONS_ID_TOKEN_REQUEST_TOKEN=")
            .lacks("AWS_WEB_IDENTITY_TOKEN_FILE=");
    }
    assert_eq!(tokens(&stub).len(), 4);
    let asked = github.requests().remove(0);
    assert_eq!(asked.query, "api-version=2.0&audience=sts.amazonaws.com");
}

#[test]
fn where_a_web_identity_is_the_source_the_command_gets_no_other_way_to_it_either() {
    let stub = stub();
    let everywhere = |machine: Sandbox| {
        let machine = machine.file("token", &identity().token());
        machine
            .env("AWS_WEB_IDENTITY_TOKEN_FILE", "token")
            .env("GITLAB_OIDC_TOKEN", "canary-of-gitlab")
            .env("ACTIONS_ID_TOKEN_REQUEST_URL", "http://127.0.0.1:1/canary")
            .env("ACTIONS_ID_TOKEN_REQUEST_TOKEN", "canary-of-github")
            .file("bin/terraform", "#!/bin/sh\nenv\n")
    };
    let without_another_way = |outcome: &Outcome| {
        outcome
            .lacks("ACTIONS_ID_TOKEN_REQUEST_URL=")
            .lacks("ACTIONS_ID_TOKEN_REQUEST_TOKEN=")
            .lacks("GITLAB_OIDC_TOKEN=")
            .lacks("AWS_WEB_IDENTITY_TOKEN_FILE=");
    };
    let configured = machine(&stub, "token_variable = 'ID_TOKEN'").env("ID_TOKEN", identity().token());
    without_another_way(run(&everywhere(configured), "").succeeds());
    // A command that needs no session, with the source that needs no section.
    let built_in = everywhere(
        Sandbox::new()
            .system_programs()
            .env("ROLEWRAP_SOURCE", "web-identity"),
    );
    let terraform = built_in.work().join("bin/terraform");
    std::fs::set_permissions(&terraform, PermissionsExt::from_mode(0o755)).unwrap();
    let outcome = rolewrap(&built_in, "--terraform bin/terraform fmt").run();
    without_another_way(outcome.succeeds().stdout_has("PATH="));
}

#[test]
fn a_chain_goes_on_with_the_session_of_the_first_role() {
    let stub = stub();
    let accounts = "token_file = 'token'\n\
        [accounts.hub]\nid = '111111111111'\nrole = 'hub'\n\
        [accounts.prod]\nid = '222222222222'\nrole = 'deploy'\nvia = 'hub'\nexternal_id = 'of-the-second'\n";
    let machine = machine(&stub, accounts).file("../config/rolewrap/token", &identity().token());
    rolewrap(&machine, "--account prod exec -- true").run().succeeds();
    let requests = stub.requests();
    assert_eq!(requests[0].action(), "AssumeRoleWithWebIdentity");
    assert_eq!(requests[0].parameter("ExternalId"), None);
    assert_eq!(requests[1].action(), "AssumeRole");
    assert_eq!(requests[1].access_key_id(), Some("ASIASTUB000000000001"));
    assert_eq!(requests[1].parameter("ExternalId"), Some("of-the-second"));
}

#[test]
fn tags_and_a_source_identity_are_sent_by_the_second_role_of_a_chain() {
    let stub = stub();
    let accounts = "token_file = 'token'\n\
        [accounts.hub]\nid = '111111111111'\nrole = 'hub'\n\
        [accounts.prod]\nid = '222222222222'\nrole = 'deploy'\nvia = 'hub'\n";
    let machine = machine(&stub, accounts).file("../config/rolewrap/token", &identity().token());
    let options = "--tag Team=blue --transitive-tag Team --source-identity alice";
    rolewrap(&machine, &format!("--account prod {options} exec true"))
        .run()
        .succeeds();
    let requests = stub.requests();
    for (parameter, value) in [
        ("Tags.member.1.Key", "Team"),
        ("TransitiveTagKeys.member.1", "Team"),
        ("SourceIdentity", "alice"),
    ] {
        assert_eq!(requests[0].parameter(parameter), None, "{parameter}");
        assert_eq!(requests[1].parameter(parameter), Some(value));
    }
    let own = accounts.replace("role = 'hub'\n", "role = 'hub'\ntags = { Team = 'blue' }\n");
    let machine = machine.file(
        USER_FILE,
        &format!("source = 'ci'\n[sources.ci]\ntype = 'web-identity'\n{own}"),
    );
    rolewrap(&machine, "--account prod exec true")
        .run()
        .ends_with(125)
        .stderr_has("leaves no place for: tags");
}

#[test]
fn twelve_hours_and_the_longest_can_be_asked_for() {
    let stub = stub();
    let machine = machine(&stub, "token_variable = 'ID_TOKEN'").env("ID_TOKEN", identity().token());
    run(&machine, "--duration 12h").succeeds();
    run(&machine, "--duration max").succeeds();
    let requests = stub.requests();
    let durations: Vec<_> = requests
        .iter()
        .map(|request| request.parameter("DurationSeconds"))
        .collect();
    assert_eq!(durations, [Some("43200"), Some("43200")]);
}

#[test]
fn terragrunts_variables_and_option_choose_the_token() {
    let stub = stub();
    let plain = || {
        Sandbox::new()
            .system_programs()
            .env("USER", "alice")
            .env("AWS_ENDPOINT_URL_STS", stub.url())
            .env("AWS_ACCESS_KEY_ID", "AKIAIOSFODNN7EXAMPLE")
            .env("AWS_SECRET_ACCESS_KEY", "canary")
            .file("token", &identity().token())
    };
    let by_value = plain().env("TG_IAM_ASSUME_ROLE_WEB_IDENTITY_TOKEN", identity().token());
    let by_path = plain().env("TERRAGRUNT_IAM_ASSUME_ROLE_WEB_IDENTITY_TOKEN", "token");
    for machine in [&by_value, &by_path] {
        let outcome = run(machine, "");
        outcome
            .succeeds()
            .lacks(HEADER)
            .stderr_has("from source web-identity (variable T");
        assert!(!outcome.stdout().contains("WEB_IDENTITY"), "{outcome}");
    }
    for option in [
        "--iam-assume-role-web-identity-token token",
        "--terragrunt-iam-web-identity-token=token",
    ] {
        run(&plain(), option).succeeds().lacks(HEADER);
    }
    // Where Terraform's arguments begin, it is taken out of them.
    let machine = plain();
    let outcome = rolewrap(&machine, &format!("--iam-role {ROLE} --terraform /bin/echo plan"))
        .args(["--terragrunt-iam-web-identity-token", "token", "-no-color"])
        .run();
    outcome.succeeds().prints("plan -no-color");
    assert_eq!(tokens(&stub).len(), 5);
    let shown = rolewrap(&by_value, "config show").run();
    shown.succeeds().lacks(HEADER).lacks(WebIdentity::SECRET_PREFIX);
}

#[test]
fn a_token_in_the_arguments_is_refused_and_not_repeated() {
    let stub = stub();
    let machine = machine(&stub, "");
    let outcome = run(
        &machine,
        &format!("--iam-assume-role-web-identity-token {}", identity().token()),
    );
    assert_snapshot!(refused(&outcome, &machine, &stub), @"
    error: --iam-assume-role-web-identity-token names no file that is there
    hint: put the token into a file, or into the variable TG_IAM_ASSUME_ROLE_WEB_IDENTITY_TOKEN
      cause: it takes the path of a file, and no token: other processes can read the arguments of a command
    ");
    assert_eq!(stub.count(), 0);
}

#[test]
fn a_token_that_has_expired_is_named_and_not_sent() {
    let stub = stub();
    let expired = WebIdentity::new(
        SUBJECT,
        SystemTime::UNIX_EPOCH + Duration::from_secs(1_700_000_000),
    );
    let machine = machine(&stub, "token_variable = 'ID_TOKEN'").env("ID_TOKEN", expired.token());
    assert_snapshot!(refused(&run(&machine, ""), &machine, &stub), @"
    error: the web identity token has expired at 2023-11-14T22:13:20Z
    hint: have the token issued again; in a CI job, ask for the session before it expires, or set a longer life where it is issued. If it is new, check this machine's clock
      role: arn:aws:iam::123456789012:role/deploy (option --iam-role)
      web identity: repo:team/infra:ref:refs/heads/main of https://issuer.example.com for sts.amazonaws.com
      source: ci (user file MACHINE/config/rolewrap/config.toml:1)
    ");
    let check = rolewrap(&machine, "source check").run();
    check
        .ends_with(125)
        .stderr_has("the web identity token has expired at 2023-11-14T22:13:20Z");
    assert_eq!(stub.count(), 0);
}

#[test]
fn with_a_wrong_clock_the_session_is_neither_used_nor_cached() {
    let stub = stub();
    let far = WebIdentity::new(
        SUBJECT,
        SystemTime::UNIX_EPOCH + Duration::from_secs(4_000_000_000),
    );
    let machine = machine(&stub, "token_variable = 'ID_TOKEN'").env("ID_TOKEN", far.token());
    for (ahead, said) in [(7350, "behind"), (-3750, "ahead of")] {
        stub.enqueue(Answer::success().with_clock_ahead_seconds(ahead));
        let outcome = run(&machine, "");
        outcome
            .ends_with(125)
            .stderr_has("this machine's clock is ")
            .stderr_has(&format!("{said} AWS's clock"))
            .stderr_has(", and AWS's answer says ")
            .stderr_has("hint: set the clock");
    }
    run(&machine, "").succeeds();
    assert_eq!(stub.count(), 3);
}

#[test]
fn what_aws_says_about_a_token_is_said_with_its_claims() {
    let stub = stub();
    let far = WebIdentity::new(
        SUBJECT,
        SystemTime::UNIX_EPOCH + Duration::from_secs(4_000_000_000),
    );
    let machine = machine(&stub, "token_variable = 'ID_TOKEN'").env("ID_TOKEN", far.token());
    let refused_with = |code: &str, message: &str| {
        stub.enqueue(Answer::error(400, code, message));
        refused(&run(&machine, ""), &machine, &stub)
    };
    assert_snapshot!(refused_with("InvalidIdentityToken", "No OpenIDConnect provider found in your account"), @"
    error: AWS does not accept the web identity token
    hint: IAM needs an OpenID Connect provider for exactly this issuer, with this audience in its list, in the role's account
      cause: InvalidIdentityToken: No OpenIDConnect provider found in your account
      role: arn:aws:iam::123456789012:role/deploy (option --iam-role)
      web identity: repo:team/infra:ref:refs/heads/main of https://issuer.example.com for sts.amazonaws.com
      source: ci (user file MACHINE/config/rolewrap/config.toml:1)
      asked: STS, request id ID
    ");
    assert_snapshot!(refused_with("AccessDenied", "Not authorized to perform sts:AssumeRoleWithWebIdentity"), @"
    error: AWS does not let this web identity assume arn:aws:iam::123456789012:role/deploy
    hint: the role's trust policy must allow sts:AssumeRoleWithWebIdentity to the identity provider, and its conditions must fit the subject and the audience above. A role that does not exist is answered in the same way
      cause: AccessDenied: Not authorized to perform sts:AssumeRoleWithWebIdentity
      role: arn:aws:iam::123456789012:role/deploy (option --iam-role)
      web identity: repo:team/infra:ref:refs/heads/main of https://issuer.example.com for sts.amazonaws.com
      source: ci (user file MACHINE/config/rolewrap/config.toml:1)
      asked: STS, request id ID
    ");
    assert_snapshot!(refused_with("ExpiredTokenException", "Token expired"), @"
    error: AWS says that the web identity token, which is good until 2096-10-02T07:06:40Z, has expired
    hint: have the token issued again; in a CI job, ask for the session before it expires, or set a longer life where it is issued. If it is new, check this machine's clock
      cause: ExpiredTokenException: Token expired
      role: arn:aws:iam::123456789012:role/deploy (option --iam-role)
      web identity: repo:team/infra:ref:refs/heads/main of https://issuer.example.com for sts.amazonaws.com
      source: ci (user file MACHINE/config/rolewrap/config.toml:1)
      asked: STS, request id ID
    ");
    stub.answer_by_default(Answer::error(400, "IDPCommunicationError", "no answer"));
    let outcome = rolewrap(&machine, &format!("--iam-role {ROLE} exec -- true"))
        .env("AWS_MAX_ATTEMPTS", "1")
        .run();
    assert_snapshot!(refused(&outcome, &machine, &stub), @"
    error: AWS cannot reach the identity provider that issued the token
    hint: try again; if it stays, the provider's keys must be readable from the internet: ISSUER/.well-known/openid-configuration
      cause: IDPCommunicationError: no answer
      role: arn:aws:iam::123456789012:role/deploy (option --iam-role)
      web identity: repo:team/infra:ref:refs/heads/main of https://issuer.example.com for sts.amazonaws.com
      source: ci (user file MACHINE/config/rolewrap/config.toml:1)
      asked: STS, request id ID
    ");
}

#[test]
fn what_has_no_place_beside_a_token_is_refused_before_it_is_read() {
    let stub = stub();
    let refused_with = |section: &str, options: &str| {
        let machine = machine(&stub, section);
        refused(&run(&machine, options), &machine, &stub)
    };
    let file = "token_file = '/nowhere'";
    assert_snapshot!(refused_with(file, "--external-id abc"), @"
    error: the first role is asked for with a web identity, which leaves no place for: external id
    hint: remove the external id; the role's trust policy can ask for a subject and an audience instead
      cause: AWS takes who this is, and the session's tags and source identity, from the token alone
      from: option --external-id
      from: user file MACHINE/config/rolewrap/config.toml:1
    ");
    assert_snapshot!(refused_with(file, "--source-identity alice"), @"
    error: the first role is asked for with a web identity, which leaves no place for: source identity
    hint: remove it, or have the identity provider put it into the token
      cause: AWS takes who this is, and the session's tags and source identity, from the token alone
      from: option --source-identity
      from: user file MACHINE/config/rolewrap/config.toml:1
    ");
    assert_snapshot!(refused_with(file, "--tag team=blue"), @"
    error: the first role is asked for with a web identity, which leaves no place for: tags
    hint: remove the tags; the role's trust policy can ask for a subject and an audience instead
      cause: AWS takes who this is, and the session's tags and source identity, from the token alone
      from: option --tag
      from: user file MACHINE/config/rolewrap/config.toml:1
    ");
    assert_snapshot!(refused_with(file, "--mfa-serial GAHT12345678"), @"
    error: the first role is asked for with a web identity, which leaves no place for: MFA device
    hint: remove the MFA device; the role's trust policy can ask for a subject and an audience instead
      cause: AWS takes who this is, and the session's tags and source identity, from the token alone
      from: option --mfa-serial
      from: user file MACHINE/config/rolewrap/config.toml:1
    ");
    assert_snapshot!(refused_with("provider = 'circle'", ""), @"
    error: there is no provider `circle` of web identities
    hint: name one of them, or say where the token is with token_file or token_variable
      cause: the providers are github, gitlab, kubernetes
      from: user file MACHINE/config/rolewrap/config.toml:5
    ");
    assert_snapshot!(refused_with("provider = 'github'\ntoken_file = 'x'", ""), @"
    error: the web identity token has more than one place
    hint: keep one of provider, token_file and token_variable
      from: user file MACHINE/config/rolewrap/config.toml:4
    ");
    assert_snapshot!(refused_with("provider = 'gitlab'\naudience = 'x'", ""), @"
    error: `audience` says nothing to this source of web identities
    hint: drop it; elsewhere the audience is set where the token is issued
      cause: only GitHub issues a token for whom the job asks
      from: user file MACHINE/config/rolewrap/config.toml:6
    ");
    assert_snapshot!(refused_with(file, ""), @"
    error: failed to find the web identity token in source ci
    hint: GitHub: give the job `permissions: id-token: write`. GitLab: add `id_tokens:` with GITLAB_OIDC_TOKEN to the job. Kubernetes: let the pod's service account name a role
      cause: /nowhere does not exist
      source: ci (user file MACHINE/config/rolewrap/config.toml:1)
    ");
    let order = machine(&stub, file).file(
        USER_FILE,
        "source = ['ci', 'env']\n[sources.ci]\ntype = 'web-identity'\nprovider = 'github'\n",
    );
    assert_snapshot!(refused(&run(&order, ""), &order, &stub), @r#"
    error: the source `ci` cannot be part of a fallback order
    hint: name it alone: --source ci, or source = "ci"
      cause: it gives a web identity and no key, so the role is asked for in another way
      from: user file MACHINE/config/rolewrap/config.toml:1
    "#);
    assert_eq!(stub.count(), 0);
}

#[test]
fn a_real_token_of_an_identity_provider_is_understood() {
    let (stub, bao) = (stub(), OpenBao::start().expect("OpenBao starts"));
    let token = bao.jwt();
    let machine = machine(&stub, "token_variable = 'ID_TOKEN'").env("ID_TOKEN", &token);
    let check = rolewrap(&machine, "source check").run();
    check
        .succeeds()
        .stdout_has("web identity")
        .stdout_has("/v1/identity/oidc")
        .lacks(&token);
    assert_eq!(stub.count(), 0, "nobody is asked for a check");
    run(&machine, "").succeeds().lacks(&token);
    assert_eq!(tokens(&stub), [token]);
}

#[test]
fn whoami_and_the_lists_say_whose_token_it_is() {
    let stub = stub();
    let machine = machine(&stub, "token_variable = 'ID_TOKEN'").env("ID_TOKEN", identity().token());
    let whoami = rolewrap(&machine, &format!("--iam-role {ROLE} whoami")).run();
    whoami
        .succeeds()
        .stdout_has("web identity  repo:team/infra:ref:refs/heads/main of https://issuer.example.com for sts.amazonaws.com from source ci")
        .lacks(HEADER);
    let json = rolewrap(&machine, &format!("--iam-role {ROLE} whoami --json")).run();
    json.succeeds()
        .stdout_has(r#""subject": "repo:team/infra:ref:refs/heads/main""#)
        .lacks(HEADER);
    assert_eq!(stub.count(), 1, "the second one is from the cache");
    let list = rolewrap(&machine, "source list").run();
    list.succeeds().stdout_has("web-identity");
    rolewrap(&machine, "source show ci")
        .run()
        .succeeds()
        .stdout_has(r#"token_variable = "ID_TOKEN""#);
    rolewrap(&machine, "config check").run().succeeds();
    rolewrap(&machine, "source add ci")
        .run()
        .ends_with(125)
        .stderr_has("only read");
}
