use std::path::PathBuf;

use insta::assert_snapshot;

use super::given::given;
use crate::configuration::project;

#[test]
fn a_project_file_cannot_change_what_an_account_of_the_users_own_is() {
    let given = given()
        .user("[accounts.prod]\nid = '111111111111'\nexternal_id = 'x1'")
        .project("[accounts.prod]\nid = '666666666666'");
    assert_snapshot!(given.failure(), @"
    error: the project file says something else about accounts.prod.id than the file below it
      from: DIR/project/rolewrap.toml:2
      from: DIR/home/rolewrap/config.toml:2
    hint: rename one of the two accounts, or make both say the same
    ");
}

#[test]
fn a_project_file_leads_to_its_own_accounts_through_others_and_to_no_other() {
    let own = "[accounts.hub]\nid = '111111111111'\nrole = 'hub'";
    let added = "[accounts.mine]\nid = '222222222222'\nrole = 'deploy'\nvia = 'hub'";
    let loaded = given().user(own).project(added).load().unwrap();
    assert_eq!(loaded.settings.accounts["mine"].via.as_deref(), Some("hub"));
    let given = given()
        .user(own)
        .project(&format!("[accounts.hub]\nvia = 'mine'\n{added}"));
    assert_snapshot!(given.failure(), @"
    error: the project file may not add accounts.hub.via to an account of the file below it
      from: DIR/project/rolewrap.toml:2
      from: DIR/home/rolewrap/config.toml:1
    hint: rename one of the two accounts, or make both say the same
    ");
}

#[test]
fn a_project_file_cannot_lift_a_limit_that_the_users_own_file_sets_for_all_accounts() {
    let limit = "policy_arns = ['arn:aws:iam::aws:policy/ReadOnlyAccess']";
    let given_with = |project: &str| given().user(limit).project(project);
    assert_snapshot!(given_with("[accounts.mine]\npolicy_arns = []").failure(), @"
    error: the project file may not set accounts.mine.policy_arns, because the file below it sets policy_arns for all accounts
      from: DIR/project/rolewrap.toml:2
      from: DIR/home/rolewrap/config.toml:1
    hint: remove it from the project file, or make both say the same
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
fn a_project_file_cannot_add_to_the_tags_of_an_account_of_the_users_own() {
    let own = "[accounts.prod.tags]\nTeam = 'blue'";
    let given = given().user(own).project("[accounts.prod.tags]\nAdmin = 'yes'");
    assert!(
        given
            .failure()
            .contains("says something else about accounts.prod.tags")
    );
}

#[test]
fn a_link_that_leads_nowhere_is_not_the_same_as_no_file() {
    let mut given = given();
    let link = given.folder.path().join("rolewrap.toml");
    std::os::unix::fs::symlink("/nonexistent/rolewrap.toml", &link).unwrap();
    assert_eq!(project::find(given.folder.path()), Some(link.clone()));
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
    assert!(given.failure().contains("it is no regular file"));
}

#[test]
fn a_project_file_may_not_define_a_source_or_name_a_command_an_address_or_a_certificate() {
    for (text, what) in [
        ("[sources.mine]\ntype = 'env'", "may not define a source"),
        ("terraform = './evil'", "may not name a command"),
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
    given.file("repository/.git/HEAD", "");
    given.file("repository/live/prod/main.tf", "");
    let (folder, repository) = (given.folder.path(), given.folder.path().join("repository"));
    assert_eq!(project::find(&repository.join("live/prod")), None);
    given.file("repository/rolewrap.toml", "");
    assert_eq!(
        project::find(&repository.join("live/prod")),
        Some(repository.join("rolewrap.toml"))
    );
    assert_eq!(project::find(folder), Some(folder.join("rolewrap.toml")));
}

#[test]
fn a_project_file_cannot_put_a_policy_of_its_own_in_the_place_of_one_of_the_same_name() {
    for own in ["policy = 'limit.json'", "[accounts.prod]\npolicy = 'limit.json'"] {
        let failure = given().user(own).project(own).failure();
        assert!(failure.contains("policy"), "{failure}");
    }
}
