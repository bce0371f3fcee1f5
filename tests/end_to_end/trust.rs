//! Project files that define a source, and trust in them.

use insta::assert_snapshot;
use rolewrap_lab::{Outcome, Sandbox, StsStub};

use crate::given::{KEY, ROLE, SECRET, rolewrap, stub};

const PROJECT: &str = "source = 'team'\n[sources.team]\ntype = 'process'\ncommand = ['./key.sh']\n";

/// A program of a repository that prints the key, and notes that it ran.
fn program(more: &str) -> String {
    format!(
        "#!/bin/sh\ntouch ran\n{more}\necho '{{\"Version\": 1, \"AccessKeyId\": \"{KEY}\", \"SecretAccessKey\": \"{SECRET}\"}}'\n"
    )
}

fn machine(stub: &StsStub) -> Sandbox {
    let machine = Sandbox::new()
        .system_programs()
        .env("AWS_ENDPOINT_URL_STS", stub.url())
        .file("rolewrap.toml", PROJECT)
        .file("key.sh", &program(""));
    machine.run("git", ["init", "--quiet"]).succeeds();
    machine.run("chmod", ["+x", "key.sh"]).succeeds();
    machine
}

fn run(machine: &Sandbox, options: &str) -> Outcome {
    rolewrap(
        machine,
        &format!("{options} --iam-role {ROLE} exec touch started"),
    )
    .run()
}

fn has(machine: &Sandbox, file: &str) -> bool {
    machine.work().join(file).exists()
}

fn shown(machine: &Sandbox, text: &str) -> String {
    let text = text.replace(&*machine.root().to_string_lossy(), "MACHINE");
    // The digest of a file is looked at by unit tests.
    let hex = |word: &str| word.len() == 64 && word.bytes().all(|byte| byte.is_ascii_hexdigit());
    let words = text.split_inclusive([':', ' ', '\n']);
    let words = words.map(|word| {
        let end = word.trim_end_matches([':', ' ', '\n']).len();
        let digits = &word[..end];
        if hex(digits) {
            word.replace(digits, "DIGEST")
        } else {
            word.to_owned()
        }
    });
    words.collect()
}

