//! Roles that are assumed with the session of another one.

use insta::assert_snapshot;
use rolewrap_lab::{Answer, Moto, Sandbox, StsStub};

use crate::given::{KEY, machine, rolewrap, shown, stub, without_request_id};

const CHAIN: &str = r#"
account = "prod"
session_name = "alice"

[accounts.hub]
id = "111111111111"
role = "hub"
external_id = "for-the-hub"

[accounts.network]
id = "222222222222"
role = "network"
via = "hub"

[accounts.prod]
id = "333333333333"
role = "deploy"
via = "network"
duration = "30m"
"#;

fn machine_with_chain(stub: &StsStub) -> Sandbox {
    machine(stub).file("rolewrap.toml", CHAIN)
}

#[test]
fn each_hop_is_signed_by_the_session_of_the_one_before() {
    let stub = stub();
    let outcome = rolewrap(&machine_with_chain(&stub), "exec -- printenv AWS_ACCESS_KEY_ID").run();
    outcome.succeeds();
    let requests = stub.requests();
    let signed_by: Vec<_> = requests.iter().map(|request| request.access_key_id()).collect();
    assert_eq!(
        signed_by,
        [
            Some(KEY),
            Some("ASIASTUB000000000001"),
            Some("ASIASTUB000000000002")
        ]
    );
    let tokens: Vec<_> = requests
        .iter()
        .map(|request| request.header("x-amz-security-token"))
        .collect();
    assert_eq!(
        tokens,
        [
            None,
            Some("canary-of-the-sts-stub-session-token-1"),
            Some("canary-of-the-sts-stub-session-token-2")
        ]
    );
    let roles: Vec<_> = requests
        .iter()
        .map(|request| request.parameter("RoleArn"))
        .collect();
    assert_eq!(
        roles,
        [
            Some("arn:aws:iam::111111111111:role/hub"),
            Some("arn:aws:iam::222222222222:role/network"),
            Some("arn:aws:iam::333333333333:role/deploy")
        ]
    );
    assert_eq!(
        outcome.stdout().trim(),
        "ASIASTUB000000000003",
        "the command gets the last one"
    );
}

