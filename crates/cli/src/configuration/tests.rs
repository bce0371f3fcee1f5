use insta::assert_snapshot;
use rolewrap_core::FixedEnvironment;
use tempfile::TempDir;

use super::places::UserFile;
use super::shape::Shape;
use super::*;

/// Three files in a folder of their own, and what else is merged.
struct Given {
    folder: TempDir,
    places: Places,
    variables: Vec<(&'static str, &'static str)>,
    options: Vec<(&'static str, &'static str, String)>,
}

fn given() -> Given {
    let folder = TempDir::new().unwrap();
    let places = Places {
        system: None,
        user: None,
        project: None,
    };
    Given {
        folder,
        places,
        variables: Vec::new(),
        options: Vec::new(),
    }
}

impl Given {
    fn file(&self, name: &str, text: &str) -> PathBuf {
        let path = self.folder.path().join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(&path, text).unwrap();
        path
    }

    fn system(mut self, text: &str) -> Self {
        self.places.system = Some(self.file("etc.toml", text));
        self
    }

    fn user(mut self, text: &str) -> Self {
        let home = self.folder.path().join("home");
        let environment: FixedEnvironment = [("XDG_CONFIG_HOME", home.as_os_str())].into_iter().collect();
        self.file("home/rolewrap/config.toml", text);
        self.places.user = Places::new(&environment, None, Path::new("/"), Path::new("/nowhere"))
            .unwrap()
            .user;
        self
    }

    fn project(mut self, text: &str) -> Self {
        self.places.project = Some(self.file("project/rolewrap.toml", text));
        self
    }

    fn variable(mut self, name: &'static str, value: &'static str) -> Self {
        self.variables.push((name, value));
        self
    }

    fn option(mut self, key: &'static str, name: &'static str, value: &str) -> Self {
        self.options.push((key, name, value.to_owned()));
        self
    }

    fn load(&self) -> Result<Configuration, Error> {
        let environment: FixedEnvironment = self.variables.iter().copied().collect();
        Configuration::load(&environment, &self.places, &self.options)
    }

    fn failure(&self) -> String {
        self.shown(&self.load().unwrap_err().to_string())
    }

    fn origin(&self, key: &str) -> String {
        self.shown(&self.load().unwrap().origin(key).to_string())
    }

    fn shown(&self, text: &str) -> String {
        text.replace(&*self.folder.path().to_string_lossy(), "DIR")
    }
}

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
fn a_variable_of_ours_that_chooses_and_is_empty_is_refused() {
    for name in ["ROLEWRAP_ACCOUNT", "ROLEWRAP_IAM_ROLE", "ROLEWRAP_SOURCE"] {
        let message = given().variable(name, " ").failure();
        assert!(
            message.contains(&format!("the variable {name} is set, and empty")),
            "{message}"
        );
    }
}

