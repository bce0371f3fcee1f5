use insta::assert_snapshot;

use super::given::given;

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
fn a_project_file_cannot_change_a_tag_of_all_accounts_or_add_one_to_an_account_of_the_users_own() {
    let own = "[tags]\nTeam = 'blue'\n[accounts.prod.tags]\nStage = 'prod'";
    let given_with = |project: &str| given().user(own).project(project);
    assert_snapshot!(given_with("[tags]\nteam = 'red'").failure(), @"
    error: the project file may not set tags.team, because the file below it sets tags.Team for all accounts
    hint: remove it from one of the two files, or make both say the same
    hint: or, if you trust it, run `rolewrap trust`, which shows what it may do and asks
      from: DIR/project/rolewrap.toml:2
      from: DIR/home/rolewrap/config.toml:2
    ");
    let failure = given_with("[accounts.mine.tags]\nTEAM = 'red'").failure();
    assert!(
        failure.contains("may not set accounts.mine.tags.TEAM"),
        "{failure}"
    );
    assert_snapshot!(given_with("tags = { Admin = 'yes' }").failure(), @"
    error: the project file may not set tags.Admin for all accounts, because the file below it sets tags
    hint: set it in the accounts of the project file that are to have it
    hint: or, if you trust it, run `rolewrap trust`, which shows what it may do and asks
      from: DIR/project/rolewrap.toml:1
      from: DIR/home/rolewrap/config.toml:1
    ");
    assert!(
        given_with("[accounts.mine.tags]\nAdmin = 'yes'\nTeam = 'blue'")
            .load()
            .is_ok()
    );
    assert!(given_with("tags = { Team = 'blue' }").load().is_ok());
}

/// An account of the user's own, reached through another one.
const WAY: &str = "[accounts.hub]\nid = '111111111111'\nrole = 'hub'
[accounts.prod]\nid = '222222222222'\nrole = 'deploy'\nvia = 'hub'";

/// What says of tags that there are to be these and no others.
const SAID: [&str; 3] = [
    "tags = { Team = 'blue' }",
    "tags = {}",
    "transitive_tags = ['Team']",
];

#[test]
fn a_project_file_says_nothing_about_tags_in_an_account_of_the_users_own_where_all_accounts_have_some() {
    let own = format!("tags = {{ Team = 'blue' }}\n{WAY}");
    let given_with = |project: &str| given().user(&own).project(project);
    assert_snapshot!(given_with("[accounts.hub]\ntags = {}").failure(), @"
    error: the project file may not set accounts.hub.tags, because the file below it sets tags for all accounts
    hint: remove it from the project file; what is to hold there is for the file below to say
    hint: or, if you trust it, run `rolewrap trust`, which shows what it may do and asks
      from: DIR/project/rolewrap.toml:2
      from: DIR/home/rolewrap/config.toml:1
    ");
    for name in ["hub", "prod"] {
        for added in [
            "tags = {}",
            "tags = { Admin = 'true' }",
            "transitive_tags = []",
            "transitive_tags = ['Team']",
        ] {
            let failure = given_with(&format!("[accounts.{name}]\n{added}")).failure();
            assert!(
                failure.contains(&format!("may not set accounts.{name}.")),
                "{failure}"
            );
        }
    }
    for added in [
        "tags = { Admin = 'true' }",
        "transitive_tags = ['Team']",
        "transitive_tags = []",
    ] {
        let failure = given_with(added).failure();
        assert!(
            failure.contains("for all accounts, because the file below it sets tags"),
            "{failure}"
        );
    }
}

#[test]
fn a_project_file_says_nothing_about_tags_in_what_leads_to_an_account_that_has_some() {
    for said in SAID {
        let own =
            format!("{WAY}\n{said}\n[accounts.deep]\nid = '333333333333'\nrole = 'deploy'\nvia = 'prod'");
        let given_with = |project: &str| given().user(&own).project(project);
        for added in [
            "tags = {}",
            "tags = { Admin = 'true' }\ntransitive_tags = ['Admin']",
            "transitive_tags = []",
        ] {
            let failure = given_with(&format!("[accounts.hub]\n{added}")).failure();
            assert!(
                failure.contains("may not set accounts.hub."),
                "{said}, {added}: {failure}"
            );
            assert!(
                failure.contains("prod is reached through hub"),
                "{said}, {added}: {failure}"
            );
            given_with(&format!("[accounts.deep]\n{added}")).load().unwrap();
        }
        let failure = given_with("transitive_tags = ['Admin']").failure();
        assert!(
            failure.contains("may not set transitive_tags for all accounts"),
            "{failure}"
        );
    }
    let own = format!("{WAY}\ntags = {{ Team = 'blue' }}");
    assert_snapshot!(given().user(&own).project("[accounts.hub]\ntags = { Admin = 'true' }").failure(), @"
    error: the project file may not set accounts.hub.tags, because the file below it sets accounts.prod.tags, and prod is reached through hub
    hint: remove it from the project file; what is to hold there is for the file below to say
    hint: or, if you trust it, run `rolewrap trust`, which shows what it may do and asks
      from: DIR/project/rolewrap.toml:2
      from: DIR/home/rolewrap/config.toml:8
    ");
}

#[test]
fn what_leads_to_an_account_of_the_users_own_and_stands_in_the_project_file_alone_has_no_tags_either() {
    let (hub, prod) = WAY.split_once("\n[accounts.prod]").unwrap();
    let own = format!("tags = {{ Team = 'blue' }}\n[accounts.prod]{prod}");
    let first = "via = 'first'\n[accounts.first]\nid = '444444444444'\nrole = 'first'";
    let given_with = |project: &str| given().user(&own).project(project);
    given_with(&format!("{hub}\n{first}")).load().unwrap();
    let failure = given_with(&format!("{hub}\n{first}\ntags = {{}}")).failure();
    assert!(failure.contains("may not set accounts.first.tags"), "{failure}");
}

#[test]
fn what_leads_to_an_account_has_the_session_name_that_is_said_there() {
    let own = format!("{WAY}\nsession_name = 'alice'");
    let given_with = |project: &str| given().user(&own).project(project);
    let failure = given_with("[accounts.hub]\nsession_name = 'bob'").failure();
    assert!(
        failure.contains("may not set accounts.hub.session_name"),
        "{failure}"
    );
    assert!(
        given()
            .user(WAY)
            .project("[accounts.hub]\nsession_name = 'bob'")
            .load()
            .is_ok()
    );
}

#[test]
fn a_projects_own_account_is_reached_through_none_of_the_users_own_whatever_its_tags() {
    let mine = |keys: &str| format!("[accounts.mine]\nid = '444444444444'\nrole = 'deploy'\n{keys}");
    let given_with = |project: &str| {
        given()
            .user(&format!("tags = {{ Team = 'blue' }}\n{WAY}"))
            .project(project)
    };
    let admin = "tags = { Admin = 'true' }";
    assert_snapshot!(given_with(&mine(&format!("via = 'hub'\n{admin}"))).failure(), @"
    error: the project file may not reach accounts.mine through accounts.hub of the file below it
    hint: define the account in your own file
    hint: or, if you trust it, run `rolewrap trust`, which shows what it may do and asks
      from: DIR/project/rolewrap.toml:4
      from: DIR/home/rolewrap/config.toml:2
    ");
    for keys in [
        "via = 'hub'",
        "via = 'hub'\ntags = { Team = 'blue' }",
        "via = 'hub'\ntransitive_tags = ['Team']",
    ] {
        let failure = given_with(&mine(keys)).failure();
        assert!(
            failure.contains("may not reach accounts.mine through"),
            "{failure}"
        );
    }
    for keys in [admin, "transitive_tags = ['Team']"] {
        given_with(&mine(keys)).load().unwrap();
    }
}

#[test]
fn an_account_of_the_project_that_others_are_reached_through_drops_no_tag_of_all_accounts() {
    let chain = |keys: &str| {
        format!(
            "[accounts.mine]\nid = '444444444444'\nrole = 'deploy'\nvia = 'other'\n[accounts.other]\nid = '555555555555'\nrole = 'deploy'\n{keys}"
        )
    };
    let given_with = |keys: &str| given().user("tags = { Team = 'blue' }").project(&chain(keys));
    assert_snapshot!(given_with("tags = {}").failure(), @"
    error: the project file may not set accounts.other.tags, because the file below it sets tags for all accounts, and mine is reached through other
    hint: remove it from the project file; what is to hold there is for the file below to say
    hint: or, if you trust it, run `rolewrap trust`, which shows what it may do and asks
      from: DIR/project/rolewrap.toml:8
      from: DIR/home/rolewrap/config.toml:1
    ");
    for keys in ["", "tags = { Team = 'blue' }", "transitive_tags = ['Team']"] {
        given_with(keys).load().unwrap();
    }
    given().project(&chain("tags = {}")).load().unwrap();
}

#[test]
fn another_name_for_an_account_of_the_users_own_adds_no_tags() {
    let own = format!("tags = {{ Team = 'blue' }}\n{WAY}");
    let mine = WAY
        .split_once("\n[accounts.prod]")
        .unwrap()
        .0
        .replace("accounts.hub", "accounts.mine");
    let given_with = |keys: &str| given().user(&own).project(&format!("{mine}\n{keys}"));
    assert_snapshot!(given_with("tags = { Admin = 'true' }").failure(), @"
    error: the project file may not give the role of accounts.hub another name, accounts.mine, because the file below it limits or shapes accounts.hub
    hint: choose hub in the project file in place of mine, or repeat in accounts.mine what accounts.hub has
    hint: or, if you trust it, run `rolewrap trust`, which shows what it may do and asks
      from: DIR/project/rolewrap.toml:1
      from: DIR/home/rolewrap/config.toml:2
      added: tags
    ");
    given_with("tags = { Team = 'blue' }").load().unwrap();
    given()
        .user(WAY)
        .project(&format!("{mine}\ntags = {{ Admin = 'true' }}"))
        .load()
        .unwrap();
}

#[test]
fn ways_that_lead_in_circles_come_to_an_end() {
    let circle = "[accounts.one]\nvia = 'other'\n[accounts.other]\nvia = 'one'\ntags = { Team = 'blue' }";
    given().user(circle).load().unwrap();
    let failure = given()
        .user(circle)
        .project("[accounts.one]\ntags = {}")
        .failure();
    assert!(failure.contains("may not set accounts.one.tags"), "{failure}");
    given()
        .user("tags = { Team = 'blue' }")
        .project(
            &circle
                .replace("tags = ", "transitive_tags = ['Team']\ntags = ")
                .replace("\ntags = { Team = 'blue' }", ""),
        )
        .load()
        .unwrap();
}
