mod chained_tags;
mod chains;
mod parameters;

use std::path::{Path, PathBuf};

use tempfile::TempDir;

use super::*;
use crate::configuration::Places;
use crate::host::work_directory::WorkDirectory;
use crate::tests::system;

const DEPLOY: &str = "arn:aws:iam::123456789012:role/deploy";

const FILE: &str = r#"
account = "dev"

[accounts.dev]
id = "111111111111"
role = "deploy"
region = "eu-west-1"

[accounts.prod]
id = "222222222222"
role = "team/deploy"
external_id = "0012345"
duration = 1800
session_name = "{user}-prod"
source = ["env"]

[accounts.china]
id = "333333333333"
role = "deploy"
region = "cn-north-1"

[accounts.empty]

[[paths]]
match = "live/prod/**"
account = "prod"

[[paths]]
match = "live/*"
account = "china"
"#;

struct Given {
    folder: TempDir,
    variables: Vec<(&'static str, &'static str)>,
    options: Vec<(&'static str, &'static str, String)>,
    directory: &'static str,
}

fn given(text: &str) -> Given {
    let folder = TempDir::new().unwrap();
    crate::configuration::make_repository(folder.path());
    std::fs::write(folder.path().join("rolewrap.toml"), text).unwrap();
    Given {
        folder,
        variables: Vec::new(),
        options: Vec::new(),
        directory: "",
    }
}

impl Given {
    fn option(mut self, key: &'static str, name: &'static str, value: &str) -> Self {
        self.options.push((key, name, value.to_owned()));
        self
    }

    fn variable(mut self, name: &'static str, value: &'static str) -> Self {
        self.variables.push((name, value));
        self
    }

    fn directory(mut self, directory: &'static str) -> Self {
        self.directory = directory;
        self
    }

    fn plan(&self) -> Result<Plan, Error> {
        let system = system(&self.variables);
        let directory: PathBuf = self.folder.path().join(self.directory);
        let places = Places {
            system: None,
            ..Places::new(&*system.environment, None, Path::new("/"), &directory)?
        };
        let configuration = Configuration::load(&*system.environment, &places, &self.options)?;
        let selection = select(&configuration, &WorkDirectory::at(directory.clone()))?;
        Plan::new(
            &configuration,
            selection,
            &Facts {
                system: &system,
                directory: &directory,
                verb: "plan",
                mfa_code: None,
                delivery: None,
            },
        )
    }

    fn role(&self) -> String {
        self.plan().unwrap().target_hop().role.value.to_string()
    }

    fn failure(&self) -> String {
        self.plan()
            .unwrap_err()
            .to_string()
            .replace(&*self.folder.path().to_string_lossy(), "DIR")
    }
}

#[test]
fn a_role_option_wins_over_every_other_choice() {
    let given = given(FILE)
        .option("iam_role", "--iam-role", DEPLOY)
        .variable("ROLEWRAP_ACCOUNT", "prod")
        .variable("ROLEWRAP_IAM_ROLE", "arn:aws:iam::999999999999:role/other")
        .directory("live/prod");
    assert_eq!(given.role(), DEPLOY);
    assert!(
        given.plan().unwrap().target_hop().external_id.is_none(),
        "no account is chosen, so none shapes the session"
    );
}

#[test]
fn an_account_option_wins_over_a_role_variable() {
    let given = given(FILE)
        .option("account", "--account", "dev")
        .variable("ROLEWRAP_IAM_ROLE", DEPLOY);
    assert_eq!(given.role(), "arn:aws:iam::111111111111:role/deploy");
}

#[test]
fn a_role_variable_wins_over_directories_and_files() {
    for name in ["ROLEWRAP_IAM_ROLE", "TERRAGRUNT_IAM_ROLE", "TG_IAM_ASSUME_ROLE"] {
        assert_eq!(
            given(FILE).variable(name, DEPLOY).directory("live/prod").role(),
            DEPLOY,
            "{name}"
        );
    }
}

#[test]
fn an_account_variable_wins_over_directories_and_files() {
    let given = given(FILE)
        .variable("ROLEWRAP_ACCOUNT", "dev")
        .directory("live/prod");
    assert_eq!(given.role(), "arn:aws:iam::111111111111:role/deploy");
}

