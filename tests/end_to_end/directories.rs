//! Which account a directory selects, and that the command works in that directory.

use std::ffi::OsStr;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::symlink;

use insta::assert_snapshot;
use rolewrap_lab::{Outcome, Sandbox, StsStub};

use crate::given::{KEY, SECRET, machine, rolewrap, shown, stub};

const ACCOUNTS: &str = "\
[accounts.dev]
id = '111111111111'
role = 'deploy'

[accounts.prod]
id = '222222222222'
role = 'deploy'
";

/// A repository with these rules.
fn repository(machine: Sandbox, rules: &[(&str, &str)]) -> Sandbox {
    let rules = rules
        .iter()
        .map(|(pattern, account)| format!("\n[[paths]]\nmatch = '{pattern}'\naccount = '{account}'\n"));
    let machine = machine.file(
        "rolewrap.toml",
        &format!("{ACCOUNTS}{}", rules.collect::<String>()),
    );
    machine.run("git", ["init", "--quiet"]).succeeds();
    machine
}

/// A Terraform that says where it is.
fn with_terraform_that_says_where(machine: Sandbox) -> Sandbox {
    let script = "#!/bin/sh\ncase $1 in -chdir=*) cd \"${1#-chdir=}\" || exit 1;; esac\npwd -P\n";
    let machine = machine.file("../bin/terraform", script);
    machine.run("chmod", ["+x", "../bin/terraform"]).succeeds();
    machine
}

/// The account of the role that STS was asked for last.
fn account(stub: &StsStub) -> String {
    let requests = stub.requests();
    let role = requests
        .last()
        .and_then(|request| request.parameter("RoleArn"))
        .expect("a role was asked for");
    role.split(':').nth(4).expect("a role was asked for").to_owned()
}

const RULES: [(&str, &str); 2] = [("live/*/prod/**", "prod"), ("live/**", "dev")];

