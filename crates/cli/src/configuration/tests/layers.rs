use std::path::Path;

use insta::assert_snapshot;
use rolewrap_core::FixedEnvironment;

use super::given::given;
use crate::configuration::file::File;
use crate::configuration::layers::Layers;
use crate::configuration::places::UserFile;
use crate::configuration::{Layer, Places};

#[test]
fn each_layer_overrides_the_one_before_and_each_value_knows_its_own() {
    let mut given = given();
    assert_eq!(given.origin("terraform"), "built-in default");
    given = given.system("terraform = 'one'");
    assert_eq!(given.origin("terraform"), "system file DIR/etc.toml:1");
    given = given.user("# mine\nterraform = 'two'\nregion = 'eu-west-1'");
    assert_eq!(
        given.origin("terraform"),
        "user file DIR/home/rolewrap/config.toml:2"
    );
    given = given.project("region = 'us-east-1'");
    assert_eq!(given.origin("region"), "project file DIR/project/rolewrap.toml:1");
    given = given
        .variable("AWS_DEFAULT_REGION", "a")
        .variable("AWS_REGION", "b")
        .variable("TG_TF_PATH", "three");
    assert_eq!(given.origin("region"), "variable AWS_REGION");
    assert_eq!(given.origin("terraform"), "variable TG_TF_PATH");
    given = given.option("region", "--region", "c");
    assert_eq!(given.origin("region"), "option --region");
    let settings = given.load().unwrap().settings;
    assert_eq!(
        (settings.region.as_deref(), settings.terraform.as_deref()),
        (Some("c"), Some("three"))
    );
}

#[test]
fn the_built_in_defaults_are_those_of_the_file_that_describes_them() {
    let text = include_str!("../default.toml");
    let file = File::parse(Layer::BuiltIn, Path::new("default.toml"), text).unwrap();
    let mut layers = Layers::default();
    layers.file(file);
    assert_eq!(layers.merge().unwrap().values(), given().load().unwrap().values());
}

#[test]
fn a_tag_knows_its_layer_whatever_its_own_name_and_its_accounts_are() {
    let given = given()
        .user("[tags]\n'a.b' = 'x'\n[accounts.mytags.tags]\n'tags.a' = 'y'")
        .option("tags", "--tag", "c.d=z");
    assert_eq!(given.origin("tags.c.d"), "option --tag");
    let user = "user file DIR/home/rolewrap/config.toml";
    assert_eq!(given.origin("tags.a.b"), format!("{user}:2"));
    assert_eq!(given.origin("accounts.mytags.tags.tags.a"), format!("{user}:4"));
}

#[test]
fn the_keys_of_one_account_can_come_from_several_files() {
    let given = given()
        .user("[accounts.prod]\nid = '111111111111'")
        .project("[accounts.prod]\nid = '111111111111'\nrole = 'deploy'");
    let configuration = given.load().unwrap();
    let account = &configuration.settings.accounts["prod"];
    assert_eq!(account.id.as_deref(), Some("111111111111"));
    assert_eq!(account.role.as_deref(), Some("deploy"));
    assert_eq!(
        given.origin("accounts.prod.id"),
        "project file DIR/project/rolewrap.toml:2"
    );
    assert_eq!(
        given.origin("accounts.prod.role"),
        "project file DIR/project/rolewrap.toml:3"
    );
}

#[test]
fn layers_that_do_not_fit_together_are_all_named() {
    let given = given()
        .system("\n[sources.team]\ntype = 'keyring'\nentry = 'e'")
        .user("[sources.team]\ntype = 'process'\ncommand = ['op']");
    assert_snapshot!(given.failure(), @"
    error: the layers of the configuration do not fit together at `sources.team`
      cause: unknown field `entry`
      from: system file DIR/etc.toml:2
      from: user file DIR/home/rolewrap/config.toml:1
    hint: each layer changes the keys that it names and keeps all others: remove what does not belong, or choose another name
    ");
}

#[test]
fn a_variable_that_chooses_and_is_empty_is_refused() {
    for name in [
        "ROLEWRAP_ACCOUNT",
        "ROLEWRAP_IAM_ROLE",
        "ROLEWRAP_SOURCE",
        "TG_IAM_ASSUME_ROLE",
        "TERRAGRUNT_IAM_ROLE",
    ] {
        let message = given().variable(name, " ").failure();
        assert!(
            message.contains(&format!("the variable {name} is set, and empty")),
            "{message}"
        );
    }
}

#[test]
fn values_of_variables_stay_text() {
    let given = given()
        .variable("ROLEWRAP_EXTERNAL_ID", "0012345")
        .variable("ROLEWRAP_ACCOUNT", "true");
    let settings = given.load().unwrap().settings;
    assert_eq!(settings.external_id.as_deref(), Some("0012345"));
    assert_eq!(settings.account.as_deref(), Some("true"));
}

#[test]
fn an_empty_variable_counts_as_not_set_and_white_space_is_removed() {
    let given = given()
        .variable("ROLEWRAP_REGION", " ")
        .variable("AWS_REGION", " eu-west-1\n");
    assert_eq!(
        given.load().unwrap().settings.region.as_deref(),
        Some("eu-west-1")
    );
}

#[test]
fn configured_endpoints_are_ignored_where_aws_is_told_to() {
    let given = given()
        .variable("AWS_ENDPOINT_URL", "http://127.0.0.1:1")
        .variable("AWS_IGNORE_CONFIGURED_ENDPOINT_URLS", "true");
    assert_eq!(given.load().unwrap().settings.sts.endpoint_url, None);
}

#[test]
fn a_file_that_was_named_has_to_exist() {
    let mut given = given();
    let environment = FixedEnvironment::default();
    let folder = given.folder.path().to_owned();
    given.places.user = Places::new(&environment, Some("missing.toml"), &folder, &folder)
        .unwrap()
        .user;
    assert_snapshot!(given.failure(), @r"
    error: there is no configuration file DIR/missing.toml
      from: option --config
    hint: correct the path, or leave it out to use the file that `rolewrap config path` shows
    ");
}

#[test]
fn a_misspelt_variable_of_ours_is_refused() {
    assert_snapshot!(given().variable("ROLEWRAP_ACOUNT", "prod").failure(), @r"
    error: unknown variable ROLEWRAP_ACOUNT
      cause: rolewrap reads no variable of that name, and does not guess what it was meant to say
    hint: did you mean ROLEWRAP_ACCOUNT?
    ");
    for (name, hint) in [
        ("ROLEWRAP_ROLE_ARN", "the role is named by ROLEWRAP_IAM_ROLE"),
        (
            "ROLEWRAP_PROFILE",
            "rolewrap reads no profiles; an account of the configuration is named by ROLEWRAP_ACCOUNT",
        ),
        ("ROLEWRAP_COLOUR", "unset ROLEWRAP_COLOUR"),
    ] {
        let message = given().variable(name, "x").failure();
        assert!(message.ends_with(&format!("hint: {hint}\n")), "{message}");
    }
}

#[test]
fn a_relative_xdg_folder_is_ignored() {
    let environment: FixedEnvironment = [("XDG_CONFIG_HOME", "relative"), ("HOME", "/home/alice")]
        .into_iter()
        .collect();
    let places = Places::new(&environment, None, Path::new("/"), Path::new("/nowhere")).unwrap();
    let path = places.user.map(|user: UserFile| user.path).unwrap();
    assert!(path.starts_with("/home/alice"), "{path:?}");
}
