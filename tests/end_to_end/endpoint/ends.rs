use std::net::TcpStream;
use std::os::unix::process::ExitStatusExt;
use std::time::Duration;

use rolewrap_lab::Answer;
use rustix::process::Signal;

use super::served::{Served, endpoint_at, expect_nothing_left, send, wait_until, with_endpoint};
use crate::given::{ROLE, machine, rolewrap, stub};

#[test]
fn the_endpoint_ends_with_the_command() {
    let stub = stub();
    let served = Served::start(with_endpoint(&machine(&stub)));
    let port = served.port;
    assert!(served.endpoint_id().is_some());
    assert_eq!(served.end().code(), Some(42));
    expect_nothing_left(port);
}

#[test]
fn the_endpoint_ends_with_a_command_that_is_killed() {
    let stub = stub();
    for signal in [
        Signal::KILL,
        Signal::TERM,
        Signal::INT,
        Signal::HUP,
        Signal::ABORT,
    ] {
        let served = Served::start(with_endpoint(&machine(&stub)));
        let port = served.port;
        assert_eq!(served.end_by(signal).signal(), Some(signal.as_raw()));
        expect_nothing_left(port);
    }
}

#[test]
fn the_endpoint_ends_with_the_command_and_not_with_what_that_left_behind() {
    let stub = stub();
    let machine = machine(&stub);
    let outcome = with_endpoint(&machine)
        .args(["exec", "--", "sh", "-c"])
        .args(["sleep 300 >/dev/null 2>&1 & echo $! $AWS_CONTAINER_CREDENTIALS_FULL_URI"])
        .run();
    let said = outcome.succeeds().stdout();
    let (left, url) = said.trim().split_once(' ').unwrap();
    let port = url.split([':', '/']).nth(4).unwrap().parse().unwrap();
    wait_until("the endpoint is gone", || {
        endpoint_at(port).is_none() && TcpStream::connect(("127.0.0.1", port)).is_err()
    });
    // It inherited the port, so nobody else can take that as long as it lives and believes in the address.
    assert!(std::net::TcpListener::bind(("127.0.0.1", port)).is_err());
    send(left.parse().unwrap(), Signal::KILL);
    expect_nothing_left(port);
}

/// The port of the endpoint in what `-vv` says.
fn port_in(said: &str) -> u16 {
    let (_, rest) = said
        .split_once("endpoint 127.0.0.1:")
        .expect("an endpoint is started");
    rest.split(' ')
        .next()
        .and_then(|port| port.parse().ok())
        .expect("it has a port")
}

#[test]
fn no_endpoint_is_left_where_the_role_is_refused() {
    let stub = stub();
    stub.answer_by_default(Answer::error(403, "AccessDenied", "not authorized"));
    let outcome = with_endpoint(&machine(&stub)).args(["-vv", "exec", "true"]).run();
    outcome.ends_with(125).stderr_has("AccessDenied: not authorized");
    expect_nothing_left(port_in(outcome.stderr()));
}

#[test]
fn no_endpoint_is_left_where_the_command_does_not_start() {
    let stub = stub();
    let machine = machine(&stub).file("script", "#!/no/such/interpreter\n");
    machine.run("chmod", ["+x", "script"]).succeeds();
    let outcome = with_endpoint(&machine).args(["-vv", "exec", "./script"]).run();
    outcome.ends_with(127);
    expect_nothing_left(port_in(outcome.stderr()));
}

#[test]
fn no_endpoint_is_left_where_somebody_gives_up_while_aws_is_asked() {
    let stub = stub();
    stub.enqueue(Answer::success().after(Duration::from_mins(1)));
    for signal in [Signal::INT, Signal::KILL] {
        let machine = machine(&stub);
        let before = stub.count();
        let mut command = rolewrap(
            &machine,
            &format!("-vv --delivery endpoint --iam-role {ROLE} exec true"),
        )
        .with_default_signals()
        .into_command();
        let mut child = command.stderr(std::process::Stdio::piped()).spawn().unwrap();
        wait_until("STS is asked", || stub.count() > before);
        send(child.id(), signal);
        child.wait().unwrap();
        let mut said = String::new();
        std::io::Read::read_to_string(&mut child.stderr.take().unwrap(), &mut said).unwrap();
        expect_nothing_left(port_in(&said));
        stub.enqueue(Answer::success().after(Duration::from_mins(1)));
    }
}

#[test]
fn nobody_answers_in_the_place_of_an_endpoint_that_was_killed() {
    let stub = stub();
    let served = Served::start(with_endpoint(&machine(&stub)));
    send(served.endpoint_id().unwrap(), Signal::KILL);
    // A process that ends has lost its name a moment before its sockets are closed.
    wait_until("the endpoint is gone", || served.connect().is_err());
    let refused = served.connect().unwrap_err();
    assert_eq!(refused.kind(), std::io::ErrorKind::ConnectionRefused);
    // Another program of the same user wants the address, with the command still running.
    let taken = std::net::TcpListener::bind(("127.0.0.1", served.port)).unwrap_err();
    assert_eq!(taken.kind(), std::io::ErrorKind::AddrInUse);
    let port = served.port;
    assert_eq!(served.end().code(), Some(42));
    expect_nothing_left(port);
}

#[test]
fn a_service_that_is_stopped_keeps_the_session_until_the_command_has_ended() {
    let stub = stub();
    let served = Served::start(with_endpoint(&machine(&stub)));
    let endpoint = served.endpoint_id().unwrap();
    for signal in [Signal::TERM, Signal::INT, Signal::HUP, Signal::QUIT] {
        send(endpoint, signal);
        assert_eq!(served.ask().status, 200);
    }
    assert_eq!(served.endpoint_id(), Some(endpoint));
}
