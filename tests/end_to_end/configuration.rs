//! `rolewrap config` and `rolewrap account`.

use insta::assert_snapshot;
use rolewrap_lab::{Sandbox, workspace};

use crate::given::{ROLEWRAP, rolewrap, stub};

const PROJECT: &str = "\
account = \"dev\"

[accounts.dev]
id = \"111111111111\"
role = \"deploy\"
region = \"eu-west-1\"

[accounts.prod]
id = \"222222222222\"
role = \"deploy\"
duration = \"30m\"

[[paths]]
match = \"live/prod/**\"
account = \"prod\"
";

fn machine() -> Sandbox {
    Sandbox::new()
        .system_programs()
        .env("USER", "alice")
        .file("rolewrap.toml", PROJECT)
        .file("live/prod/main.tf", "")
}

fn output(machine: &Sandbox, arguments: &str) -> String {
    let outcome = rolewrap(machine, arguments).run();
    outcome
        .succeeds()
        .stdout()
        .replace(&*machine.root().to_string_lossy(), "MACHINE")
}

#[test]
fn show_prints_every_value_with_its_layer() {
    let machine = machine().env("AWS_REGION", "us-east-1");
    assert_snapshot!(output(&machine, "--duration 1h config show"), @r#"
    account = "dev"                    # project file MACHINE/work/rolewrap.toml:1
    accounts.dev.id = "111111111111"   # project file MACHINE/work/rolewrap.toml:4
    accounts.dev.region = "eu-west-1"  # project file MACHINE/work/rolewrap.toml:6
    accounts.dev.role = "deploy"       # project file MACHINE/work/rolewrap.toml:5
    accounts.prod.duration = "30m"     # project file MACHINE/work/rolewrap.toml:11
    accounts.prod.id = "222222222222"  # project file MACHINE/work/rolewrap.toml:9
    accounts.prod.role = "deploy"      # project file MACHINE/work/rolewrap.toml:10
    duration = "1h"                    # option --duration
    paths[0].account = "prod"          # project file MACHINE/work/rolewrap.toml:15
    paths[0].match = "live/prod/**"    # project file MACHINE/work/rolewrap.toml:14
    region = "us-east-1"               # variable AWS_REGION
    source = ["env", "keyring"]        # built-in default
    terraform = "terraform"            # built-in default
    "#);
}

#[test]
fn path_prints_where_the_files_are() {
    assert_snapshot!(output(&machine(), "config path"), @"
    system file   absent   /etc/rolewrap/config.toml
    user file     absent   MACHINE/config/rolewrap/config.toml
    project file  present  MACHINE/work/rolewrap.toml
    ");
}

#[test]
fn account_list_marks_the_one_that_the_directory_selects() {
    let machine = machine();
    assert_snapshot!(output(&machine, "account list"), @"
       NAME  ID            ROLE    REGION
    *  dev   111111111111  deploy  eu-west-1
       prod  222222222222  deploy  -
    * dev is selected here by: project file MACHINE/work/rolewrap.toml:1
    ");
    let outcome = rolewrap(&machine, "account list").directory("live/prod").run();
    outcome
        .succeeds()
        .stdout_has("* prod is selected here by: project file");
}

#[test]
fn account_show_prints_the_plan_for_an_account() {
    assert_snapshot!(output(&machine(), "--session-name ci account show prod"), @"
    account       prod                                   # argument of account show
    role          arn:aws:iam::222222222222:role/deploy  # project file MACHINE/work/rolewrap.toml:10
    session name  ci                                     # option --session-name
    duration      30m                                    # project file MACHINE/work/rolewrap.toml:11
    source        env, keyring                           # built-in default
    ");
}

#[test]
fn check_finds_what_is_wrong_in_an_account_that_is_not_selected() {
    let machine = machine();
    rolewrap(&machine, "config check")
        .run()
        .succeeds()
        .stdout_has("The configuration is valid.");
    let broken = machine.file("rolewrap.toml", &PROJECT.replace("222222222222", "2222"));
    rolewrap(&broken, "config check")
        .run()
        .ends_with(125)
        .stderr_has("rolewrap.toml:9");
    rolewrap(&broken, "account show dev").run().succeeds();
}

#[test]
fn check_looks_at_what_is_selected_here() {
    let machine = machine();
    rolewrap(&machine, "--iam-role garbage config check")
        .run()
        .ends_with(125)
        .stderr_has("option --iam-role");
    rolewrap(&machine, "--source garbage account show prod")
        .run()
        .ends_with(125)
        .stderr_has("no source `garbage`");
}

#[test]
fn rules_are_relative_to_the_real_folder_of_a_named_file() {
    let alone = Sandbox::new()
        .system_programs()
        .env("USER", "alice")
        .file("live/prod/main.tf", "");
    let alone = alone.file(
        "live/team.toml",
        &format!("{}\n", PROJECT.replace("live/prod", "prod")),
    );
    let outcome = rolewrap(&alone, "--config ../../live/team.toml account show")
        .directory("live/prod")
        .run();
    outcome.succeeds().stdout_has("account       prod");
}

#[test]
fn check_finds_what_is_wrong_in_a_source_that_no_account_uses() {
    let sources = "[sources.tool]\ntype = 'process'\ncommand = ['~/bin/tool']\n";
    let machine = machine().file("../config/rolewrap/config.toml", sources);
    rolewrap(&machine, "config check")
        .run()
        .ends_with(125)
        .stderr_has("config.toml:3");
}

#[test]
fn check_finds_what_is_wrong_in_the_section_of_the_cache() {
    for wrong in [
        "enabled = 'perhaps'",
        "store = 'nowhere'",
        "min_remaining = 'soon'",
    ] {
        let machine = Sandbox::new().file("../config/rolewrap/config.toml", &format!("[cache]\n{wrong}\n"));
        rolewrap(&machine, "config check")
            .run()
            .ends_with(125)
            .stderr_has("config.toml:2");
    }
}

#[test]
fn a_variable_of_aws_that_overrides_the_region_of_an_account_is_warned_about() {
    let stub = stub();
    let machine = crate::given::machine(&stub).file("rolewrap.toml", PROJECT);
    let warned = |name: &str, region: &str| {
        let run = rolewrap(&machine, "--account dev exec true").envs([(name, region)]);
        run.run().succeeds().stderr().to_owned()
    };
    let warning = warned("AWS_DEFAULT_REGION", "us-east-1");
    let said =
        "AWS_DEFAULT_REGION=us-east-1 overrides the region eu-west-1 of the account dev (project file ";
    assert!(warning.contains(said), "{warning}");
    assert_eq!(warned("AWS_REGION", "eu-west-1"), "");
    assert_eq!(warned("ROLEWRAP_REGION", "us-east-1"), "");
}

#[test]
fn check_finds_a_rule_for_an_account_that_does_not_exist() {
    let machine = machine().file(
        "rolewrap.toml",
        &PROJECT.replace("account = \"prod\"", "account = \"prd\""),
    );
    rolewrap(&machine, "config check")
        .run()
        .ends_with(125)
        .stderr_has("there is no account `prd`");
}

#[test]
fn the_schema_is_one_json_document() {
    let outcome = Sandbox::new().run(ROLEWRAP, ["config", "schema"]);
    let schema: serde_json::Value = serde_json::from_str(outcome.succeeds().stdout()).unwrap();
    assert_eq!(schema["title"], "rolewrap configuration");
}

#[test]
fn a_named_file_takes_the_place_of_the_users_own() {
    let machine = machine()
        .file("../config/rolewrap/config.toml", "terraform = 'own'")
        .file("other.toml", "terraform = 'named'");
    assert!(output(&machine, "config show").contains("terraform = \"own\""));
    assert!(output(&machine, "--config other.toml config show").contains("terraform = \"named\""));
    let outcome = rolewrap(&machine, "config show")
        .env("ROLEWRAP_CONFIG", "missing.toml")
        .run();
    outcome
        .ends_with(125)
        .stderr_has("there is no configuration file")
        .stderr_has("variable ROLEWRAP_CONFIG");
}

#[test]
fn every_example_is_valid() {
    let folder = workspace().join("config");
    let mut examples = 0;
    for entry in std::fs::read_dir(&folder).unwrap() {
        let path = entry.unwrap().path();
        let text = std::fs::read_to_string(&path).unwrap();
        let machine = Sandbox::new().system_programs().env("USER", "alice");
        // A project file is restricted, so an example of one is checked as one.
        let machine = if path.ends_with("rolewrap.toml") {
            machine.file("rolewrap.toml", &text)
        } else {
            machine.file("../config/rolewrap/config.toml", &text)
        };
        rolewrap(&machine, "config check").run().succeeds();
        examples += 1;
    }
    assert!(examples >= 3, "the examples are in {}", folder.display());
}

#[test]
fn a_full_disk_behind_standard_output() {
    let machine = Sandbox::new().system_programs();
    let outcome = machine.run(
        "/bin/sh",
        ["-c", "exec \"$0\" config schema > /dev/full", ROLEWRAP],
    );
    assert_snapshot!(outcome.ends_with(125).stderr(), @"
    error: cannot write to standard output, so what was printed is not complete
    hint: see where it leads: a disk may be full, or a pipe closed; then run it again
      cause: No space left on device (os error 28)
    ");
}