#[test]
fn the_first_rule_that_matches_the_directory_decides() {
    let prod = "arn:aws:iam::222222222222:role/team/deploy";
    for (directory, role) in [
        ("live/prod", prod),
        ("live/prod/network/vpc", prod),
        ("live/cn", "arn:aws-cn:iam::333333333333:role/deploy"),
        ("live/cn/network", "arn:aws:iam::111111111111:role/deploy"),
        ("live/production", "arn:aws-cn:iam::333333333333:role/deploy"),
        ("", "arn:aws:iam::111111111111:role/deploy"),
    ] {
        let given = given(FILE).directory(directory);
        std::fs::create_dir_all(given.folder.path().join(directory)).unwrap();
        assert_eq!(given.role(), role, "{directory}");
    }
}

#[test]
fn a_pattern_that_can_never_match_is_refused_instead_of_passed_over() {
    for pattern in [
        "./live/**",
        "live//prod",
        "live/prod/",
        "live/../prod",
        "live/{prod,dev}/**",
        "~/live/**",
        "live/[prod",
    ] {
        let text =
            format!("[accounts.a]\nid='111111111111'\nrole='r'\n[[paths]]\nmatch='{pattern}'\naccount='a'");
        let message = given(&text).failure();
        assert!(
            message.contains("is not a pattern for directories"),
            "{pattern}: {message}"
        );
        assert!(message.contains("DIR/rolewrap.toml:"), "{message}");
    }
}

#[cfg(unix)]
#[test]
fn a_rule_that_goes_through_a_link_is_held_against_the_real_directory() {
    let text = |pattern: &str| {
        format!(
            "account='a'\n[accounts.a]\nid='111111111111'\nrole='r'\n[accounts.b]\nid='222222222222'\nrole='r'\n[[paths]]\nmatch='{pattern}'\naccount='b'"
        )
    };
    let given = given("").directory("real/prod");
    let folder = given.folder.path().canonicalize().unwrap();
    std::fs::create_dir_all(folder.join("real/prod")).unwrap();
    std::os::unix::fs::symlink("real", folder.join("link")).unwrap();
    for pattern in [
        "link/**",
        "link/prod",
        "real/prod",
        "real/*",
        "**",
        &format!("{}/link/**", folder.display()),
    ] {
        std::fs::write(folder.join("rolewrap.toml"), text(pattern)).unwrap();
        assert_eq!(given.role(), "arn:aws:iam::222222222222:role/r", "{pattern}");
    }
    for pattern in ["link", "link/other/**", "*", "/link/**"] {
        std::fs::write(folder.join("rolewrap.toml"), text(pattern)).unwrap();
        assert_eq!(given.role(), "arn:aws:iam::111111111111:role/r", "{pattern}");
    }
}

#[test]
fn a_variable_for_the_region_moves_no_account_to_another_partition() {
    let given = given(FILE)
        .variable("ROLEWRAP_ACCOUNT", "china")
        .variable("AWS_REGION", "us-east-1");
    assert_eq!(given.role(), "arn:aws-cn:iam::333333333333:role/deploy");
}

#[test]
fn a_role_and_an_account_that_are_named_together_belong_together() {
    let given_with = |role: &str| {
        given(FILE)
            .option("account", "--account", "prod")
            .option("iam_role", "--iam-role", role)
    };
    let plan = given_with("arn:aws:iam::222222222222:role/admin").plan().unwrap();
    let hop = plan.target_hop();
    assert_eq!(hop.role.value.name(), "admin");
    assert_eq!(hop.external_id.as_ref().unwrap().value.as_str(), "0012345");
    let message = given_with(DEPLOY).failure();
    assert!(
        message.contains("is not in the account `prod`, which has the id 222222222222"),
        "{message}"
    );
}

#[test]
fn an_account_shapes_the_session_and_options_override_it() {
    let given = given(FILE).variable("USER", "alice").directory("live/prod");
    std::fs::create_dir_all(given.folder.path().join("live/prod")).unwrap();
    let plan = given.plan().unwrap();
    let hop = plan.target_hop();
    assert_eq!(hop.session_name.value.as_str(), "alice-prod");
    assert_eq!(hop.duration.as_ref().unwrap().value.to_string(), "30m");
    assert_eq!(hop.external_id.as_ref().unwrap().value.as_str(), "0012345");
    assert_eq!(plan.target(), "prod");
    let plan = given.option("duration", "--duration", "1h").plan().unwrap();
    assert_eq!(
        plan.target_hop().duration.as_ref().unwrap().value.to_string(),
        "1h"
    );
}

#[test]
fn a_variable_overrides_the_region_of_an_account() {
    let plan = given(FILE).variable("AWS_REGION", "us-east-1").plan().unwrap();
    assert_eq!(plan.base.region.unwrap().value.as_str(), "us-east-1");
}

