//! The lab's keyring is a real one, of its own, and goes away.

use std::os::unix::net::UnixStream;

use rolewrap_lab::SecretService;

const ATTRIBUTES: &str = "service lab username test";

#[test]
fn what_was_put_is_found_until_it_is_locked() {
    let service = SecretService::start().unwrap();
    service.lookup(ATTRIBUTES).ends_with(1).prints("");
    service.put(ATTRIBUTES, "canary");
    service.lookup(ATTRIBUTES).succeeds().prints("canary");
    service.lock();
    service.lookup(ATTRIBUTES).ends_with(1).lacks("canary");
}

#[test]
fn two_keyrings_know_nothing_of_each_other() {
    let (one, two) = (SecretService::start().unwrap(), SecretService::start().unwrap());
    one.put(ATTRIBUTES, "canary");
    two.lookup(ATTRIBUTES).ends_with(1).prints("");
}

#[test]
fn a_bus_can_be_without_a_keyring() {
    SecretService::absent()
        .unwrap()
        .lookup(ATTRIBUTES)
        .ends_with(1)
        .stderr_has("org.freedesktop.secrets");
}

#[test]
fn it_ends_when_it_is_dropped() {
    let service = SecretService::start().unwrap();
    service.put(ATTRIBUTES, "canary");
    let [(_, address)] = service.variables();
    let socket = address
        .trim_start_matches("unix:path=")
        .split(',')
        .next()
        .unwrap()
        .to_owned();
    UnixStream::connect(&socket).unwrap();
    drop(service);
    UnixStream::connect(&socket).unwrap_err();
}
