//! The command line is a contract with users.

use std::collections::BTreeSet;

use insta::assert_snapshot;
use rolewrap_lab::{Sandbox, StsStub};

use crate::given::{ROLE, ROLEWRAP, machine, rolewrap, stub};

#[test]
fn no_command_of_ours_has_the_name_of_one_of_terraforms() {
    let machine = Sandbox::new().with_terraform().expect("Terraform is installed");
    let commands = |text: &str| -> BTreeSet<String> {
        let lines = text
            .lines()
            .filter(|line| line.starts_with("  ") && !line.starts_with("   "));
        let words = lines.filter_map(|line| line.split_whitespace().next());
        words
            .filter(|word| word.chars().all(|character| character.is_ascii_lowercase()))
            .map(str::to_owned)
            .collect()
    };
    let terraforms = commands(machine.run("terraform", ["-help"]).stdout());
    assert!(
        terraforms.contains("apply") && terraforms.contains("version"),
        "{terraforms:?}"
    );
    let help = machine.run(ROLEWRAP, ["-h"]);
    let (_, list) = help
        .stdout()
        .split_once("Commands:")
        .expect("the help lists the commands");
    let (list, _) = list.split_once("Options:").expect("the options follow");
    let ours = commands(list);
    assert!(ours.contains("exec") && ours.contains("whoami"), "{ours:?}");
    assert_eq!(
        ours.intersection(&terraforms).collect::<Vec<_>>(),
        Vec::<&String>::new()
    );
    // Nor is any of theirs taken for a mistake.
    let machine = Sandbox::new().system_programs().env("ROLEWRAP_TERRAFORM", "echo");
    for word in &terraforms {
        let line = format!("{word} -help");
        rolewrap(&machine, &line).run().succeeds().prints(&line);
    }
}

