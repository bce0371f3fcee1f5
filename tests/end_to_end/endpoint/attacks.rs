use std::io::{Read, Write};
use std::net::TcpStream;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use super::served::{Served, with_endpoint};
use crate::given::{machine, stub};

/// Everything secret in an answer begins like this, in the stub's answers.
const SECRET: &str = rolewrap_lab::StsStub::SECRET_PREFIX;

#[test]
fn another_program_that_does_not_know_the_token_is_refused() {
    let stub = stub();
    let served = Served::start(with_endpoint(&machine(&stub)));
    let guesses = ["", "Authorization: guess\r\n", "Authorization: Bearer guess\r\n"];
    for guess in guesses {
        let host = format!("Host: 127.0.0.1:{}\r\n", served.port);
        let reply = served.send(&format!("GET /session HTTP/1.1\r\n{host}{guess}\r\n"));
        assert_eq!(reply.status, 401, "{reply:?}");
        assert_eq!(reply.field("Code"), "AccessDenied");
        assert!(reply.head.contains("connection: close"), "{reply:?}");
        assert!(!reply.body.contains(SECRET), "{reply:?}");
    }
    assert_eq!(served.ask().status, 200);
}

#[test]
fn a_web_page_and_a_name_that_was_made_to_point_here_are_refused_also_with_the_token() {
    let stub = stub();
    let served = Served::start(with_endpoint(&machine(&stub)));
    let good = served.good_request();
    let page = good.replace("\r\n\r\n", "\r\nOrigin: https://evil.example\r\n\r\n");
    let rebound = good.replace("Host: 127.0.0.1", "Host: evil.example");
    let preflight = page
        .replace("GET", "OPTIONS")
        .replace("\r\n\r\n", "\r\nAccess-Control-Request-Method: GET\r\n\r\n");
    for request in [&page, &rebound, &preflight] {
        let reply = served.send(request);
        assert_eq!(reply.status, 403, "{request}\n{reply:?}");
        assert!(!reply.head.contains("access-control"), "{reply:?}");
        assert!(!reply.body.contains(SECRET), "{reply:?}");
    }
}

#[test]
fn another_method_and_another_path_are_refused_also_with_the_token() {
    let stub = stub();
    let served = Served::start(with_endpoint(&machine(&stub)));
    let good = served.good_request();
    let posted = served.send(&good.replace("GET", "POST"));
    assert_eq!(posted.status, 405, "{posted:?}");
    assert!(posted.head.contains("allow: get"), "{posted:?}");
    for path in ["/", "/session?role=admin", "/latest/meta-data/"] {
        assert_eq!(served.send(&good.replace("/session", path)).status, 404, "{path}");
    }
}

#[test]
fn what_is_no_request_at_all_harms_nobody() {
    let stub = stub();
    let served = Served::start(with_endpoint(&machine(&stub)));
    let long = "x".repeat(100_000);
    let good = served.good_request();
    let many_lines = "X: y\r\n".repeat(200);
    for request in [
        "\r\n\r\n".to_owned(),
        "GET\r\n\r\n".to_owned(),
        "\u{0}\u{1}\u{2}".repeat(5000),
        format!("GET /{long} HTTP/1.1\r\n\r\n"),
        good.replace("\r\n\r\n", &format!("\r\nX-Long: {long}\r\n\r\n")),
        good.replace("\r\n\r\n", &format!("\r\n{many_lines}\r\n")),
        good.replace("HTTP/1.1", "HTTP/2.0"),
    ] {
        let reply = served.send(&request);
        assert_ne!(reply.status, 200, "{reply:?}");
        assert!(!reply.body.contains(SECRET), "{reply:?}");
        assert_eq!(served.ask().status, 200);
    }
}

#[test]
fn two_hundred_stalled_connections_do_not_keep_the_command_waiting() {
    let stub = stub();
    let served = Served::start(with_endpoint(&machine(&stub)));
    // Half of them say nothing, half stop in the middle of a request.
    let stalled: Vec<TcpStream> = (0..200)
        .map(|number| {
            let mut stream = served.connect().unwrap();
            if number % 2 == 0 {
                stream.write_all(b"GET /session HTTP/1.1\r\nHost: ").unwrap();
            }
            stream
        })
        .collect();
    let began = Instant::now();
    assert_eq!(served.ask().status, 200);
    // After five seconds those that are stalled are closed in any case.
    assert!(began.elapsed() < Duration::from_secs(4), "{:?}", began.elapsed());
    // And the first of them were sent away for that.
    let mut first = stalled.first().unwrap();
    assert!(matches!(first.read(&mut [0; 1]), Ok(0) | Err(_)));
}

#[test]
fn a_connection_that_sends_nothing_is_closed() {
    let stub = stub();
    let served = Served::start(with_endpoint(&machine(&stub)));
    let mut idle = served.connect().unwrap();
    let mut answer = Vec::new();
    idle.read_to_end(&mut answer)
        .expect("it is closed before the test gives up");
    assert!(!String::from_utf8_lossy(&answer).contains(SECRET));
}

/// A container with the host's network: processes, files and users of its own, and this machine's 127.0.0.1. Root can
/// make one without any program for it.
#[test]
fn a_container_with_the_hosts_network_is_refused() {
    let stub = stub();
    let served = Served::start(with_endpoint(&machine(&stub)));
    let script = format!(
        "exec 3<>/dev/tcp/127.0.0.1/{0}; printf 'GET /session HTTP/1.1\\r\\nHost: 127.0.0.1:{0}\\r\\n\\r\\n' >&3; cat <&3; \
         echo; ls /proc | grep -c '^[0-9]'",
        served.port
    );
    let mut unshare = Command::new("unshare");
    if !rustix::process::geteuid().is_root() {
        unshare.args(["--user", "--map-root-user"]);
    }
    let output = unshare
        .args(["--pid", "--fork", "--mount-proc", "bash", "-c", &script])
        .stdin(Stdio::null())
        .output()
        .expect("unshare is there");
    let said = String::from_utf8_lossy(&output.stdout);
    let trouble = String::from_utf8_lossy(&output.stderr);
    assert!(said.starts_with("HTTP/1.1 401"), "{said}{trouble}");
    assert!(!said.contains(SECRET), "{said}");
    // It is one: it sees its own few processes, and so nobody's environment.
    let processes: u32 = said
        .trim()
        .lines()
        .last()
        .and_then(|count| count.parse().ok())
        .unwrap();
    assert!(processes < 10, "{said}");
}
