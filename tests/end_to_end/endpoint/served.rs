use std::collections::BTreeMap;
use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{Ipv4Addr, TcpStream};
use std::process::{Child, ChildStdin, ExitStatus, Stdio};
use std::thread;
use std::time::Instant;

use rolewrap_lab::{Invocation, PATIENCE, Sandbox};
use serde_json::Value;

use crate::given::{ROLE, rolewrap};

/// What ends the list of variables that the command prints.
const END: &str = "END OF VARIABLES";

/// A command that runs with an endpoint, until it is told to end. Its session is asked for by the test itself, with what
/// the command found in its environment.
pub(crate) struct Served {
    child: Child,
    stdin: Option<ChildStdin>,
    pub(crate) variables: BTreeMap<String, String>,
    pub(crate) port: u16,
    pub(crate) token: String,
}

/// What an endpoint answered.
#[derive(Debug)]
pub(crate) struct Reply {
    pub(crate) status: u16,
    pub(crate) head: String,
    pub(crate) body: String,
}

impl Reply {
    /// A field of the document in its body.
    pub(crate) fn field(&self, name: &str) -> String {
        let document: Value = serde_json::from_str(&self.body).expect("the body is JSON");
        document[name].as_str().unwrap_or_default().to_owned()
    }
}

/// rolewrap with delivery through an endpoint, up to the command.
pub(crate) fn with_endpoint(machine: &Sandbox) -> Invocation {
    rolewrap(machine, &format!("--delivery endpoint --iam-role {ROLE}"))
}

impl Served {
    /// A command of rolewrap that is started as `invocation` says, and waits.
    pub(crate) fn start(invocation: Invocation) -> Self {
        let script = format!("env; echo {END}; read line; exit 42");
        Self::command(invocation.args(["exec", "--", "sh", "-c", &script]))
    }

    /// The same where `invocation` has the command, which prints its variables and then [`END`].
    fn command(invocation: Invocation) -> Self {
        let mut child = invocation
            .with_default_signals()
            .into_command()
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("the command starts");
        let lines = BufReader::new(child.stdout.take().expect("its output is a pipe")).lines();
        let variables: BTreeMap<String, String> = lines
            .map(|line| line.expect("the output is text"))
            .take_while(|line| line != END)
            .filter_map(|line| {
                line.split_once('=')
                    .map(|(name, value)| (name.to_owned(), value.to_owned()))
            })
            .collect();
        let url = variables.get("AWS_CONTAINER_CREDENTIALS_FULL_URI");
        let url = url.unwrap_or_else(|| panic!("the command has no endpoint: {variables:?}"));
        let port = url.split(['/', ':']).nth(4).and_then(|port| port.parse().ok());
        Self {
            stdin: child.stdin.take(),
            child,
            port: port.unwrap_or_else(|| panic!("{url} has no port")),
            token: variables["AWS_CONTAINER_AUTHORIZATION_TOKEN"].clone(),
            variables,
        }
    }

    /// The process id of the command, which is the one that was started.
    pub(crate) fn command_id(&self) -> u32 {
        self.child.id()
    }

    /// Asks as the SDKs do.
    pub(crate) fn ask(&self) -> Reply {
        self.send(&self.good_request())
    }

    /// A request as the SDKs make it.
    pub(crate) fn good_request(&self) -> String {
        format!(
            "GET /session HTTP/1.1\r\nHost: 127.0.0.1:{}\r\nAuthorization: {}\r\nConnection: close\r\n\r\n",
            self.port, self.token
        )
    }

    /// Sends `request` as it is, and reads to the end of the connection.
    pub(crate) fn send(&self, request: &str) -> Reply {
        let mut stream = self.connect().expect("the endpoint listens");
        // Who is refused may be closed on while it still writes.
        let _ = stream.write_all(request.as_bytes());
        let mut answer = Vec::new();
        let _ = stream.read_to_end(&mut answer);
        let answer = String::from_utf8_lossy(&answer);
        let (head, body) = answer.split_once("\r\n\r\n").unwrap_or((&answer, ""));
        Reply {
            status: head
                .split(' ')
                .nth(1)
                .and_then(|status| status.parse().ok())
                .unwrap_or_default(),
            head: head.to_lowercase(),
            body: body.to_owned(),
        }
    }

    pub(crate) fn connect(&self) -> std::io::Result<TcpStream> {
        let stream = TcpStream::connect((Ipv4Addr::LOCALHOST, self.port))?;
        stream.set_read_timeout(Some(PATIENCE))?;
        Ok(stream)
    }

    /// Asks until `is_it` says so of an answer.
    pub(crate) fn ask_until(&self, is_it: impl Fn(&Reply) -> bool) -> Reply {
        let deadline = Instant::now() + PATIENCE;
        loop {
            let reply = self.ask();
            if is_it(&reply) {
                return reply;
            }
            assert!(Instant::now() < deadline, "nothing else came than {reply:?}");
            thread::yield_now();
        }
    }

    /// The process id of the endpoint.
    pub(crate) fn endpoint_id(&self) -> Option<u32> {
        endpoint_at(self.port)
    }

    /// Lets the command end by itself.
    pub(crate) fn end(mut self) -> ExitStatus {
        drop(self.stdin.take());
        self.child.wait().expect("the command ends")
    }

    /// Sends `signal` to the command and waits for its end.
    pub(crate) fn end_by(mut self, signal: rustix::process::Signal) -> ExitStatus {
        send(self.command_id(), signal);
        self.child.wait().expect("the command ends")
    }
}

impl Drop for Served {
    fn drop(&mut self) {
        // A test that fails leaves no command behind.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Sends `signal` to the process `id`.
pub(crate) fn send(id: u32, signal: rustix::process::Signal) {
    let id = i32::try_from(id).ok().and_then(rustix::process::Pid::from_raw);
    rustix::process::kill_process(id.expect("a process has an id"), signal).expect("it is there");
}

/// The process id of the endpoint at `port`, by what it is called in the list of processes.
pub(crate) fn endpoint_at(port: u16) -> Option<u32> {
    let name = format!("rolewrap-credentials-endpoint\0127.0.0.1:{port}\0");
    let ids = fs::read_dir("/proc").expect("there is a list of processes");
    ids.filter_map(|entry| entry.ok()?.file_name().to_str()?.parse().ok())
        .find(|id: &u32| fs::read_to_string(format!("/proc/{id}/cmdline")).is_ok_and(|line| line == name))
}

/// Waits until neither the endpoint's process nor its port is there.
pub(crate) fn expect_nothing_left(port: u16) {
    wait_until("the endpoint is gone", || {
        endpoint_at(port).is_none() && TcpStream::connect((Ipv4Addr::LOCALHOST, port)).is_err()
    });
    // Nobody holds the port in any way: whoever comes next can have it.
    wait_until("the port is free", || {
        std::net::TcpListener::bind((Ipv4Addr::LOCALHOST, port)).is_ok()
    });
}

/// Waits until something is so that happens without anybody's doing.
#[track_caller]
pub(crate) fn wait_until(what: &str, is_so: impl Fn() -> bool) {
    let deadline = Instant::now() + PATIENCE;
    while !is_so() {
        assert!(Instant::now() < deadline, "it never comes that {what}");
        thread::yield_now();
    }
}