#[test]
fn a_misspelt_command_of_ours_is_no_terraform_command() {
    let stub = stub();
    let machine = machine(&stub)
        .env("ROLEWRAP_TERRAFORM", "echo")
        .env("ROLEWRAP_IAM_ROLE", ROLE);
    let outcome = rolewrap(&machine, "--duration 1h whoam").run();
    assert_snapshot!(outcome.ends_with(125).stderr(), @"
    error: there is no command `whoam`, so nothing was started
    hint: did you mean `whoami`? For Terraform, write two dashes before it: rolewrap -- whoam
      cause: it is not a command of rolewrap, nor one of Terraform's that rolewrap knows
    ");
    assert_eq!(stub.count(), 0);
    rolewrap(&machine, "-- whoam").run().succeeds().prints("whoam");
    rolewrap(&machine, "anything else")
        .run()
        .succeeds()
        .prints("anything else");
}

#[test]
fn the_short_help_fits_one_screen() {
    let outcome = Sandbox::new().run(ROLEWRAP, ["-h"]);
    let help = outcome.succeeds().stdout();
    assert!(help.lines().count() <= 40, "{help}");
    assert!(help.lines().all(|line| line.chars().count() <= 100), "{help}");
    assert_snapshot!(help, @"
    Runs Terraform, or any command, under an AWS IAM role

    Usage: rolewrap [OPTIONS] <TERRAFORM ARGUMENTS>
           rolewrap [OPTIONS] <COMMAND>

    Commands:
      exec                Run any command under the role
      whoami              Show who the command would be, and where each choice came from
      export              Print the credentials of the session, for other programs
      credential-process  Print the session as a document of AWS's `credential_process`
      config              Show and check the configuration
      trust               Show what this directory's project file may do, and allow it
      untrust             Trust this directory's project file no longer
      account             Show the configured accounts
      source              Show, check and change where base credentials come from
      cache               Show and forget cached sessions
      completions         Print a completion script for a shell
      help                Print this message or the help of the given subcommand(s)

    Options:
      -h, --help     Print help (see more with '--help')
      -V, --version  Print version

    Choosing the role:
          --iam-role <ARN>  Assume this role [variable: ROLEWRAP_IAM_ROLE] [alias: --role-arn]
          --account <NAME>  Use this account of the configuration [variable: ROLEWRAP_ACCOUNT]
          --source <NAME>   Take the base credentials from this source [variable: ROLEWRAP_SOURCE]

    Shaping the session:
          --region <REGION>  The AWS region, for STS and for the command [variable: ROLEWRAP_REGION]
      -d, --duration <TIME>  How long the session lasts, such as 1h or 90m [variable: ROLEWRAP_DURATION]
          --delivery <WAY>   How the session reaches the command: env or endpoint [variable:
                             ROLEWRAP_DELIVERY]

    Running the command:
      -v, --verbose...  Say what is done; twice for every detail [variable: ROLEWRAP_VERBOSE]
      -q, --quiet       Print errors only [variable: ROLEWRAP_QUIET]

    See --help for all options, and for examples.
    ");
}

#[test]
fn the_short_help_of_a_command_is_about_that_command_and_the_long_one_is_complete() {
    let machine = Sandbox::new();
    let outcome = machine.run(ROLEWRAP, ["source", "add", "-h"]);
    assert_snapshot!(outcome.succeeds().stdout(), @"
    Put an access key into a source

    Usage: rolewrap source add [OPTIONS] <NAME>

    Arguments:
      <NAME>  The source

    Options:
          --csv <FILE>  Take the key from the file that the AWS console lets you download
          --yes         Replace a key that is there without asking
      -h, --help        Print help (see more with '--help')

    The options that choose and shape the session are taken here too: see --help.
    ");
    let options = |arguments: &[&str]| -> BTreeSet<String> {
        let outcome = machine.run(ROLEWRAP, arguments);
        let lines = outcome.succeeds().stdout().lines().map(str::trim_start);
        let lines = lines.filter(|line| line.starts_with('-'));
        lines
            .filter_map(|line| Some(line.split(' ').next()?.to_owned()))
            .collect()
    };
    let everybodys = options(&["--help"]);
    assert!(everybodys.contains("--external-id"), "{everybodys:?}");
    for command in [
        &["cache", "list", "--help"][..],
        &["exec", "--help"],
        &["whoami", "--help"],
    ] {
        let own = options(command);
        let missing: Vec<_> = everybodys.difference(&own).collect();
        assert_eq!(missing, ["-V,"], "{command:?}");
    }
}

#[test]
fn the_long_help_teaches_with_examples() {
    let outcome = Sandbox::new().run(ROLEWRAP, ["--help"]);
    outcome
        .succeeds()
        .stdout_has("rolewrap --account dev exec -- aws s3 ls")
        .stdout_has("125  rolewrap failed");
}

#[test]
fn a_mistake_on_the_command_line_ends_with_125_and_not_with_terraforms_2() {
    let machine = Sandbox::new();
    machine
        .run(ROLEWRAP, ["--acount", "prod", "plan"])
        .ends_with(125)
        .stderr_has("--account");
    machine.run(ROLEWRAP, ["-v", "-q", "plan"]).ends_with(125);
    machine
        .run(ROLEWRAP, ["exec"])
        .ends_with(125)
        .stderr_has("<COMMAND>");
    machine
        .run::<&str>(ROLEWRAP, [])
        .ends_with(125)
        .stderr_has("Usage: rolewrap");
    machine
        .run(ROLEWRAP, ["--version"])
        .ends_with(0)
        .prints(concat!("rolewrap ", env!("CARGO_PKG_VERSION")));
}

#[test]
fn what_clap_repeats_cannot_act_on_the_terminal() {
    let outcome = Sandbox::new().run(ROLEWRAP, ["--\u{1b}[5mfoo", "config", "\u{9b}2J"]);
    outcome.ends_with(125).lacks("\u{1b}").lacks("\u{9b}");
}

#[test]
fn terragrunts_command_line_and_variables_work_as_they_are() {
    let stub = stub();
    let machine = machine(&stub)
        .env("TG_TF_PATH", "echo")
        .env("ROLEWRAP_CACHE", "off");
    rolewrap(
        &machine,
        &format!("apply --terragrunt-iam-role {ROLE} -auto-approve"),
    )
    .run()
    .succeeds()
    .prints("apply -auto-approve");
    rolewrap(&machine, "apply")
        .env("TERRAGRUNT_IAM_ROLE", ROLE)
        .run()
        .succeeds()
        .prints("apply");
    rolewrap(&machine, "apply")
        .env("TG_IAM_ASSUME_ROLE", ROLE)
        .run()
        .succeeds()
        .prints("apply");
    assert_eq!(stub.count(), 3);
}

#[test]
fn a_completion_script_is_printed_for_each_shell() {
    for shell in ["bash", "zsh", "fish", "powershell", "elvish"] {
        Sandbox::new()
            .run(ROLEWRAP, ["completions", shell])
            .succeeds()
            .stdout_has("whoami");
    }
    Sandbox::new()
        .run(ROLEWRAP, ["completion", "bash"])
        .succeeds()
        .stdout_has("whoami");
}

#[test]
fn verbose_says_what_is_done_and_quiet_says_nothing() {
    let stub = stub();
    let machine = machine(&stub);
    let run = |options: &str| rolewrap(&machine, &format!("{options} --iam-role {ROLE} exec true")).run();
    run("-v")
        .succeeds()
        .stderr_has("base credentials AKIAIOSFODNN7EXAMPLE from source env")
        .stderr_has("running as ");
    run("-vv --refresh").succeeds().stderr_has("STS endpoint");
    assert_eq!(run("-q").succeeds().stderr(), "");
    rolewrap(&machine, &format!("--iam-role {ROLE} exec true"))
        .env("ROLEWRAP_VERBOSE", "1")
        .run()
        .stderr_has("running as ");
}

#[test]
fn output_that_nobody_reads_to_its_end_is_no_error() {
    let machine = Sandbox::new().system_programs();
    let script = format!("{ROLEWRAP} completions bash | head -n 1; echo ${{PIPESTATUS[0]}}");
    machine.run("bash", ["-c", &script]).succeeds().stdout_has("\n0");
}

/// A machine where a variable names the role, and `echo` stands for Terraform.
fn with_a_role(stub: &StsStub) -> Sandbox {
    machine(stub)
        .env("ROLEWRAP_TERRAFORM", "echo")
        .env("ROLEWRAP_IAM_ROLE", ROLE)
}

/// What is said where `line` is refused.
fn refusal(machine: &Sandbox, line: &str) -> String {
    let outcome = rolewrap(machine, line).run();
    outcome.ends_with(125).stderr().to_owned()
}

#[test]
fn an_option_of_ours_is_not_lost_behind_the_command() {
    let stub = stub();
    let machine = with_a_role(&stub);
    let refused = |line: &str| refusal(&machine, line);
    assert_snapshot!(refused("--region eu-west-1 -chdir=. plan --account=dev -lock=false --duration 2h"), @"
    error: --account stands among Terraform's arguments, so nothing was started
    hint: write: rolewrap --region eu-west-1 --account=dev --duration 2h -chdir=. plan …
      cause: the options of rolewrap come before the first word; what follows is Terraform's
    ");
    assert_snapshot!(refused("-chdir=. --account dev plan"), @"
    error: --account stands among Terraform's arguments, so nothing was started
    hint: write: rolewrap --account dev -chdir=. plan
      cause: the options of rolewrap come before the first word; what follows is Terraform's
    ");
    assert_snapshot!(refused("plan --mfa-token 123456 --config x"), @"
    error: --mfa-token stands among Terraform's arguments, so nothing was started
    hint: write: rolewrap --mfa-token '…' --config x plan
      cause: the options of rolewrap come before the first word; what follows is Terraform's
    ");
    for option in [
        "--no-cache",
        "--tf-path=tofu",
        "--verbose",
        "--tag a=b",
        "--keep-env X",
    ] {
        let name = option.split([' ', '=']).next().unwrap_or_default();
        let message = refused(&format!("plan {option}"));
        assert!(
            message.starts_with(&format!("error: {name} stands among")),
            "{message}"
        );
    }
    assert_eq!(stub.count(), 0);
    for line in [
        "apply -- --account",
        "plan --refresh=false --lock=false",
        "import --config=dir a b",
        "test --verbose",
    ] {
        rolewrap(&machine, line).run().succeeds().prints(line);
    }
}

#[test]
fn two_directories_for_terraform() {
    let stub = stub();
    let machine = machine(&stub).env("ROLEWRAP_TERRAFORM", "echo");
    let outcome = rolewrap(
        &machine,
        &format!("--iam-role {ROLE} -chdir=dev -chdir=prod plan"),
    )
    .run();
    assert_snapshot!(outcome.ends_with(125).stderr(), @"
    error: Terraform's option -chdir is given more than once
    hint: keep one of them, since the directory may choose the account
      cause: the directories are dev, prod
    ");
}

#[test]
fn a_first_word_that_is_no_command_of_terraforms_costs_no_session() {
    let stub = stub();
    let accounts = "[accounts.dev01]\nid = \"123456789012\"\nrole = \"deploy\"\n";
    let machine = machine(&stub)
        .env("ROLEWRAP_TERRAFORM", "echo")
        .env("ROLEWRAP_IAM_ROLE", ROLE)
        .file("rolewrap.toml", accounts);
    let refused = |line: &str| {
        let outcome = rolewrap(&machine, line).run();
        outcome.ends_with(125).stderr().to_owned()
    };
    assert_snapshot!(refused("--region eu-west-1 -chdir=. dev01 plan -out=x"), @"
    error: `dev01` is not a command of Terraform, so nothing was started
    hint: write: rolewrap --region eu-west-1 --account dev01 -chdir=. plan …
      cause: it is an account of the configuration
    ");
    assert_snapshot!(refused("--account dev01 ls a*b -l"), @"
    error: `ls` is not a command of Terraform, so nothing was started
    hint: to run it under the role: rolewrap --account dev01 exec -- ls 'a*b' …; if Terraform has it: rolewrap --account dev01 -- ls
      cause: it is a program
    ");
    assert_snapshot!(refused("--account dev01 shell"), @r#"
    error: `shell` is not a command of Terraform, so nothing was started
    hint: write: rolewrap --account dev01 exec -- "$SHELL"
      cause: rolewrap has no command for a shell: it runs any program under the role
    "#);
    assert_snapshot!(refused("run-all plan"), @"
    error: `run-all` is not a command of Terraform, so nothing was started
    hint: rolewrap runs Terraform itself; the guide says under Terragrunt what takes the place of its commands. If Terraform has it: rolewrap -- run-all plan
      cause: it is a command of Terragrunt
    ");
    assert_snapshot!(refused("terraform plan"), @"
    error: `terraform` is not a command of Terraform, so nothing was started
    hint: leave it out: rolewrap plan
      cause: it is the program, which rolewrap starts by itself
    ");
    assert_eq!(stub.count(), 0);
    for line in ["dev01 plan", "ls -l", "shell", "run-all plan"] {
        let written = format!("-- {line}");
        rolewrap(&machine, &written).run().succeeds().prints(line);
    }
    // Where Terragrunt is run in the place of Terraform, its commands are right.
    let machine = machine.file("terragrunt", "#!/bin/sh\necho \"$@\"");
    machine.run("chmod", ["+x", "terragrunt"]).succeeds();
    rolewrap(&machine, "--terraform ./terragrunt run-all plan")
        .run()
        .succeeds()
        .prints("run-all plan");
}

#[test]
fn what_exec_does_not_find_may_be_an_account_part_of_a_shell_or_a_whole_line() {
    let stub = stub();
    let accounts = "[accounts.prod]\nid = \"123456789012\"\nrole = \"deploy\"\n";
    let machine = machine(&stub).file("rolewrap.toml", accounts);
    for (command, hint) in [
        (
            &["prod", "aws", "s3", "ls"][..],
            "hint: prod is an account of the configuration; write: rolewrap --account prod exec -- aws s3 ls\n",
        ),
        (
            &["source", "env.sh"],
            "hint: that is part of a shell: exec -- sh -c '…'\n",
        ),
        (
            &["aws s3 ls"],
            "hint: pass the words separately, or write: exec -- sh -c '…'\n",
        ),
        (&["nothing"], "hint: install it, or give its path\n"),
    ] {
        let outcome = rolewrap(&machine, "exec --").args(command).run();
        let message = outcome.ends_with(127).stderr();
        assert_eq!(message.matches("hint:").count(), 1, "{message}");
        assert!(message.contains(&format!("\n{hint}")), "{message}");
    }
    assert_eq!(stub.count(), 0);
}

#[test]
fn an_option_of_terragrunt_that_is_not_taken_costs_no_session() {
    let stub = stub();
    let machine = with_a_role(&stub);
    let refused = |line: &str| refusal(&machine, line);
    assert_snapshot!(refused("--account dev plan --terragrunt-non-interactive -lock=false"), @"
    error: --terragrunt-non-interactive is an option of Terragrunt, and rolewrap does not take it
    hint: write: rolewrap --account dev --non-interactive plan …
      cause: of its options rolewrap takes --terragrunt-iam-role, --terragrunt-iam-web-identity-token, --terragrunt-iam-assume-role-web-identity-token, --terragrunt-iam-assume-role-duration, --terragrunt-iam-assume-role-session-name, --terragrunt-tfpath
    ");
    for option in [
        "--terragrunt-working-dir live/dev",
        "--terragrunt-working-dir=live/dev",
    ] {
        let message = refused(&format!("plan {option}"));
        let hint = "\nhint: write: rolewrap -chdir=live/dev plan\n";
        assert!(message.contains(hint), "{message}");
    }
    let message = refused("plan --terragrunt-source-update");
    assert!(message.contains("\nhint: leave it out; "), "{message}");
    assert_eq!(stub.count(), 0);
    let line = "apply -- --terragrunt-non-interactive";
    rolewrap(&machine, line).run().succeeds().prints(line);
}

#[test]
fn an_option_of_another_tool_is_answered_with_ours() {
    let machine = Sandbox::new();
    let refused = |line: &str| {
        let outcome = rolewrap(&machine, line).run();
        outcome.ends_with(125).stderr().to_owned()
    };
    assert_snapshot!(refused("--serial-number x plan"), @"
    error: unexpected argument '--serial-number' found

    Usage: rolewrap [OPTIONS] <TERRAFORM ARGUMENTS>
           rolewrap [OPTIONS] <COMMAND>

    For more information, try '--help'.
    hint: write --mfa-serial DEVICE
    ");
    let profiles = "rolewrap reads no profiles; --account NAME names an account of the configuration";
    let terraforms = |option: &str| {
        format!(
            "{option} is an option of Terraform, and those stand behind its command, as in: rolewrap plan {option} …"
        )
    };
    for (line, hint) in [
        ("--profile prod plan", profiles.to_owned()),
        ("whoami --profile prod", profiles.to_owned()),
        ("-p prod plan", profiles.to_owned()),
        (
            "--role-session-name=x plan",
            "write --session-name NAME".to_owned(),
        ),
        ("--var-file x plan", terraforms("--var-file")),
        ("-var a=b plan", terraforms("-var")),
        ("--account dev -target=x plan", terraforms("-target")),
        (
            "--terraform terragrunt --working-dir x plan",
            "for Terraform write -chdir=DIR; where Terragrunt runs in its place, write it behind its command, as in: plan --working-dir DIR"
                .to_owned(),
        ),
        ("--chdir=live plan", "it has one dash: -chdir=DIR".to_owned()),
        ("--chdir live plan", "it has one dash: -chdir=DIR".to_owned()),
        (
            "exec --chdir=live terraform plan",
            "write it behind the program, as in: exec terraform -chdir=DIR …".to_owned(),
        ),
        (
            "whoami --chdir=live",
            "rolewrap whoami works where you are: cd DIR && rolewrap whoami …".to_owned(),
        ),
        (
            "export -chdir=live",
            "rolewrap export works where you are: cd DIR && rolewrap export …".to_owned(),
        ),
    ] {
        let message = refused(line);
        assert!(message.ends_with(&format!("\nhint: {hint}\n")), "{message}");
        assert!(!message.contains("tip:"), "{message}");
    }
    for line in ["--acount x plan", "--acount x exec terraform plan -out p"] {
        let message = refused(line);
        let tip = "tip: a similar argument exists: '--account'";
        assert!(message.contains(tip) && !message.contains("hint:"), "{message}");
    }
    let far = refused("--session-tags x plan");
    assert!(!far.contains("tip:") && !far.contains("hint:"), "{far}");
}

#[test]
fn a_directory_in_the_wrong_place_is_answered_with_the_right_one() {
    let stub = stub();
    let machine = with_a_role(&stub);
    let refused = |line: &str| refusal(&machine, line);
    assert_snapshot!(refused("--region eu-west-1 plan --chdir=live -lock=false"), @"
    error: Terraform does not take --chdir here, so nothing was started
    hint: write: rolewrap --region eu-west-1 -chdir=live plan …
      cause: it has one dash, and stands before Terraform's command, in one word with the directory
    ");
    for line in ["plan -chdir=live", "plan -chdir live", "plan --chdir live"] {
        let message = refused(line);
        assert!(
            message.contains("\nhint: write: rolewrap -chdir=live plan\n"),
            "{line}: {message}"
        );
    }
    assert_eq!(stub.count(), 0);
    let line = "apply -- -chdir=live";
    rolewrap(&machine, line).run().succeeds().prints(line);
}

#[test]
fn a_command_of_ours_behind_what_is_terraforms_is_refused_with_the_line_to_write() {
    let stub = stub();
    let machine = with_a_role(&stub);
    let refused = |line: &str| refusal(&machine, line);
    assert_snapshot!(refused("--region eu-west-1 --mfa-token 123456 -chdir=live/a export --format json"), @"
    error: `export` is a command of rolewrap and not of Terraform, so nothing was started
    hint: write: cd live/a && rolewrap --region eu-west-1 export …
      cause: it stands behind -chdir, which is an option of Terraform, and what follows that is Terraform's
    ");
    assert_snapshot!(refused("-- credential-process"), @"
    error: `credential-process` is a command of rolewrap and not of Terraform, so nothing was started
    hint: write: rolewrap credential-process
      cause: it stands behind two dashes, and what follows them is Terraform's
    ");
    assert_snapshot!(refused("-chdir=live whoam"), @"
    error: there is no command `whoam`, so nothing was started
    hint: did you mean `whoami`? For Terraform, write two dashes before it: rolewrap -- -chdir=live whoam
      cause: it is not a command of rolewrap, nor one of Terraform's that rolewrap knows
    ");
    assert_snapshot!(refused("nothing credential-process"), @"
    error: `nothing` is not a command of Terraform, so nothing was started
    hint: leave it out: rolewrap credential-process; an account is named by --account NAME
      cause: it stands before `credential-process`, which is a command of rolewrap and comes first
    ");
    let empty = machine.run(ROLEWRAP, ["", "exec", "true"]);
    assert_snapshot!(empty.ends_with(125).stderr(), @"
    error: `exec` is a command of rolewrap and not of Terraform, so nothing was started
    hint: write: rolewrap exec true
      cause: it stands behind an empty word, which is the first one then
    ");
    for line in [
        "-chdir=. account list",
        "-version whoami",
        "-- -chdir=. config show",
    ] {
        assert!(
            refused(line).contains(" is a command of rolewrap and not of Terraform"),
            "{line}"
        );
    }
    assert_eq!(stub.count(), 0);
    for line in ["plan --account prod", "workspace new export"] {
        let written = format!("-- {line}");
        rolewrap(&machine, &written).run().succeeds().prints(line);
    }
}
