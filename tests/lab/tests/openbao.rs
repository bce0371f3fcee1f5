//! The lab's OpenBao is a real server, and ends with the test.

use std::net::TcpStream;

use rolewrap_lab::OpenBao;
use serde_json::{Value, json};

#[test]
fn it_enforces_its_policies() {
    let server = OpenBao::start().expect("OpenBao starts");
    server.put("aws/security", &json!({ "field": "value" }));
    let read = |client_token: &str| {
        let path = "secret/data/aws/security";
        server.ask("GET", path, client_token, &Value::Null)
    };
    let (status, answer) = read(&server.token(&["reader"]));
    assert_eq!((status, &answer["data"]["data"]["field"]), (200, &json!("value")));
    assert_eq!(read(&server.token(&["default"])).0, 403);
    assert_eq!(read("").0, 403);
}

#[test]
fn it_serves_nothing_while_it_is_sealed_and_is_gone_when_it_is_dropped() {
    let server = OpenBao::start().expect("OpenBao starts");
    let mounts = || server.ask("GET", "sys/mounts", server.root(), &Value::Null).0;
    server.seal();
    assert_eq!(mounts(), 503);
    server.unseal();
    assert_eq!(mounts(), 200);
    let address = server.url().replace("http://", "");
    drop(server);
    assert!(TcpStream::connect(address).is_err(), "nobody listens");
}
