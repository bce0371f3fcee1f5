//! Every key is sorted by who may say it, and a project file is held to that.

use insta::assert_snapshot;

use super::given::given;
use crate::configuration::table::{ACCOUNT, FILE, Key};
use crate::configuration::trust::Trust;

/// Two values of each key at the top and of an account.
const SAMPLES: [(&str, [&str; 2]); 26] = [
    ("iam_role", ["'deploy'", "'admin'"]),
    ("id", ["'111111111111'", "'666666666666'"]),
    ("role", ["'deploy'", "'admin'"]),
    ("via", ["'hub'", "'other'"]),
    ("source", ["'env'", "'keyring'"]),
    ("account", ["'mine'", "'theirs'"]),
    ("region", ["'eu-west-1'", "'us-east-1'"]),
    ("duration", ["'1h'", "'2h'"]),
    ("session_name", ["'alice'", "'bob'"]),
    ("external_id", ["'x1'", "'x2'"]),
    ("source_identity", ["'alice'", "'bob'"]),
    ("mfa_serial", ["'GAHT12345678'", "'GAHT99999999'"]),
    ("mfa_command", ["['one']", "['other']"]),
    ("mfa_variables", ["['ONE']", "['OTHER']"]),
    ("mfa_vault", ["{ key = 'one' }", "{ key = 'other' }"]),
    ("mfa_duration", ["'1h'", "'36h'"]),
    ("delivery", ["'env'", "'endpoint'"]),
    ("hide_profiles", ["true", "false"]),
    ("policy", ["'{}'", "'{ }'"]),
    (
        "policy_arns",
        ["['arn:aws:iam::aws:policy/ReadOnlyAccess']", "[]"],
    ),
    ("tags", ["{ Team = 'blue' }", "{ Team = 'red' }"]),
    ("transitive_tags", ["['Team']", "[]"]),
    (
        "provided_contexts",
        [
            "[{ provider = 'arn', assertion_file = '/a' }]",
            "[{ provider = 'arn', assertion_file = '/b' }]",
        ],
    ),
    ("terraform", ["'terraform'", "'tofu'"]),
    ("cache", ["{ enabled = true }", "{ enabled = false }"]),
    (
        "sts",
        [
            "{ endpoint_url = 'http://one' }",
            "{ endpoint_url = 'http://other' }",
        ],
    ),
];

fn samples(key: &Key) -> [&'static str; 2] {
    let samples = SAMPLES.iter().find(|(name, _)| *name == key.name);
    samples
        .unwrap_or_else(|| panic!("`{}` has no samples here", key.name))
        .1
}

/// Whether a project file with this text counts beside the user's own.
fn counts(user: &str, project: &str) -> bool {
    given().user(user).project(project).load().is_ok()
}

#[test]
fn a_project_file_may_say_at_the_top_what_the_class_of_the_key_allows() {
    for key in FILE.keys() {
        let name = key.name;
        if matches!(name, "accounts" | "paths") {
            continue;
        }
        if name == "sources" {
            assert!(!counts("", "[sources.mine]\ntype = 'env'"));
            continue;
        }
        let [own, other] = samples(key).map(|value| format!("{name} = {value}"));
        let (alone, beside) = match key.trust {
            Trust::Anybody => (true, true),
            Trust::Trusted(_) | Trust::NoFile => (false, false),
            Trust::Limit | Trust::LimitAtTheTop | Trust::Tags => (true, false),
            Trust::Way | Trust::AsItsTable => panic!("`{name}` cannot be sorted so at the top"),
        };
        assert_eq!(counts("", &other), alone, "{name} where nobody else says it");
        assert_eq!(
            counts(&own, &other),
            beside,
            "{name} where the user's file says it"
        );
    }
}

#[test]
fn a_project_file_may_say_of_an_account_what_the_class_of_the_key_allows() {
    let account = |name: &str, text: &str| format!("[accounts.{name}]\n{text}\n");
    let target = "id = '111111111111'\nrole = 'deploy'\n";
    for key in ACCOUNT.keys() {
        let name = key.name;
        let [own, other] = samples(key).map(|value| format!("{name} = {value}"));
        let is_target = matches!(name, "id" | "role");
        // Of the user's own account nothing can be said otherwise.
        assert!(
            !counts(&account("prod", &own), &account("prod", &other)),
            "{name}"
        );
        // Of an account of its own a project file says what it likes, but for what sends a file of the user's away.
        let alone = if is_target {
            other.clone()
        } else {
            format!("{target}{other}")
        };
        let expected = !matches!(key.trust, Trust::Trusted(_));
        assert_eq!(counts("", &account("mine", &alone)), expected, "{name}");
        // The user's role under another name has all that shapes it.
        let harmless = key.trust == Trust::Anybody;
        if !is_target && expected {
            let user = account("prod", &format!("{target}{own}"));
            assert_eq!(counts(&user, &account("mine", target)), harmless, "{name}");
        }
    }
}

#[test]
fn a_role_of_the_users_own_is_no_way_for_a_project_to_an_account() {
    let hub = "[accounts.hub]\nid = '111111111111'\nrole = 'hub'\n";
    let mine = "[accounts.mine]\nid = '222222222222'\nrole = 'deploy'\nvia = 'hub'\n";
    assert!(counts("", &format!("{hub}{mine}")), "its own hub");
    assert_snapshot!(given().user(hub).project(mine).failure(), @"
    error: the project file may not reach accounts.mine through accounts.hub of the file below it
    hint: define the account in your own file
    hint: or, if you trust it, run `rolewrap trust`, which shows what it may do and asks
      from: DIR/project/rolewrap.toml:4
      from: DIR/home/rolewrap/config.toml:1
    ");
}

#[test]
fn the_classes_of_all_keys() {
    let listed = |keys: &[Key]| {
        let lines = keys.iter().map(|key| format!("{} = {:?}\n", key.name, key.trust));
        lines.collect::<String>()
    };
    assert_snapshot!(listed(FILE.keys()), @r#"
    iam_role = NoFile
    account = Anybody
    source = Limit
    region = Anybody
    duration = Anybody
    session_name = Limit
    external_id = LimitAtTheTop
    source_identity = Limit
    mfa_serial = Limit
    mfa_command = Trusted("name a command")
    mfa_variables = Trusted("keep variables from the command")
    mfa_vault = Trusted("say where MFA codes come from")
    mfa_duration = LimitAtTheTop
    delivery = Anybody
    hide_profiles = Limit
    policy = Limit
    policy_arns = Limit
    tags = Tags
    transitive_tags = Limit
    provided_contexts = Trusted("have a file of yours sent to AWS")
    terraform = Trusted("name a command")
    cache = Trusted("say how sessions are kept")
    sts = Trusted("name an address or a certificate")
    sources = Trusted("define a source")
    accounts = Anybody
    paths = Anybody
    "#);
    assert_snapshot!(listed(ACCOUNT.keys()), @r#"
    id = Anybody
    role = Anybody
    via = Way
    source = Limit
    region = Anybody
    duration = Anybody
    external_id = Limit
    session_name = Limit
    source_identity = Limit
    mfa_serial = Limit
    delivery = Anybody
    hide_profiles = Limit
    policy = Limit
    policy_arns = Limit
    tags = Tags
    transitive_tags = Tags
    provided_contexts = Trusted("have a file of yours sent to AWS")
    "#);
}