#[test]
fn a_hop_that_is_refused_is_named_with_who_signed_it_and_what_was_asked() {
    let stub = stub();
    stub.enqueue(Answer::success());
    stub.enqueue(Answer::error(403, "AccessDenied", "User: arn:aws:sts::111111111111:assumed-role/hub/alice is not authorized to perform: sts:AssumeRole on resource: arn:aws:iam::222222222222:role/network"));
    let machine = machine_with_chain(&stub);
    let outcome = rolewrap(&machine, "exec touch started").run();
    outcome.ends_with(125).lacks("canary");
    assert!(!machine.work().join("started").exists());
    assert_eq!(stub.count(), 2, "nothing is asked after the refusal");
    assert_snapshot!(without_request_id(&shown(outcome.stderr(), &machine, &stub)), @"
    error: AWS does not let arn:aws:sts::111111111111:assumed-role/hub/alice assume arn:aws:iam::222222222222:role/network
    hint: two policies must allow sts:AssumeRole: one of the role arn:aws:iam::111111111111:role/hub, which signs, and the trust policy of the role that it assumes. Where that trust policy asks for MFA, no session of another role will do: the role cannot be had through a chain. A role that does not exist is answered in the same way
      cause: AccessDenied: User: arn:aws:sts::111111111111:assumed-role/hub/alice is not authorized to perform: sts:AssumeRole on resource: arn:aws:iam::222222222222:role/network
      role: arn:aws:iam::222222222222:role/network (project file MACHINE/work/rolewrap.toml:12)
      hop: 2 of 3: hub > [network] > prod
      with: session name alice
      signed by: arn:aws:sts::111111111111:assumed-role/hub/alice
      asked: STS, request id ID
    ");
}

#[test]
fn a_hop_that_may_not_be_asked_for_is_found_before_anything_is_sent() {
    let stub = stub();
    let machine = machine_with_chain(&stub);
    let outcome = rolewrap(&machine, "--duration 2h exec true").run();
    outcome.ends_with(125);
    assert_eq!(stub.count(), 0);
    assert_snapshot!(shown(outcome.stderr(), &machine, &stub), @"
    error: `prod` is a chained role, and a chained session lasts at most 1h, so nothing was sent
    hint: ask for 1h or less, or for none; with --delivery endpoint the session is renewed as long as the command runs
      cause: 2h was asked for, and its role is assumed with the session of `network`
      from: option --duration
    ");
}

#[test]
fn the_chain_is_shown() {
    let stub = stub();
    let machine = machine_with_chain(&stub);
    let output = |arguments: &str| {
        let outcome = rolewrap(&machine, arguments).run();
        shown(outcome.succeeds().stdout(), &machine, &stub)
    };
    assert_snapshot!(output("account list"), @"
       NAME     ID            ROLE     REGION  VIA
       hub      111111111111  hub      -       -
       network  222222222222  network  -       hub
    *  prod     333333333333  deploy   -       network
    * prod is selected here by: project file MACHINE/work/rolewrap.toml:2
    ");
    assert_snapshot!(output("account show"), @"
    account       prod                                    # project file MACHINE/work/rolewrap.toml:2
    role          arn:aws:iam::333333333333:role/deploy   # project file MACHINE/work/rolewrap.toml:17
    session name  alice                                   # project file MACHINE/work/rolewrap.toml:3
    duration      30m                                     # project file MACHINE/work/rolewrap.toml:19
    via           network                                 # project file MACHINE/work/rolewrap.toml:18
    role          arn:aws:iam::222222222222:role/network  # project file MACHINE/work/rolewrap.toml:12
    session name  alice                                   # project file MACHINE/work/rolewrap.toml:3
    via           hub                                     # project file MACHINE/work/rolewrap.toml:13
    role          arn:aws:iam::111111111111:role/hub      # project file MACHINE/work/rolewrap.toml:7
    session name  alice                                   # project file MACHINE/work/rolewrap.toml:3
    external id   for-the-hub                             # project file MACHINE/work/rolewrap.toml:8
    source        env, keyring                            # built-in default
    ");
    let document: serde_json::Value = serde_json::from_str(&output("whoami --json")).unwrap();
    let accounts: Vec<_> = document["hops"]
        .as_array()
        .unwrap()
        .iter()
        .map(|hop| hop["account"]["value"].as_str().unwrap())
        .collect();
    assert_eq!(accounts, ["hub", "network", "prod"]);
    assert_eq!(document["hops"][0]["external_id"]["value"], "for-the-hub");
    assert_eq!(document["session"]["account_id"], "333333333333");
}

#[test]
fn the_roles_of_two_accounts_are_assumed_one_with_the_other_where_both_policies_allow_it() {
    let moto = Moto::start().expect("moto starts");
    let file = format!(
        "[accounts.hub]\nid = '{}'\nrole = 'hub'\n\
         [accounts.prod]\nid = '{}'\nrole = 'chained'\nvia = 'hub'\nexternal_id = '{}'\n\
         [accounts.direct]\nid = '{1}'\nrole = 'chained'\nexternal_id = '{2}'\n\
         [accounts.untrusting]\nid = '{1}'\nrole = 'deploy'\nvia = 'hub'\n",
        moto.security_account(),
        moto.deploy_account(),
        moto.external_id()
    );
    let machine = moto
        .sandbox()
        .system_programs()
        .envs(moto.base_variables())
        .env("USER", "alice")
        .file("rolewrap.toml", &file);
    let session = |account: &str, name: &str| format!("arn:aws:sts::{account}:assumed-role/{name}/alice@");
    rolewrap(&machine, "--account prod whoami")
        .run()
        .succeeds()
        .stdout_has(&session(moto.deploy_account(), "chained"));
    let refused = |account: &str, signer: &str| {
        rolewrap(&machine, &format!("--account {account} exec touch started"))
            .run()
            .ends_with(125)
            .stderr_has("AccessDenied")
            .stderr_has(signer);
        assert!(!machine.work().join("started").exists());
    };
    // The same role without the hub, and a role that trusts `ci` and not the hub.
    refused("direct", moto.base_key());
    refused(
        "untrusting",
        &format!("signed by: {}", session(moto.security_account(), "hub")),
    );
}
