use std::path::Path;

use insta::assert_snapshot;
use rolewrap_core::FixedEnvironment;

use super::given::given;
use crate::configuration::file::File;
use crate::configuration::layers::Layers;
use crate::configuration::places::UserFile;
use crate::configuration::table::variables;
use crate::configuration::{Layer, Places, WEB_IDENTITY_TOKENS};

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
    hint: each layer changes the keys that it names and keeps all others: remove what does not belong, or choose another name
      cause: unknown field `entry`
      from: system file DIR/etc.toml:2
      from: user file DIR/home/rolewrap/config.toml:1
    ");
}

#[test]
fn a_variable_of_ours_or_of_terragrunts_that_is_empty_is_refused() {
    let read = variables().flat_map(|(_, names)| names.iter().copied());
    let others = [
        "ROLEWRAP_CONFIG",
        "ROLEWRAP_MFA_TOKEN",
        "ROLEWRAP_NO_CACHE",
        "ROLEWRAP_NON_INTERACTIVE",
    ];
    for name in read.chain(WEB_IDENTITY_TOKENS).chain(others) {
        let of_aws = name.starts_with("AWS_") || name == "SSL_CERT_FILE";
        for value in ["", " \n"] {
            // Also where an option says the same.
            let given = given()
                .variable(name, value)
                .option("account", "--account", "dev");
            match given.load() {
                Ok(_) => assert!(of_aws, "{name} is taken for unset"),
                Err(error) => {
                    assert!(!of_aws, "{error}");
                    let said = format!("the variable {name} is set, and empty");
                    assert!(error.to_string().contains(&said), "{error}");
                }
            }
        }
    }
    for name in [
        "ROLEWRAP_KEEP_ENV",
        "ROLEWRAP_QUIET",
        "ROLEWRAP_VERBOSE",
        "ROLEWRAP_VERSION",
    ] {
        given().variable(name, "").load().unwrap();
    }
    assert_snapshot!(given().variable("ROLEWRAP_SOURCE_IDENTITY", "").failure(), @"
    error: the variable ROLEWRAP_SOURCE_IDENTITY is set, and empty
    hint: fill it, or unset it: unset ROLEWRAP_SOURCE_IDENTITY
      cause: it was meant to say something, and without it the command could run as somebody else, or do more
    ");
}

#[test]
fn an_empty_variable_that_names_the_users_own_file_is_refused() {
    for name in ["ROLEWRAP_CONFIG", "--config"] {
        let (option, variables) = match name {
            "--config" => (Some(" "), vec![]),
            _ => (None, vec![(name, "")]),
        };
        let environment: FixedEnvironment = variables.into_iter().collect();
        let places = Places::new(&environment, option, Path::new("/"), Path::new("/nowhere"));
        let message = places.unwrap_err().to_string();
        assert!(message.contains(name) && message.contains("empty"), "{message}");
    }
}

#[test]
fn an_option_or_a_part_of_a_list_that_is_empty_is_refused() {
    for (key, option) in [
        ("iam_role", "--iam-role"),
        ("account", "--account"),
        ("external_id", "--external-id"),
        ("mfa_serial", "--mfa-serial"),
        ("region", "--region"),
        ("tags", "--tag"),
        ("transitive_tags", "--transitive-tag"),
        ("policy_arns", "--policy-arn"),
    ] {
        for value in ["", " "] {
            let message = given().option(key, option, value).failure();
            assert!(
                message.contains(&format!("the option {option} is empty")),
                "{message}"
            );
        }
    }
    for (name, value) in [
        ("ROLEWRAP_TAG", ","),
        ("ROLEWRAP_TAG", "Stage=dev,"),
        ("ROLEWRAP_TAG", ",Stage=dev"),
        ("ROLEWRAP_TRANSITIVE_TAG", "a,,b"),
    ] {
        let message = given().variable(name, value).failure();
        assert!(
            message.contains(&format!("the variable {name} has an empty value in it")),
            "{message}"
        );
    }
    assert_snapshot!(given().option("tags", "--tag", "Stage=dev,").failure(), @"
    error: the option --tag has an empty value in it
    hint: fill it, or leave it out; where it comes from a variable of a script, that variable is not set
      cause: it was meant to say something, and without it the command could run as somebody else, or do more
    ");
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
fn an_empty_variable_of_aws_counts_as_not_set_and_white_space_is_removed() {
    let given = given()
        .variable("AWS_REGION", " ")
        .variable("AWS_DEFAULT_REGION", " eu-west-1\n");
    assert_eq!(
        given.load().unwrap().settings.region.as_deref(),
        Some("eu-west-1")
    );
}

#[test]
fn configured_endpoints_are_ignored_where_aws_is_told_to() {
    const SWITCH: &str = "AWS_IGNORE_CONFIGURED_ENDPOINT_URLS";
    const URL: &str = "http://127.0.0.1:1";
    let with = |value| given().variable("AWS_ENDPOINT_URL", URL).variable(SWITCH, value);
    let asked = |value| with(value).load().unwrap().settings.sts.endpoint_url;
    for value in ["true", "TRUE", "True", " true\n"] {
        assert_eq!(asked(value), None, "{value}");
    }
    for value in ["false", "FALSE", ""] {
        assert_eq!(asked(value).as_deref(), Some(URL), "{value}");
    }
    for value in ["1", "yes", "on", "0"] {
        let message = with(value).failure();
        let said = format!("the value of {SWITCH} is neither true nor false");
        assert!(message.contains(&said), "{message}");
    }
}

#[test]
fn a_file_that_was_named_has_to_exist() {
    let mut given = given();
    let environment = FixedEnvironment::default();
    let folder = given.folder.path().to_owned();
    given.places.user = Places::new(&environment, Some("missing.toml"), &folder, &folder)
        .unwrap()
        .user;
    assert_snapshot!(given.failure(), @"
    error: there is no configuration file DIR/missing.toml
    hint: correct the path, or leave it out to use the file that `rolewrap config path` shows
      from: option --config
    ");
}

#[test]
fn a_misspelt_variable_of_ours_is_refused() {
    assert_snapshot!(given().variable("ROLEWRAP_ACOUNT", "prod").failure(), @"
    error: unknown variable ROLEWRAP_ACOUNT
    hint: did you mean ROLEWRAP_ACCOUNT?
      cause: rolewrap reads no variable of that name, and does not guess what it was meant to say
    ");
    for (name, hint) in [
        ("ROLEWRAP_ROLE_ARN", "the role is named by ROLEWRAP_IAM_ROLE"),
        (
            "ROLEWRAP_PROFILE",
            "rolewrap reads no profiles; an account of the configuration is named by ROLEWRAP_ACCOUNT",
        ),
        (
            "ROLEWRAP_COLOUR",
            "unset ROLEWRAP_COLOUR; a variable for something else needs a name that does not begin with ROLEWRAP_",
        ),
        ("ROLEWRAP_REGIONS", "did you mean ROLEWRAP_REGION?"),
        // It is set by rolewrap, and nobody means it.
        (
            "ROLEWRAP_SESSIONS",
            "unset ROLEWRAP_SESSIONS; a variable for something else needs a name that does not begin with ROLEWRAP_",
        ),
    ] {
        let message = given().variable(name, "x").failure();
        assert!(message.contains(&format!("\nhint: {hint}\n")), "{message}");
    }
}

#[test]
fn a_job_may_name_the_version_that_it_installs() {
    given().variable("ROLEWRAP_VERSION", "v1").load().unwrap();
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
