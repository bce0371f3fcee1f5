//! Runs of rolewrap inside of runs of rolewrap.

use rolewrap_lab::{Invocation, Sandbox};

use crate::given::{KEY, ROLE, ROLEWRAP, SECRET, machine, stub};

/// rolewrap, which is ended where it would start itself for ever.
fn rolewrap(machine: &Sandbox, arguments: &str) -> Invocation {
    limited(machine.command(ROLEWRAP).args(arguments.split_whitespace()))
}

fn limited(invocation: Invocation) -> Invocation {
    invocation.wrapped("/usr/bin/timeout", &["--kill-after=1", "20"])
}

/// The machine with rolewrap on its `PATH`, and behind it a Terraform that says where it is.
fn with_terraform_behind(machine: Sandbox) -> Sandbox {
    let path = format!("{}/bin:{0}/real:/usr/bin:/bin", machine.root().display());
    let machine = machine
        .program(ROLEWRAP.as_ref())
        .env("PATH", path)
        .env("ROLEWRAP_IAM_ROLE", ROLE)
        .file("../real/terraform", "#!/bin/sh\necho real $*\n");
    machine.run("chmod", ["+x", "../real/terraform"]).succeeds();
    machine
}

/// An executable file of the machine's `PATH`.
fn script(machine: Sandbox, name: &str, text: &str) -> Sandbox {
    let file = format!("../bin/{name}");
    let machine = machine.file(&file, text);
    machine.run("chmod", ["+x", &file]).succeeds();
    machine
}

#[test]
fn terraform_is_looked_for_behind_rolewrap() {
    let stub = stub();
    let machine = with_terraform_behind(machine(&stub));
    for stand_in in ["rolewrap", ROLEWRAP, "terraform"] {
        let run = rolewrap(&machine, "plan").env("TG_TF_PATH", stand_in);
        run.run().succeeds().prints("real plan");
    }
    machine.run("ln", ["-s", ROLEWRAP, "../bin/terraform"]).succeeds();
    let run = machine.command("terraform").args(["plan"]);
    limited(run).run().succeeds().prints("real plan");
    let refused = rolewrap(&machine, "--terraform rolewrap plan").run();
    refused.ends_with(125).stderr_has("from: option --terraform");
    assert_eq!(stub.count(), 1, "all of them share one session");
}

#[test]
fn a_wrapper_that_calls_rolewrap_has_terraform_behind_itself() {
    let stub = stub();
    let machine = with_terraform_behind(machine(&stub).env("AWS_SESSION_TOKEN", "canary-token"));
    let wrapper = "#!/bin/sh\nexport ROLEWRAP_IAM_ROLE=$ROLE\nexec rolewrap \"$@\"\n";
    let machine = script(machine.env("ROLE", ROLE), "terraform", wrapper);
    rolewrap(&machine, "version")
        .run()
        .succeeds()
        .prints("real version");
    machine.run("rm", ["../real/terraform"]).succeeds();
    let refused = rolewrap(&machine, "version").run();
    refused
        .ends_with(127)
        .stderr_has("no Terraform was found behind its wrapper");
}