#[test]
fn a_source_of_a_repository_is_used_once_it_is_trusted_and_asked_about_again_when_its_program_changes() {
    let stub = stub();
    let machine = machine(&stub);
    run(&machine, "")
        .ends_with(125)
        .stderr_has("may not define a source");
    assert!(!has(&machine, "ran"), "an untrusted program does not run");
    rolewrap(&machine, "trust")
        .run()
        .ends_with(125)
        .stderr_has("there is no terminal to ask on");
    let trusted = rolewrap(&machine, "trust --yes").run();
    trusted.succeeds().stdout_has("Trusted sha256:");
    assert_snapshot!(shown(&machine, trusted.stderr()), @r#"
    MACHINE/work/rolewrap.toml would allow:
      sources.team.command = ["./key.sh"]
      sources.team.type = "process"
      file ./key.sh: sha256:DIGEST
    "#);
    run(&machine, "").succeeds();
    assert!(has(&machine, "started"));

    let machine = machine.file("key.sh", &program("# another line"));
    std::fs::remove_file(machine.work().join("started")).unwrap();
    run(&machine, "--refresh")
        .ends_with(125)
        .stderr_has("has changed since");
    let changed = rolewrap(&machine, "trust --yes").run();
    assert_snapshot!(shown(&machine, changed.stderr()), @r#"
    MACHINE/work/rolewrap.toml has changed since it was trusted. It would allow:
    - file ./key.sh: sha256:DIGEST
      sources.team.command = ["./key.sh"]
      sources.team.type = "process"
    + file ./key.sh: sha256:DIGEST
    "#);
    run(&machine, "--refresh").succeeds();
    rolewrap(&machine, "untrust")
        .run()
        .succeeds()
        .stdout_has("No longer trusted");
    run(&machine, "--refresh").ends_with(125);
    assert_snapshot!(rolewrap(&machine, "trust list").run().succeeds().stdout(), @"Nothing is trusted.");
}

#[test]
fn a_program_that_changes_while_it_runs_starts_nothing() {
    let stub = stub();
    let machine = machine(&stub).file("key.sh", &program("echo '# evil' >> key.sh"));
    rolewrap(&machine, "trust --yes").run().succeeds();
    run(&machine, "")
        .ends_with(125)
        .stderr_has("has changed since its content was found to be trusted")
        .lacks(SECRET);
    assert!(!has(&machine, "started"));
    assert_eq!(stub.count(), 0, "nothing was signed");
}

#[test]
fn a_ci_job_names_the_digest_and_another_content_is_refused_there_too() {
    let stub = stub();
    let machine = machine(&stub);
    let output = rolewrap(&machine, "trust show").run();
    let digest = output.succeeds().stdout().rsplit("digest: ").next().unwrap();
    let digest = digest.split(' ').next().unwrap().to_owned();
    run(&machine, &format!("--trust {digest}")).succeeds();
    run(&machine, "--trust sha256:12")
        .ends_with(125)
        .stderr_has("is not what can be trusted");
    let machine = machine.env("ROLEWRAP_TRUST", digest).env("CI", "true");
    run(&machine, "").succeeds();
    let machine = machine.file("key.sh", &program("# evil"));
    run(&machine, "--refresh").ends_with(125);
}

#[test]
fn a_worktree_and_a_submodule_with_the_same_content_are_trusted_and_has_changed() {
    let stub = stub();
    let machine = machine(&stub)
        .env("GIT_AUTHOR_NAME", "a")
        .env("GIT_AUTHOR_EMAIL", "a@example.com")
        .env("GIT_COMMITTER_NAME", "a")
        .env("GIT_COMMITTER_EMAIL", "a@example.com");
    machine.run("git", ["add", "."]).succeeds();
    machine.run("git", ["commit", "--quiet", "-m", "one"]).succeeds();
    rolewrap(&machine, "trust --yes").run().succeeds();
    machine
        .run("git", ["worktree", "add", "--quiet", "../other"])
        .succeeds();
    let other = machine.root().join("other");
    let in_other = || {
        rolewrap(&machine, "--refresh --iam-role")
            .args([ROLE, "exec", "true"])
            .directory("../other")
            .run()
    };
    in_other().succeeds();
    std::fs::write(other.join("key.sh"), program("# evil")).unwrap();
    in_other().ends_with(125);
    let itself = machine.work().display().to_string();
    let add = [
        "-c",
        "protocol.file.allow=always",
        "submodule",
        "--quiet",
        "add",
        &itself,
        "sub",
    ];
    machine.run("git", add).succeeds();
    rolewrap(&machine, "--refresh --iam-role")
        .args([ROLE, "exec", "true"])
        .directory("sub")
        .run()
        .succeeds();
}

#[test]
fn a_repository_without_such_a_part_needs_no_trust() {
    let machine = Sandbox::new().system_programs();
    rolewrap(&machine, "trust")
        .run()
        .ends_with(125)
        .stderr_has("there is no project file here");
    let machine = machine.file(
        "rolewrap.toml",
        "[accounts.dev]\nid = '111111111111'\nrole = 'deploy'\n",
    );
    let outcome = rolewrap(&machine, "trust").run();
    outcome.succeeds().stdout_has("needs no trust");
    assert!(!machine.root().join("state/rolewrap").exists());
}

#[test]
fn a_program_of_a_repository_runs_in_the_folder_whose_files_are_trusted() {
    let stub = stub();
    let machine = machine(&stub)
        .file("rolewrap.toml", &PROJECT.replace("'./key.sh'", "'sh', 'key.sh'"))
        .file("sub/key.sh", &program("touch evil"));
    rolewrap(&machine, "trust --yes").run().succeeds();
    let in_sub = rolewrap(&machine, "--iam-role")
        .args([ROLE, "exec", "touch", "started"])
        .directory("sub")
        .run();
    in_sub.succeeds();
    assert!(
        has(&machine, "sub/started"),
        "the command itself stays where it is"
    );
    assert!(has(&machine, "ran"));
    assert!(!has(&machine, "sub/ran"), "a file that nobody trusted has run");
    assert!(!has(&machine, "sub/evil"));
}

#[test]
fn a_file_that_is_named_within_an_argument_is_a_part_of_what_is_trusted() {
    let stub = stub();
    let command = "'sh', '-c', 'KEY=./key.sh; exec \"$KEY\"'";
    let machine = machine(&stub).file("rolewrap.toml", &PROJECT.replace("'./key.sh'", command));
    let shown = rolewrap(&machine, "trust show").run();
    shown.succeeds().stdout_has("file ./key.sh: sha256:");
    rolewrap(&machine, "trust --yes").run().succeeds();
    run(&machine, "").succeeds();
    let machine = machine.file("key.sh", &program("touch evil"));
    run(&machine, "--refresh").ends_with(125);
    assert!(!has(&machine, "evil"));
}
