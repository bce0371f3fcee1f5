//! Connections that break in the middle.

use std::io::{Read, Write};

use rolewrap_core::BaseCredentialSource;
use serde_json::json;

use crate::given::{KEY, failure, key, settings, source};

const TOKEN: (&str, &str) = ("VAULT_TOKEN", "canary-token");

/// Reads a request from each of `connections` and closes it, and answers on the one after them.
fn breaks_off(connections: usize) -> (String, std::thread::JoinHandle<()>) {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
    let url = format!("http://{}", listener.local_addr().expect("an address"));
    let body = json!({ "data": { "data": key(), "metadata": { "version": 1 } } }).to_string();
    let serving = std::thread::spawn(move || {
        for number in 0..=connections {
            let (mut connection, _) = listener.accept().expect("a connection");
            let read = connection.read(&mut [0; 4096]).expect("a request");
            assert_ne!(read, 0);
            if number == connections {
                let length = body.len();
                let answer = format!("HTTP/1.1 200 OK\r\ncontent-length: {length}\r\n\r\n{body}");
                connection.write_all(answer.as_bytes()).expect("an answer");
            }
        }
    });
    (url, serving)
}

#[tokio::test]
async fn a_connection_that_breaks_inside_a_request_is_made_again_and_not_for_ever() {
    let (url, serving) = breaks_off(2);
    let loaded = source(settings(&url), &[TOKEN]).load().await;
    assert_eq!(loaded.expect("another node answers").access_key_id(), KEY);
    serving.join().expect("it served");
    let (url, serving) = breaks_off(3);
    assert_eq!(
        failure(settings(&url), &[TOKEN]).await,
        "reach source team: the connection to SERVER broke before there was an answer"
    );
    drop(
        std::net::TcpStream::connect(url.trim_start_matches("http://")).map(|mut end| end.write_all(b"end")),
    );
    serving.join().expect("it served");
}
