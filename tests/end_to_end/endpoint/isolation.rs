use std::fs;
use std::io::Read;
use std::os::unix::fs::lchown;
use std::path::Path;
use std::process::{Command, Stdio};

use rolewrap_lab::{Invocation, Sandbox};

use super::served::{Served, with_endpoint};
use crate::given::{KEY, ROLE, ROLEWRAP, SECRET, machine, stub};

/// A user who is nobody's, for tests that run as root: root may look at everything.
const NOBODY: u32 = 65534;

/// The program under test for an ordinary user, and how to become one.
fn as_ordinary_user(machine: &Sandbox) -> Invocation {
    if !rustix::process::geteuid().is_root() {
        return with_endpoint(machine);
    }
    let program = machine.root().join("bin").join("rolewrap");
    fs::copy(ROLEWRAP, &program).expect("the program can be copied");
    give_away(machine.root());
    let (user, group) = (format!("--reuid={NOBODY}"), format!("--regid={NOBODY}"));
    machine
        .command("/usr/bin/setpriv")
        .args([user.as_str(), group.as_str(), "--clear-groups"])
        .args([program])
        .args(["--delivery", "endpoint", "--iam-role", ROLE])
}

fn give_away(path: &Path) {
    lchown(path, Some(NOBODY), Some(NOBODY)).expect("root may give a file away");
    if path.is_dir() && !path.is_symlink() {
        for entry in fs::read_dir(path).expect("the folder can be read") {
            give_away(&entry.expect("the folder can be read").path());
        }
    }
}

/// What an ordinary user, who is the one that the command runs as, prints with `script`.
fn ordinary_users(script: &str) -> String {
    let mut command = if rustix::process::geteuid().is_root() {
        let mut command = Command::new("setpriv");
        command.args([
            &format!("--reuid={NOBODY}"),
            &format!("--regid={NOBODY}"),
            "--clear-groups",
            "sh",
            "-c",
            script,
        ]);
        command
    } else {
        let mut command = Command::new("sh");
        command.args(["-c", script]);
        command
    };
    let output = command.stdin(Stdio::null()).output().expect("setpriv is there");
    format!(
        "{}{}",
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr)
    )
}

#[test]
fn another_program_of_the_same_user_sees_nothing_of_the_endpoint() {
    let stub = stub();
    let machine = machine(&stub);
    let served = Served::start(as_ordinary_user(&machine));
    let (command, endpoint) = (served.command_id(), served.endpoint_id().unwrap());
    // It is the same user, who may look at the command itself.
    assert!(ordinary_users(&format!("cat /proc/{command}/environ")).contains("AWS_CONTAINER"));
    for file in ["environ", "maps", "auxv", "mem"] {
        let said = ordinary_users(&format!("head -c 100 /proc/{endpoint}/{file}"));
        assert!(said.contains("Permission denied"), "{file}: {said}");
    }
    let said = ordinary_users(&format!("ls /proc/{endpoint}/fd"));
    assert!(said.contains("Permission denied"), "{said}");
    let limits = ordinary_users(&format!("cat /proc/{endpoint}/limits"));
    let core = limits.lines().find(|line| line.starts_with("Max core file size"));
    let fields: Vec<_> = core.unwrap_or(&limits).split_whitespace().collect();
    assert_eq!(fields[4..6], ["0", "0"], "{limits}");
    let traced = ordinary_users(&format!("strace -p {endpoint} -o /dev/null"));
    assert!(traced.contains("not permitted"), "{traced}");
}

#[test]
fn another_user_of_the_machine_learns_no_token_and_gets_no_session() {
    if !rustix::process::geteuid().is_root() {
        // Without root there is no second user to be. What is said below holds by the system's own rules then.
        eprintln!("NOT RUN: a second user can be had by root alone");
        return;
    }
    let stub = stub();
    let served = Served::start(with_endpoint(&machine(&stub)));
    let said = ordinary_users(&format!("cat /proc/{}/environ", served.command_id()));
    assert!(said.contains("Permission denied"), "{said}");
    let said = ordinary_users(&format!(
        "tr '\\0' '\\n' < /proc/{}/cmdline",
        served.endpoint_id().unwrap()
    ));
    assert!(
        said.contains("rolewrap-credentials-endpoint") && !said.contains(&served.token),
        "{said}"
    );
    let said = ordinary_users(&format!(
        "bash -c \"exec 3<>/dev/tcp/127.0.0.1/{0}; printf 'GET /session HTTP/1.1\\r\\nHost: 127.0.0.1:{0}\\r\\n\\r\\n' >&3; cat <&3\"",
        served.port
    ));
    assert!(said.starts_with("HTTP/1.1 401"), "{said}");
}

#[test]
fn the_endpoint_is_a_process_of_its_own_that_holds_nothing_of_the_users() {
    let stub = stub();
    let machine = machine(&stub);
    // The end of a pipe that rolewrap inherits and the command closes. Were it open in the endpoint as well, the other end
    // would not see its end.
    let (mut reader, writer) = std::io::pipe().unwrap();
    let command = "exec 7>&-; read line; exit 42";
    let mut child = machine
        .command("/bin/sh")
        .args(["-c", "exec \"$@\" 7>&1 1>&2", "sh", ROLEWRAP])
        .args([
            "--delivery",
            "endpoint",
            "--iam-role",
            ROLE,
            "exec",
            "--",
            "sh",
            "-c",
            command,
        ])
        .into_command()
        .stdin(Stdio::piped())
        .stdout(writer)
        .spawn()
        .unwrap();
    let mut rest = Vec::new();
    reader.read_to_end(&mut rest).unwrap();
    assert!(child.try_wait().unwrap().is_none(), "the command still runs");
    drop(child.stdin.take());
    assert_eq!(child.wait().unwrap().code(), Some(42));
}

#[test]
fn nothing_secret_is_in_the_list_of_processes() {
    let stub = stub();
    let served = Served::start(with_endpoint(&machine(&stub)));
    let id = served.endpoint_id().unwrap();
    let line = fs::read_to_string(format!("/proc/{id}/cmdline")).unwrap();
    assert_eq!(
        line,
        format!("rolewrap-credentials-endpoint\0127.0.0.1:{}\0", served.port)
    );
    // Root may read it, and what fed the source is not there either.
    let environment = fs::read_to_string(format!("/proc/{id}/environ")).unwrap_or_default();
    for secret in [KEY, SECRET, &served.token] {
        assert!(!environment.contains(secret), "{environment}");
    }
    let status = fs::read_to_string(format!("/proc/{id}/stat")).unwrap();
    let fields: Vec<&str> = status.rsplit(')').next().unwrap().split_whitespace().collect();
    let (parent, session, terminal) = (fields[1], fields[3], fields[4]);
    assert_ne!(
        parent,
        served.command_id().to_string(),
        "it is no child of the command"
    );
    assert_ne!(session, id.to_string(), "it leads no session");
    assert_eq!(terminal, "0", "it has no terminal");
}