#[test]
fn a_link_whose_two_paths_select_two_accounts_starts_nothing() {
    let stub = stub();
    let machine = with_terraform_that_says_where(repository(machine(&stub), &RULES))
        .file("live/eu/prod-v2/main.tf", "")
        .file("live/eu/other/main.tf", "");
    symlink("prod-v2", machine.work().join("live/eu/prod")).unwrap();
    symlink("other", machine.work().join("live/eu/same")).unwrap();
    let refused = rolewrap(&machine, "-chdir=live/eu/prod plan").run();
    refused.ends_with(125);
    assert_snapshot!(shown(refused.stderr(), &machine, &stub), @r#"
    error: a link leads to this directory, and its two paths select different accounts: dev and prod
    hint: go to the directory by its real path, or name the account with --account
      from: project file MACHINE/work/rolewrap.toml:13 [[paths]] match = "live/**"
      from: project file MACHINE/work/rolewrap.toml:9 [[paths]] match = "live/*/prod/**"
      real path: MACHINE/work/live/eu/prod-v2
      path as written: MACHINE/work/live/eu/prod
    "#);
    let in_shell = |directory: &str| -> Outcome {
        let script = format!("cd {directory} && exec {} plan", crate::given::ROLEWRAP);
        machine.run("/bin/sh", ["-c", &script])
    };
    in_shell("live/eu/prod")
        .ends_with(125)
        .stderr_has("select different accounts");
    assert_eq!(stub.count(), 0);
    for directory in ["live/eu/prod-v2", "live/eu/same"] {
        in_shell(directory).succeeds();
        rolewrap(&machine, &format!("-chdir={directory} plan"))
            .run()
            .succeeds();
        assert_eq!(account(&stub), "111111111111");
    }
    // What only one of the two paths matches decides.
    let machine = machine.file("elsewhere/main.tf", "");
    symlink("../../elsewhere", machine.work().join("live/eu/moved")).unwrap();
    rolewrap(&machine, "-chdir=live/eu/moved plan").run().succeeds();
}

#[test]
fn terraform_works_in_the_directory_that_was_checked_whatever_becomes_of_the_link() {
    let stub = stub();
    let main = |name: &str| format!("output \"here\" {{\n  value = \"{name} ${{basename(path.cwd)}}\"\n}}\n");
    let machine = repository(
        Sandbox::new()
            .system_programs()
            .env("AWS_ENDPOINT_URL_STS", stub.url())
            .with_terraform()
            .expect("there is a Terraform"),
        &[("live/dev/**", "dev"), ("live/prod/**", "prod")],
    )
    .file("live/dev/main.tf", &main("dev"))
    .file("live/prod/main.tf", &main("prod"));
    let link = machine.work().join("current");
    symlink("live/dev", &link).unwrap();
    // The source exchanges the link, which is between the check and the start.
    let script = format!(
        "ln -sfn live/prod {}\necho '{{\"Version\": 1, \"AccessKeyId\": \"{KEY}\", \"SecretAccessKey\": \"{SECRET}\"}}'\n",
        link.display()
    );
    let tool = machine.root().join("tool.sh");
    let source = format!(
        "source = 'tool'\n[sources.tool]\ntype = 'process'\ncommand = ['sh', '{}']\n",
        tool.display()
    );
    let machine = machine
        .file(&tool, &script)
        .file("../config/rolewrap/config.toml", &source);
    for prefix in ["", "exec terraform "] {
        let _ = std::fs::remove_file(&link);
        symlink("live/dev", &link).unwrap();
        let words = format!("--no-cache {prefix}-chdir=current apply -auto-approve");
        rolewrap(&machine, &words)
            .run()
            .succeeds()
            .stdout_has("here = \"dev work\"");
        assert_eq!(account(&stub), "111111111111");
        assert_eq!(std::fs::read_link(&link).unwrap().to_str(), Some("live/prod"));
    }
}

#[test]
fn a_directory_is_taken_byte_by_byte() {
    let stub = stub();
    let rules = [("live/z", "prod"), ("live/z\u{fffd}", "prod"), ("live/**", "dev")];
    let machine = with_terraform_that_says_where(repository(machine(&stub), &rules));
    let name = OsStr::from_bytes(b"live/z\xff");
    std::fs::create_dir_all(machine.work().join(name)).unwrap();
    std::fs::create_dir_all(machine.work().join("live/z\u{fffd}")).unwrap();
    let option = OsStr::from_bytes(b"-chdir=live/z\xff");
    let outcome = machine.run(crate::given::ROLEWRAP, [option, OsStr::new("plan")]);
    outcome.succeeds();
    assert_eq!(account(&stub), "111111111111");
}

#[test]
fn within_a_copy_of_a_tool_the_folder_that_holds_it_decides() {
    let stub = stub();
    let machine = repository(machine(&stub), &[("prod/*", "prod")])
        .file("../config/rolewrap/config.toml", "account = 'dev'\n")
        // What Terragrunt leaves of a source from Git, and a file of the module's own.
        .file(
            "prod/net/.terragrunt-cache/H/H/module/.git/HEAD",
            "ref: refs/heads/main\n",
        )
        .file("prod/net/.terragrunt-cache/H/H/module/.git/config", "[core]\n")
        .file(
            "prod/net/.terragrunt-cache/H/H/module/rolewrap.toml",
            "account = 'dev'\n",
        )
        .file("prod/net/.terraform/modules/vpc/main.tf", "")
        .file("plain/.git/HEAD", "ref: refs/heads/main\n")
        .file("plain/sub/main.tf", "");
    for directory in [
        "prod/net/.terragrunt-cache/H/H/module",
        "prod/net/.terraform/modules/vpc",
        "prod/net",
    ] {
        let outcome = rolewrap(&machine, "account show").directory(directory).run();
        outcome.succeeds().stdout_has("222222222222");
    }
    // Git walks on above what is no repository.
    let outcome = rolewrap(&machine, "config path").directory("plain/sub").run();
    outcome.succeeds().stdout_has("work/rolewrap.toml");
    let root = machine.run("git", ["-C", "plain/sub", "rev-parse", "--show-toplevel"]);
    root.succeeds().stdout_has("/work\n");
}

#[test]
fn a_rule_is_reported_where_it_stands_and_check_says_which_of_them_select_nothing() {
    let rules = [("live/dev/**", "dev"), ("live/{a,b}", "prod")];
    let machine = repository(Sandbox::new().system_programs(), &rules).file("live/dev/main.tf", "");
    let refused = rolewrap(&machine, "config check").run();
    refused
        .ends_with(125)
        .stderr_has("work/rolewrap.toml:13 [[paths]] match = \"live/{a,b}\"");
    let rules = [("live/dev/**", "dev"), ("live/prdo/**", "prod"), ("*/dev", "dev")];
    let machine = repository(machine, &rules);
    let text = std::fs::read_to_string(machine.work().join("rolewrap.toml")).unwrap();
    let text = text.replacen("role = 'deploy'", "role = 'deploy'\nregion = 'eu-wset-1'", 1);
    let machine = machine.file("rolewrap.toml", &text);
    let checked = rolewrap(&machine, "config check").run();
    let warnings = checked.succeeds().stderr();
    assert_snapshot!(warnings.replace(&*machine.root().to_string_lossy(), "MACHINE"), @r#"
    warning: eu-wset-1 does not look like a region (project file MACHINE/work/rolewrap.toml:4): did you mean eu-west-1?
    warning: no directory matches `live/prdo/**` (project file MACHINE/work/rolewrap.toml:14 [[paths]] match = "live/prdo/**"), so this rule selects nothing
    "#);
}