#[test]
fn what_stands_in_a_file_by_mistake_is_not_repeated() {
    for text in [
        "[accounts.dev]\nsecret_access_key = 'canary'",
        "aws_secret_access_key = canary",
        "canary",
        "[sts]\nuse_fips = 'canary'\nendpoint_url = ['canary']",
        "sts = 'canary'",
        "[sources.x]\ntype = 'env'\npassword = 'canary'",
    ] {
        let message = given().user(text).failure();
        assert!(!message.contains("canary"), "{message}");
        assert!(message.contains("config.toml:"), "{message}");
    }
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
fn a_file_without_end_is_not_read_to_its_end() {
    let given = given().user(&"#\n".repeat(600_000));
    assert!(given.failure().contains("longer than 1 MiB"));
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
fn an_unknown_key_is_shown_with_its_line_and_the_nearest_known_key() {
    let message = given()
        .user("region = 'eu-west-1'\n\n[accounts.prod]\nexternalid = 'x'\n")
        .failure();
    assert_snapshot!(message, @"
    error: unknown key `accounts.prod.externalid` in DIR/home/rolewrap/config.toml
      --> DIR/home/rolewrap/config.toml:4:1
       |
     4 | externalid = …
       | ^^^^^^^^^^
    hint: did you mean `external_id`?
    ");
}

#[test]
fn all_unknown_keys_of_a_file_are_shown_at_once() {
    let message = given()
        .user("acount = 'dev'\n[[paths]]\nmatsch = '**'\naccount = 'dev'\n")
        .failure();
    assert!(
        message.contains("did you mean `account`?") && message.contains("did you mean `match`?"),
        "{message}"
    );
    assert!(
        message.starts_with("error: unknown key `acount` and 1 more in"),
        "{message}"
    );
}

#[test]
fn a_role_in_a_file_is_pointed_to_the_accounts() {
    let message = given()
        .user("iam_role = 'arn:aws:iam::123456789012:role/deploy'")
        .failure();
    assert!(message.contains("[accounts.NAME] with id and role"), "{message}");
}

#[test]
fn broken_toml_is_shown_with_its_line() {
    let message = given()
        .project("region = 'eu-west-1'\naccount = prod\n")
        .failure();
    assert!(
        message.starts_with("error: DIR/project/rolewrap.toml is not valid TOML\n"),
        "{message}"
    );
    assert!(message.contains("rolewrap.toml:2:"), "{message}");
    assert!(message.contains("account = …"), "{message}");
}

#[test]
fn a_number_where_text_is_needed_is_shown_with_how_to_write_it() {
    let message = given().user("[accounts.prod]\nid = 123456789012").failure();
    assert_snapshot!(message, @r#"
    error: a value in DIR/home/rolewrap/config.toml has the wrong type
      --> DIR/home/rolewrap/config.toml:2:6
       |
     2 | id = 123456789012
       |      ^^^^^^^^^^^^
      cause: invalid type: integer `123456789012`, expected a string
    hint: write it in quotes: "123456789012"
    "#);
}

#[test]
fn an_unknown_type_of_source_names_the_known_ones() {
    let message = given().user("[sources.team]\ntype = 'xyz'").failure();
    assert!(
        message.contains("unknown source type `xyz`")
            && message.contains("the types are env, keyring, process, vault"),
        "{message}"
    );
    let message = given().user("[sources.team]\ntype = 'valt'").failure();
    assert!(message.contains("did you mean `vault`?"), "{message}");
    let message = given()
        .user("[sources.team]\ntype = 'vault'\nauth = { method = 'app-role' }")
        .failure();
    assert!(
        message.contains("unknown login method `app-role`") && message.contains("did you mean `approle`?"),
        "{message}"
    );
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
fn a_relative_xdg_folder_is_ignored() {
    let environment: FixedEnvironment = [("XDG_CONFIG_HOME", "relative"), ("HOME", "/home/alice")]
        .into_iter()
        .collect();
    let places = Places::new(&environment, None, Path::new("/"), Path::new("/nowhere")).unwrap();
    let path = places.user.map(|user: UserFile| user.path).unwrap();
    assert!(path.starts_with("/home/alice"), "{path:?}");
}

/// The schema is made from the serde types, so this also holds the table of known keys against them.
#[test]
fn the_committed_schema_and_the_known_keys_are_those_of_the_types() {
    let mut schema = schemars::schema_for!(Settings);
    schema.insert("title".to_owned(), "rolewrap configuration".into());
    let made = format!("{:#}\n", schema.as_value());
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/configuration/schema.json");
    #[expect(clippy::disallowed_methods, reason = "how a developer asks for a new file")]
    if std::env::var_os("UPDATE_SCHEMA").is_some() {
        std::fs::write(&path, &made).unwrap();
    }
    assert_eq!(
        SCHEMA, made,
        "run the tests with UPDATE_SCHEMA=1 to write it anew"
    );

    let keys = |schema: &serde_json::Value| -> Vec<String> {
        let mut keys: Vec<_> = schema["properties"]
            .as_object()
            .unwrap()
            .keys()
            .cloned()
            .collect();
        keys.sort();
        keys
    };
    let definition = |name: &str| &schema.as_value()["$defs"][name];
    assert_eq!(known(&shape::FILE), keys(schema.as_value()));
    let Shape::Table(top) = &shape::FILE else {
        panic!("a file is a table")
    };
    for (key, shape) in *top {
        match (key, shape) {
            (_, Shape::Value) => {}
            (&"sts", shape) => assert_eq!(known(shape), keys(definition("StsSection")), "sts"),
            (&"accounts", Shape::Named(shape)) => {
                assert_eq!(known(shape), keys(definition("AccountSection")));
            }
            (&"paths", Shape::List(shape)) => assert_eq!(known(shape), keys(definition("PathRule"))),
            (&"sources", Shape::Named(Shape::Tagged(tagged))) => {
                check_kinds(schema.as_value(), tagged, definition("SourceSection"), &keys);
            }
            other => panic!("{other:?} is not checked"),
        }
    }
}

fn check_kinds(
    schema: &serde_json::Value,
    tagged: &shape::Tagged,
    definition: &serde_json::Value,
    keys: &dyn Fn(&serde_json::Value) -> Vec<String>,
) {
    let variants = definition["oneOf"].as_array().unwrap();
    assert_eq!(tagged.kinds.len(), variants.len(), "{}", tagged.what);
    for ((kind, shape), variant) in tagged.kinds.iter().zip(variants) {
        assert_eq!(variant["properties"][tagged.key]["const"], *kind);
        assert_eq!(known(shape), keys(variant), "{} {kind}", tagged.what);
        if *kind == "vault" {
            check_vault(schema, shape, keys);
        }
    }
}

fn check_vault(schema: &serde_json::Value, shape: &Shape, keys: &dyn Fn(&serde_json::Value) -> Vec<String>) {
    let Shape::Table(table) = shape else {
        panic!("a source is a table")
    };
    for (key, shape) in *table {
        match (key, shape) {
            (_, Shape::Value) => {}
            (&"fields", shape) => {
                assert_eq!(
                    known(shape),
                    keys(&schema["$defs"]["VaultFieldsSection"]),
                    "fields"
                );
            }
            (&"auth", Shape::Tagged(tagged)) => {
                check_kinds(schema, tagged, &schema["$defs"]["VaultAuthSection"], keys);
            }
            other => panic!("{other:?} is not checked"),
        }
    }
}

fn known(shape: &Shape) -> Vec<String> {
    let Shape::Table(keys) = shape else {
        panic!("{shape:?} is no table")
    };
    let mut keys: Vec<String> = keys.iter().map(|(key, _)| (*key).to_owned()).collect();
    keys.sort();
    keys
}