#[test]
fn an_account_that_does_not_exist_lists_the_known() {
    let message = given(FILE).option("account", "--account", "prd").failure();
    insta::assert_snapshot!(message, @"
    error: there is no account `prd` in the configuration
    hint: did you mean `prod`?
      cause: the accounts are china, dev, empty, prod
      from: option --account
    ");
}

#[test]
fn no_role_at_all_is_an_error_that_says_how_to_name_one() {
    insta::assert_snapshot!(given("").failure(), @"
    error: no role is chosen, so nothing was started
    hint: name the role: rolewrap --iam-role arn:aws:iam::123456789012:role/NAME …
      cause: there is no --iam-role and no --account, no variable ROLEWRAP_IAM_ROLE or ROLEWRAP_ACCOUNT, and no configuration file selects an account for this directory
    ");
    let unchosen =
        "[accounts.prod]\nid='222222222222'\nrole='r'\n[accounts.dev]\nid='111111111111'\nrole='r'";
    let unchosen = given(unchosen).variable("AWS_PROFILE", "prod");
    insta::assert_snapshot!(unchosen.failure(), @"
    error: no role is chosen, so nothing was started
    hint: choose an account with --account: dev, prod; or let [[paths]] in a configuration file choose one for this directory; or name a role with --iam-role
      cause: there is no --iam-role and no --account, no variable ROLEWRAP_IAM_ROLE or ROLEWRAP_ACCOUNT, and no configuration file selects an account for this directory
      cause: AWS_PROFILE is set, and is not read; what is read is --account, or ROLEWRAP_ACCOUNT
    ");
}

#[test]
fn a_role_that_is_written_as_the_end_of_its_arn_is_refused() {
    let text = "account = 'dev'\n[accounts.dev]\nid = '111111111111'\nrole = 'role/deploy'";
    assert!(
        given(text)
            .failure()
            .contains("the role of the account `dev` begins with `role/`")
    );
}

#[test]
fn an_account_without_a_role_or_an_id_says_which_key_to_add() {
    let message = given(FILE).option("account", "--account", "empty").failure();
    assert!(message.contains("the account `empty` has no role"), "{message}");
    let message = given("account = 'dev'\n[accounts.dev]\nrole = 'deploy'").failure();
    assert!(message.contains("add id = \"…\" to [accounts.dev]"), "{message}");
}

#[test]
fn a_value_that_aws_would_refuse_names_the_limit_and_the_place() {
    let message = given(FILE).variable("ROLEWRAP_DURATION", "5m").failure();
    assert!(message.contains("from: variable ROLEWRAP_DURATION"), "{message}");
    assert!(message.contains("900") || message.contains("15m"), "{message}");
    let message = given("account = 'dev'\n[accounts.dev]\nid = '12'\nrole = 'deploy'").failure();
    assert!(
        message.contains("from: project file DIR/rolewrap.toml:3"),
        "{message}"
    );
}

#[test]
fn the_default_session_name_is_who_and_where() {
    let plan = given(FILE).variable("USER", "alice").plan().unwrap();
    assert_eq!(plan.target_hop().session_name.value.as_str(), "alice@laptop");
}

#[test]
fn a_region_that_a_run_around_this_one_set_counts_for_its_own_account_alone() {
    let region = |account: &str, variables: &[(&'static str, &'static str)]| {
        let given = given(FILE).option("account", "--account", account);
        let given = variables
            .iter()
            .fold(given, |given, (name, value)| given.variable(name, value));
        let region = given.plan().unwrap().base.region;
        region.map(|region| region.value.to_string())
    };
    let plain = |account| region(account, &[]);
    let marked = [
        ("AWS_REGION", "eu-north-1"),
        ("AWS_DEFAULT_REGION", "eu-north-1"),
        ("ROLEWRAP_SESSION_REGION", "111111111111:eu-north-1"),
    ];
    assert_eq!(region("dev", &marked).as_deref(), Some("eu-north-1"));
    assert_eq!(region("prod", &marked), plain("prod"));
    assert_eq!(region("china", &marked), plain("china"));
    let set_since = [marked[2], ("AWS_REGION", "eu-west-3"), marked[1]];
    assert_eq!(region("prod", &set_since).as_deref(), Some("eu-west-3"));
    let named = [marked[0], marked[2], ("ROLEWRAP_REGION", "eu-west-2")];
    assert_eq!(region("dev", &named).as_deref(), Some("eu-west-2"));
}