#[test]
fn a_program_that_needs_its_own_source_is_refused_at_once() {
    let stub = stub();
    let machine = Sandbox::new()
        .system_programs()
        .program(ROLEWRAP.as_ref())
        .env("AWS_ENDPOINT_URL_STS", stub.url());
    let file = machine.root().join("key");
    let tool = |account: &str| {
        format!(
            "source = 'tool'\n[sources.tool]\ntype = 'process'\ncommand = ['rolewrap', '--account', '{account}', 'credential-process']\n\
             [sources.other]\ntype = 'process'\ncommand = ['cat', '{}']\n\
             [accounts.a]\nid = '123456789012'\nrole = 'deploy'\n[accounts.b]\nid = '210987654321'\nrole = 'base'\nsource = 'other'\n",
            file.display()
        )
    };
    let key = format!(r#"{{"Version": 1, "AccessKeyId": "{KEY}", "SecretAccessKey": "{SECRET}"}}"#);
    let circle = tool("a");
    let machine = machine.file("../key", &key);
    let machine = machine.file("../config/rolewrap/config.toml", &circle);
    let refused = rolewrap(&machine, "--account a exec true").run();
    refused
        .ends_with(125)
        .stderr_has("the command of source tool needs itself")
        .stderr_has("tool.command > tool.command")
        .stderr_has("config.toml:4");
    assert_eq!(stub.count(), 0);

    let machine = machine.file("../config/rolewrap/config.toml", &tool("b"));
    rolewrap(&machine, "--account a exec true").run().succeeds();
    assert_eq!(stub.count(), 2, "another account is not a circle");
}

#[test]
fn a_program_that_needs_the_code_that_it_is_to_print_is_refused_at_once() {
    let stub = stub();
    let configuration = "mfa_serial = 'arn:aws:iam::123456789012:mfa/alice'\n\
        mfa_command = ['rolewrap', '--iam-role', 'arn:aws:iam::123456789012:role/deploy', 'credential-process']\n";
    let machine = machine(&stub)
        .program(ROLEWRAP.as_ref())
        .file("../config/rolewrap/config.toml", configuration);
    let refused = rolewrap(&machine, &format!("--iam-role {ROLE} exec true")).run();
    refused
        .ends_with(125)
        .stderr_has("the mfa_command of source env needs itself")
        .stderr_has("env.mfa_command > env.mfa_command");
    assert_eq!(stub.count(), 0);
}

/// The machine with accounts in two partitions and one without a region, and a key that does not come from variables.
fn with_accounts(machine: Sandbox) -> Sandbox {
    let key = machine.root().join("key");
    let configuration = format!(
        "source = 'tool'\n[sources.tool]\ntype = 'process'\ncommand = ['cat', '{}']\n\
         [accounts.a]\nid = '123456789012'\nrole = 'deploy'\nregion = 'eu-west-1'\n\
         [accounts.gov]\nid = '210987654321'\nrole = 'deploy'\nregion = 'us-gov-west-1'\n\
         [accounts.plain]\nid = '333333333333'\nrole = 'deploy'\n",
        key.display()
    );
    let document = format!(r#"{{"Version": 1, "AccessKeyId": "{KEY}", "SecretAccessKey": "{SECRET}"}}"#);
    machine
        .program(ROLEWRAP.as_ref())
        .file("../key", &document)
        .file("../config/rolewrap/config.toml", &configuration)
}

#[test]
fn a_region_that_rolewrap_set_counts_for_its_own_account_alone() {
    let stub = stub();
    let machine = with_accounts(machine(&stub));
    let inside = |machine: &Sandbox, account: &str| {
        let arguments = format!("--account a exec rolewrap --account {account} exec env");
        let outcome = rolewrap(machine, &arguments).run();
        let lines = outcome.succeeds().stdout().lines();
        let regions =
            lines.filter(|line| line.starts_with("AWS_REGION=") || line.starts_with("AWS_DEFAULT_REGION="));
        let mut regions: Vec<_> = regions.map(str::to_owned).collect();
        regions.sort();
        regions
    };
    let both = |region: &str| {
        [
            format!("AWS_DEFAULT_REGION={region}"),
            format!("AWS_REGION={region}"),
        ]
    };
    assert_eq!(inside(&machine, "a"), both("eu-west-1"));
    assert_eq!(inside(&machine, "gov"), both("us-gov-west-1"));
    assert_eq!(inside(&machine, "plain"), <[String; 0]>::default());
    let machine = machine.env("AWS_REGION", "eu-west-3");
    assert_eq!(
        inside(&machine, "plain"),
        both("eu-west-3"),
        "a person set it, for all accounts"
    );
}

#[test]
fn what_terragrunt_got_for_one_account_says_nothing_about_the_region_of_another() {
    let stub = stub();
    let machine = with_accounts(machine(&stub));
    let answer = |account: &str, environment: &[(String, String)]| {
        let asked = rolewrap(
            &machine,
            &format!("--account {account} export --format terragrunt"),
        );
        let outcome = asked.envs(environment.iter().cloned()).run();
        let document: serde_json::Value = serde_json::from_str(outcome.succeeds().stdout()).unwrap();
        let envs = document["envs"].as_object().unwrap().iter();
        let text = |value: &serde_json::Value| value.as_str().unwrap().to_owned();
        envs.map(|(name, value)| (name.clone(), text(value)))
            .collect::<Vec<_>>()
    };
    let region = |envs: &[(String, String)]| {
        let found = envs.iter().find(|(name, _)| name == "AWS_REGION");
        found.map(|(_, region)| region.clone())
    };
    let first = answer("a", &[]);
    assert_eq!(region(&first).as_deref(), Some("eu-west-1"));
    assert_eq!(region(&answer("a", &first)).as_deref(), Some("eu-west-1"));
    assert_eq!(region(&answer("gov", &first)).as_deref(), Some("us-gov-west-1"));
    assert_eq!(region(&answer("plain", &first)), None);
}

/// What a shell finds in its environment when rolewrap, inside of `rolewrap --account a`, is run with these words.
fn inside_of_a(machine: &Sandbox, words: &str) -> rolewrap_lab::Outcome {
    rolewrap(machine, &format!("--account a exec rolewrap {words}")).run()
}

/// The key in the environment that `env` printed.
fn key(outcome: &rolewrap_lab::Outcome) -> String {
    let mut lines = outcome.succeeds().stdout().lines();
    let line = lines.find(|line| line.starts_with("AWS_ACCESS_KEY_ID="));
    line.unwrap_or_default().to_owned()
}

#[test]
fn a_run_inside_of_a_session_uses_what_is_there_where_it_would_ask_for_the_same() {
    let stub = stub();
    // Neither a cache nor a keyring helps here.
    let machine = with_accounts(machine(&stub))
        .env("ROLEWRAP_SOURCE", "env")
        .env("ROLEWRAP_NO_CACHE", "true");
    let same = inside_of_a(&machine, "--source env --no-cache --account a exec env");
    assert_eq!(key(&same), "AWS_ACCESS_KEY_ID=ASIASTUB000000000001");
    let twice =
        "--source env --no-cache --account a exec rolewrap --source env --no-cache --account a exec env";
    assert_eq!(
        key(&inside_of_a(&machine, twice)),
        "AWS_ACCESS_KEY_ID=ASIASTUB000000000002"
    );
    assert_eq!(stub.count(), 2);

    for other in [
        "--account gov",
        "--account a --duration 30m",
        "--account a --tag a=b",
    ] {
        let refused = inside_of_a(&machine, &format!("--source env --no-cache {other} exec env"));
        refused
            .ends_with(125)
            .stderr_has("you are inside a session of rolewrap for a, and this run needs another one")
            .stderr_has("source env reads what that session does not hand on: AWS_ACCESS_KEY_ID")
            .stderr_has("name a source that can be asked here with --source");
    }
    let order = inside_of_a(&machine, "--no-cache --account gov exec env");
    order.succeeds();
    let nothing = inside_of_a(&machine, "exec env");
    nothing
        .ends_with(125)
        .stderr_has("you are inside a session of rolewrap for a");
    for request in stub.requests() {
        assert_eq!(request.access_key_id(), Some(KEY), "no session signs");
    }
}

#[test]
fn a_run_inside_of_a_session_falls_back_to_no_other_key_than_that_of_the_run_around_it() {
    let stub = stub();
    let machine = with_accounts(machine(&stub));
    let file = machine.config_home().join("rolewrap/config.toml");
    let text = std::fs::read_to_string(&file).unwrap();
    let machine = machine.file(
        &file,
        &text.replace("source = 'tool'", "source = ['env', 'tool']"),
    );
    inside_of_a(&machine, "--account gov exec env")
        .ends_with(125)
        .stderr_has("you are inside a session of rolewrap for a");
    assert_eq!(stub.count(), 1);
    inside_of_a(&machine, "--source tool --account gov exec env").succeeds();
    let endpoint = "--delivery endpoint --account a exec rolewrap --account gov exec env";
    rolewrap(&machine, endpoint)
        .run()
        .ends_with(125)
        .stderr_has("inside a session");

    // A person's key takes the place of the session.
    let script = format!(
        "AWS_SESSION_TOKEN= AWS_SECURITY_TOKEN= AWS_ACCESS_KEY_ID={KEY} AWS_SECRET_ACCESS_KEY={SECRET} exec rolewrap --account gov exec env"
    );
    let own = machine
        .command(ROLEWRAP)
        .args(["--account", "a", "exec", "sh", "-c", &script]);
    limited(own).run().succeeds();
}

#[test]
fn what_was_exported_is_a_session_and_no_base_credentials() {
    let stub = stub();
    let machine = with_accounts(machine(&stub)).env("ROLEWRAP_SOURCE", "env");
    let shell = |line: &str| {
        let script = format!("eval \"$(rolewrap --account a export)\" && {line}");
        limited(machine.command("/bin/sh").args(["-c", &script])).run()
    };
    let again = shell("rolewrap --no-cache --account a exec env");
    assert_eq!(key(&again), "AWS_ACCESS_KEY_ID=ASIASTUB000000000001");
    shell("rolewrap --account gov exec env")
        .ends_with(125)
        .stderr_has("you are inside a session of rolewrap for a");
    // A mark that somebody forged makes nothing but a refusal, and hides no key of a person.
    let forged = shell("ROLEWRAP_SESSION_SHAPE=0 rolewrap --no-cache --account a exec env");
    forged.ends_with(125);
    let forged = rolewrap(&machine, "--account gov exec env").env("ROLEWRAP_SESSION_KEY", KEY);
    forged.run().succeeds();
    for request in stub.requests() {
        assert_eq!(request.access_key_id(), Some(KEY), "no session signs");
    }
}

#[test]
fn what_an_endpoint_hides_is_given_back_to_the_sources_of_a_run_inside_and_the_endpoint_is_none_of_them() {
    let stub = stub();
    // A source that says what it sees, and that has a key of its own.
    let script = format!(
        "env | grep -E '^AWS_(CONFIG|SHARED|CONTAINER|SDK)' | sort > \"$SEEN\"\necho '{{\"Version\": 1, \"AccessKeyId\": \"{KEY}\", \"SecretAccessKey\": \"{SECRET}\"}}'\n"
    );
    let machine = with_accounts(machine(&stub));
    let tool = machine.root().join("seen.sh");
    let file = machine.config_home().join("rolewrap/config.toml");
    let text = std::fs::read_to_string(&file).unwrap();
    let source = format!(
        "[sources.seen]\ntype = 'process'\ncommand = ['sh', '{}']\n",
        tool.display()
    );
    let seen = machine.root().join("seen");
    let machine = machine
        .file(&tool, &script)
        .file(&file, &format!("{text}\n{source}"))
        .env("AWS_CONFIG_FILE", "/home/alice/aws config")
        .env("SEEN", &seen);
    let seen_by = |words: &str| {
        let outcome = rolewrap(&machine, words).run();
        outcome.succeeds();
        (
            std::fs::read_to_string(&seen).unwrap(),
            outcome.stdout().to_owned(),
        )
    };
    let outside = "AWS_CONFIG_FILE=/home/alice/aws config\n";
    let inner = "rolewrap --no-cache --source seen --account gov";
    let endpoint = "--delivery endpoint --account a exec";
    let (seen, environment) = seen_by(&format!("{endpoint} {inner} exec env"));
    assert_eq!(seen, outside);
    assert!(environment.contains(outside), "{environment}");
    assert!(!environment.contains("AWS_CONTAINER_"), "{environment}");
    let (seen, environment) = seen_by(&format!("{endpoint} {inner} --delivery endpoint exec env"));
    assert_eq!(seen, outside);
    assert!(
        environment.contains("AWS_CONFIG_FILE=/dev/null\n"),
        "{environment}"
    );
    for request in stub.requests() {
        assert_eq!(request.access_key_id(), Some(KEY), "no session signs");
    }
}
