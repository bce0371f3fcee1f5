use std::path::{Path, PathBuf};

use insta::assert_snapshot;
use rolewrap_core::{FixedEnvironment, RegularFile};

use super::given::given;
use crate::configuration::{Places, make_repository, project, project_owner};

#[test]
fn a_project_file_cannot_change_what_an_account_of_the_users_own_is() {
    let given = given()
        .user("[accounts.prod]\nid = '111111111111'\nexternal_id = 'x1'")
        .project("[accounts.prod]\nid = '666666666666'");
    assert_snapshot!(given.failure(), @"
    error: the project file says something else about accounts.prod.id than the file below it
    hint: rename one of the two accounts, or make both say the same
    hint: or, if you trust it, run `rolewrap trust`, which shows what it may do and asks
      from: DIR/project/rolewrap.toml:2
      from: DIR/home/rolewrap/config.toml:2
    ");
}

#[test]
fn a_project_file_leads_to_its_own_accounts_through_its_own_and_to_no_other() {
    let own = "[accounts.hub]\nid = '111111111111'\nrole = 'hub'";
    let added = "[accounts.mine]\nid = '222222222222'\nrole = 'deploy'\nvia = 'hub'";
    let loaded = given().project(&format!("{own}\n{added}")).load().unwrap();
    assert_eq!(loaded.settings.accounts["mine"].via.as_deref(), Some("hub"));
    let given = given()
        .user(own)
        .project(&format!("[accounts.hub]\nvia = 'mine'\n{added}"));
    assert_snapshot!(given.failure(), @"
    error: the project file may not add accounts.hub.via to an account of the file below it
    hint: rename one of the two accounts, or make both say the same
    hint: or, if you trust it, run `rolewrap trust`, which shows what it may do and asks
      from: DIR/project/rolewrap.toml:2
      from: DIR/home/rolewrap/config.toml:1
    ");
}

#[test]
fn a_project_file_cannot_lift_a_limit_that_the_users_own_file_sets_for_all_accounts() {
    let limit = "policy_arns = ['arn:aws:iam::aws:policy/ReadOnlyAccess']";
    let given_with = |project: &str| given().user(limit).project(project);
    assert_snapshot!(given_with("[accounts.mine]\npolicy_arns = []").failure(), @"
    error: the project file may not set accounts.mine.policy_arns, because the file below it sets policy_arns for all accounts
    hint: remove it from one of the two files, or make both say the same
    hint: or, if you trust it, run `rolewrap trust`, which shows what it may do and asks
      from: DIR/project/rolewrap.toml:2
      from: DIR/home/rolewrap/config.toml:1
    ");
    assert!(
        given_with("policy_arns = []")
            .failure()
            .contains("may not set policy_arns")
    );
    assert!(given_with(limit).load().is_ok());
    assert!(
        given_with("policy = '{}'").load().is_ok(),
        "one more is a narrower session"
    );
    assert!(given().project("policy_arns = []").load().is_ok());
}

#[test]
fn a_link_that_leads_nowhere_is_not_the_same_as_no_file() {
    let mut given = given();
    let link = given.folder.path().join("rolewrap.toml");
    std::os::unix::fs::symlink("/nonexistent/rolewrap.toml", &link).unwrap();
    assert_eq!(project::find(given.folder.path()).unwrap(), Some(link.clone()));
    given.places.project = Some(link);
    assert!(
        given
            .failure()
            .contains("cannot read the project file DIR/rolewrap.toml")
    );
}

#[test]
fn a_project_file_that_is_no_regular_file_is_not_opened() {
    let mut given = given();
    given.places.project = Some(PathBuf::from("/dev/zero"));
    assert!(given.failure().contains("it is not a regular file"));
}

#[test]
fn a_project_file_that_is_exchanged_after_it_was_opened_is_refused() {
    let given = given();
    let path = given.file("rolewrap.toml", "");
    let opened = RegularFile::open(&path).unwrap();
    project_owner::refuse_foreign_owner(&path, &opened).unwrap();
    std::fs::remove_file(&path).unwrap();
    std::os::unix::fs::symlink(given.file("other.toml", ""), &path).unwrap();
    let error = project_owner::refuse_foreign_owner(&path, &opened).unwrap_err();
    assert!(
        error.to_string().contains("was replaced while it was read"),
        "{error}"
    );
}

#[test]
fn a_project_file_may_not_define_a_source_or_name_a_command_an_address_or_a_certificate() {
    for (text, what) in [
        ("[sources.mine]\ntype = 'env'", "may not define a source"),
        ("terraform = '/opt/evil'", "may not name a command"),
        (
            "[sts]\nendpoint_url = 'http://evil'",
            "may not name an address or a certificate",
        ),
        (
            "sts.ca_bundle = 'evil.pem'",
            "may not name an address or a certificate",
        ),
        (
            "provided_contexts = [{ provider = 'arn', assertion_file = '/home/you/key' }]",
            "may not have a file of yours sent to AWS",
        ),
        (
            "[[accounts.dev.provided_contexts]]\nprovider = 'arn'\nassertion_file = '/home/you/key'",
            "may not have a file of yours sent to AWS",
        ),
    ] {
        let message = given().project(text).failure();
        assert!(message.contains(what), "{text}: {message}");
        assert!(message.contains("arrives with a clone"), "{message}");
        assert!(
            given().user(text).load().is_ok(),
            "the user's own file may: {text}"
        );
    }
}

#[test]
fn what_a_hostile_file_says_cannot_reach_the_terminal_as_commands() {
    let message = given().project("\"\\u001b[2Jx\" = 1\n# \u{1b}[2J").failure();
    assert!(!message.contains('\u{1b}'), "{message:?}");
}

#[test]
fn the_project_file_is_found_upwards_and_not_beyond_the_repository() {
    let given = given();
    given.file("rolewrap.toml", "");
    make_repository(&given.folder.path().join("repository"));
    given.file("repository/live/prod/main.tf", "");
    let (folder, repository) = (given.folder.path(), given.folder.path().join("repository"));
    let find = |directory: &Path| project::find(directory).unwrap();
    assert_eq!(find(&repository.join("live/prod")), None);
    given.file("repository/rolewrap.toml", "");
    assert_eq!(
        find(&repository.join("live/prod")),
        Some(repository.join("rolewrap.toml"))
    );
    assert_eq!(find(folder), Some(folder.join("rolewrap.toml")));
}

#[cfg(unix)]
#[test]
fn a_file_above_what_may_be_the_root_of_a_repository_does_not_count_silently() {
    let given = given();
    given.file("shared/repository/live/main.tf", "");
    let repository = given.folder.path().join("shared/repository");
    let live = repository.join("live");
    std::os::unix::fs::symlink("/nonexistent/git", repository.join(".git")).unwrap();
    assert_eq!(project::find(&live).unwrap(), None);
    given.file("shared/rolewrap.toml", "");
    let error = project::find(&live).unwrap_err().to_string();
    assert_snapshot!(given.shown(&error), @"
    error: cannot tell whether DIR/shared/rolewrap.toml counts here
    hint: mend it, or remove it where no repository begins there
      cause: DIR/shared/repository/.git leads to no repository: where one begins there, a file above it does not count
    ");
    let own = given.file("shared/repository/rolewrap.toml", "");
    assert_eq!(project::find(&live).unwrap(), Some(own));
}

#[test]
fn a_project_file_cannot_put_a_policy_of_its_own_in_the_place_of_one_of_the_same_name() {
    for own in ["policy = 'limit.json'", "[accounts.prod]\npolicy = 'limit.json'"] {
        let failure = given().user(own).project(own).failure();
        assert!(failure.contains("policy"), "{failure}");
    }
}

#[test]
fn a_project_file_cannot_say_otherwise_who_acts_in_all_accounts() {
    for (own, other) in [
        ("source = 'one'", "source = 'other'"),
        ("session_name = '{user}'", "session_name = 'bob'"),
        ("source_identity = '{user}'", "source_identity = 'bob'"),
        ("mfa_serial = 'GAHT12345678'", "mfa_serial = 'GAHT99999999'"),
        ("transitive_tags = ['Team']", "transitive_tags = []"),
        ("policy = '{}'", "policy = '{ }'"),
    ] {
        let (limit, _) = own.split_once(' ').unwrap();
        let failure = given().user(own).project(other).failure();
        assert!(
            failure.contains(&format!("may not set {limit}, because")),
            "{failure}"
        );
        let of_account = format!("[accounts.mine]\n{other}");
        let failure = given().user(own).project(&of_account).failure();
        assert!(
            failure.contains(&format!("may not set accounts.mine.{limit}, because")),
            "{failure}"
        );
        assert!(given().user(own).project(own).load().is_ok(), "both say {own}");
        assert!(given().project(other).load().is_ok(), "nobody else says {other}");
    }
}

#[test]
fn a_project_file_shapes_its_own_work_where_no_identity_depends_on_it() {
    let own = "region = 'eu-west-1'\nduration = '1h'\ndelivery = 'env'\nexternal_id = 'x1'\naccount = 'mine'
[accounts.mine]\nid = '111111111111'\nrole = 'deploy'";
    let project = "region = 'us-east-1'\nduration = '2h'\ndelivery = 'endpoint'\naccount = 'theirs'
[accounts.theirs]\nid = '222222222222'\nrole = 'deploy'\nexternal_id = 'x2'";
    let settings = given().user(own).project(project).load().unwrap().settings;
    assert_eq!(settings.region.as_deref(), Some("us-east-1"));
    assert_eq!(settings.account.as_deref(), Some("theirs"));
    for (own, other) in [
        ("external_id = 'x1'", "external_id = 'x2'"),
        ("mfa_duration = '1h'", "mfa_duration = '36h'"),
    ] {
        assert!(
            given()
                .user(own)
                .project(other)
                .failure()
                .contains("for all accounts")
        );
    }
}

const PROD: &str = "[accounts.prod]\nid = '111111111111'\nrole = 'team/deploy'";

#[test]
fn a_project_file_cannot_reach_a_role_of_the_users_own_without_its_limits_by_another_name() {
    let own = format!("{PROD}\nmfa_serial = 'GAHT12345678'\npolicy = '{{}}'");
    let given_with = |project: &str| given().user(&own).project(project);
    assert_snapshot!(given_with("[accounts.mine]\nid = '111111111111'\nrole = 'team/deploy'").failure(), @"
    error: the project file may not give the role of accounts.prod another name, accounts.mine, because the file below it limits or shapes accounts.prod
    hint: choose prod in the project file in place of mine, or repeat in accounts.mine what accounts.prod has
    hint: or, if you trust it, run `rolewrap trust`, which shows what it may do and asks
      from: DIR/project/rolewrap.toml:1
      from: DIR/home/rolewrap/config.toml:4
      not repeated: mfa_serial, policy
    ");
    for other in [
        "[accounts.mine]\nrole = 'arn:aws:iam::111111111111:role/team/deploy'",
        "[accounts.mine]\nid = '111111111111'\nrole = 'Deploy'",
        "[accounts.mine]\nid = '111111111111'",
        "[accounts.mine]\nid = '111111111111'\nrole = 'deploy'\npolicy = '{}'",
        "[accounts.mine]\nid = '111111111111'\nrole = 'deploy'\npolicy = '{}'\nmfa_serial = 'GAHT99999999'",
    ] {
        let failure = given_with(other).failure();
        assert!(
            failure.contains("the role of accounts.prod another name"),
            "{other}: {failure}"
        );
    }
    for other in [
        "[accounts.mine]\nid = '111111111111'\nrole = 'team/deploy'\npolicy = '{}'\nmfa_serial = 'GAHT12345678'",
        "[accounts.mine]\nid = '111111111111'\nrole = 'other'",
        "[accounts.mine]\nid = '222222222222'\nrole = 'team/deploy'",
        "account = 'prod'",
        "[accounts.prod]\nregion = 'eu-west-1'",
    ] {
        assert!(given_with(other).load().is_ok(), "{other}");
    }
}

#[test]
fn another_name_takes_nothing_away_where_the_users_own_file_has_the_role_without_limits() {
    let limited = format!("{}\npolicy = '{{}}'", PROD.replace("prod", "prod-read"));
    let mine = PROD.replace("prod", "mine");
    assert!(given().user(PROD).project(&mine).load().is_ok());
    assert!(
        given()
            .user(&format!("{PROD}\n{limited}"))
            .project(&mine)
            .load()
            .is_ok()
    );
    assert!(given().user(&limited).project(&mine).load().is_err());
}

#[test]
fn an_account_of_the_users_own_that_has_no_role_cannot_become_another_name() {
    let own = format!("{PROD}\npolicy = '{{}}'\n[accounts.blank]\nregion = 'eu-west-1'");
    let failure = given()
        .user(&own)
        .project(&PROD.replace("prod", "blank"))
        .failure();
    assert!(failure.contains("another name, accounts.blank"), "{failure}");
    let named = "[accounts.prod]\npolicy = '{}'";
    let project = format!("{PROD}\n{}", PROD.replace("prod", "mine"));
    let failure = given().user(named).project(&project).failure();
    assert!(failure.contains("another name, accounts.mine"), "{failure}");
}

#[test]
fn a_file_that_is_read_twice_changes_nothing() {
    let text = "policy = 'limit.json'\nsource_identity = 'alice'\ntags = { Team = 'blue' }
[accounts.prod]\nid = '111111111111'\nrole = 'deploy'\npolicy = 'own.json'\ntags = { Stage = 'prod' }
[accounts.prod-any]\nid = '111111111111'\nmfa_serial = 'GAHT12345678'";
    let mut given = given().project(text);
    let project = given.places.project.clone().unwrap();
    let environment = FixedEnvironment::default();
    let named = Some("project/../project/rolewrap.toml");
    given.places.user = Places::new(&environment, named, given.folder.path(), Path::new("/nowhere"))
        .unwrap()
        .user;
    given.load().unwrap();
    std::fs::write(project, format!("policy_arns = []\n{text}")).unwrap();
    given.load().unwrap();
}
