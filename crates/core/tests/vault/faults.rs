//! Servers that fail, move, or are none.

use std::time::{Duration, Instant};

use rolewrap_core::{BaseCredentialSource, SourceError};
use rolewrap_lab::{ProxyStub, VaultAnswer, VaultStub};
use serde_json::json;

use crate::given::{KEY, failure, key, settings, source, stub};

const PATH: &str = "secret/data/aws/security";
const TOKEN: (&str, &str) = ("VAULT_TOKEN", "canary-token");

fn found() -> VaultAnswer {
    VaultAnswer::json(
        200,
        &json!({ "data": { "data": key(), "metadata": { "version": 1 } } }),
    )
}

fn failed(status: u16, said: &str) -> VaultAnswer {
    VaultAnswer::json(status, &json!({ "errors": [said] }))
}

async fn succeeds(stub: &VaultStub) {
    let loaded = source(settings(&stub.url()), &[TOKEN]).load().await;
    assert_eq!(loaded.expect("the load succeeds").access_key_id(), KEY);
}

#[tokio::test]
async fn what_passes_by_itself_is_tried_again_and_not_for_ever() {
    for status in [412, 429, 500, 502, 503] {
        let stub = stub().answering(PATH, [failed(status, "later"), found()]);
        succeeds(&stub).await;
        assert_eq!(stub.requests().len(), 2, "{status}");
    }
    let stub = stub().answering(PATH, [failed(500, "internal\n\t* error")]);
    assert_eq!(
        failure(settings(&stub.url()), &[TOKEN]).await,
        "reach source team: SERVER answered 500: internal * error"
    );
    assert_eq!(stub.requests().len(), 3);
}

#[tokio::test]
async fn what_does_not_pass_is_asked_for_once() {
    for (status, calls) in [(400, 1), (405, 1), (501, 1), (403, 3)] {
        let stub = stub().answering(PATH, [failed(status, "no")]);
        failure(settings(&stub.url()), &[TOKEN]).await;
        // A denial is looked into.
        assert_eq!(stub.requests().len(), calls, "{status}");
    }
}

#[tokio::test]
async fn a_server_says_how_long_to_wait() {
    let busy = failed(429, "busy").with_header("retry-after", "0");
    let answers = std::iter::repeat_n(busy, 14).chain([found()]);
    let stub = stub().answering(PATH, answers);
    let mut twice = settings(&stub.url());
    twice.addresses.push(stub.url());
    let start = Instant::now();
    source(twice, &[TOKEN]).load().await.unwrap();
    // Without its word, the waits between eight rounds come to 15.75 seconds.
    assert!(start.elapsed() < Duration::from_secs(10), "{:?}", start.elapsed());
}

#[tokio::test]
async fn a_standby_that_cannot_serve_is_passed_over() {
    let open = stub().answering(PATH, [found()]);
    for status in [472, 473] {
        let standby = stub().answering(PATH, [VaultAnswer::raw(status, "")]);
        let message = failure(settings(&standby.url()), &[TOKEN]).await;
        assert_eq!(
            message,
            format!(
                "reach source team: SERVER is a standby that does not answer for the active node (status {status})"
            )
        );
        let mut several = settings(&standby.url());
        several.addresses.push(open.url());
        source(several, &[TOKEN]).load().await.unwrap();
    }
}

#[tokio::test]
async fn a_redirect_to_the_active_node_is_followed_with_all_that_the_request_carries() {
    let active = stub().answering(PATH, [found()]);
    let location = format!("{}/v1/{PATH}", active.url());
    let standby = stub().answering(
        PATH,
        [VaultAnswer::raw(307, "").with_header("location", &location)],
    );
    succeeds(&standby).await;
    assert_eq!(active.requests()[0].client_token.as_deref(), Some(TOKEN.1));
}

#[tokio::test]
async fn a_redirect_to_a_login_page_or_in_a_circle_is_not_followed() {
    let elsewhere = stub();
    for (location, expected) in [
        (
            format!("{}/login", elsewhere.url()),
            "it redirects to another path",
        ),
        (format!("/v1/{PATH}"), "it redirects in a circle"),
        (
            "ftp://x".to_owned(),
            "it redirects to something that is not a server",
        ),
        ("http://[".to_owned(), "it redirects to what is no URL"),
    ] {
        let stub = stub().answering(
            PATH,
            [VaultAnswer::raw(302, "").with_header("location", &location)],
        );
        let message = failure(settings(&stub.url()), &[TOKEN]).await;
        assert!(message.contains(expected), "{location}: {message}");
    }
    assert!(elsewhere.requests().is_empty(), "nobody got the token");
}

#[tokio::test]
async fn what_is_not_vault_is_said_to_be_so() {
    let mut long = br#"{"data":""#.to_vec();
    long.resize(10 * 1024 * 1024, b'x');
    for (answer, expected) in [
        (VaultAnswer::raw(200, ""), "the answer is empty"),
        (
            VaultAnswer::raw(200, "<html>canary</html>"),
            "the answer is not the JSON of its API (line 1, column 1)",
        ),
        (
            VaultAnswer::raw(200, "{\"data\": \"canary\"}"),
            "the answer is not the JSON of its API",
        ),
        (
            VaultAnswer::raw(200, b"\xff\xfe".to_vec()),
            "the answer is not the JSON of its API",
        ),
        (
            VaultAnswer::raw(200, long),
            "the answer is longer than 1048576 bytes",
        ),
        (
            VaultAnswer::raw(404, "<html>canary</html>"),
            "status 404 without a list of errors",
        ),
        (VaultAnswer::raw(400, "<html>canary</html>"), "status 400"),
    ] {
        let stub = stub().answering(PATH, [answer]);
        let message = failure(settings(&stub.url()), &[TOKEN]).await;
        assert!(
            message.starts_with("reach source team: what answers at SERVER is not Vault, or not as asked: "),
            "{message}"
        );
        assert!(message.contains(expected), "{message}");
    }
}

#[tokio::test]
async fn a_secret_that_is_no_table_of_fields_is_no_key() {
    for data in [json!({}), json!({ "data": null, "metadata": { "version": 1 } })] {
        let stub = stub().answering(PATH, [VaultAnswer::json(200, &json!({ "data": data }))]);
        let error = source(settings(&stub.url()), &[TOKEN]).load().await.unwrap_err();
        assert!(
            matches!(
                error,
                SourceError::Unavailable { .. } | SourceError::InvalidConfiguration { .. }
            ),
            "{error}"
        );
    }
}

#[tokio::test]
async fn a_silent_server_is_given_up_in_the_time_that_was_set() {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let mut silent = settings(&format!("http://{}", listener.local_addr().unwrap()));
    silent.timeout = Some(Duration::from_secs(2));
    let start = Instant::now();
    assert_eq!(
        failure(silent.clone(), &[TOKEN]).await,
        "reach source team: no answer from SERVER within 2 s"
    );
    // Where nothing is set, it is 15 seconds.
    assert!(start.elapsed() < Duration::from_secs(12), "{:?}", start.elapsed());
    let open = stub().answering(PATH, [found()]);
    silent.addresses.push(open.url());
    source(silent, &[TOKEN]).load().await.unwrap();
}

#[tokio::test]
async fn the_proxy_of_the_variables_is_used_and_its_exceptions_are_kept() {
    let (stub, proxy) = (stub().answering(PATH, [found()]), ProxyStub::start().unwrap());
    let (url, by_number) = (proxy.url(), stub.url());
    let by_name = by_number.replace("127.0.0.1", "vault.test");
    for (address, variables, requests) in [
        (&by_number, vec![("HTTPS_PROXY", &*url)], 0),
        (&by_number, vec![("HTTP_PROXY", &*url)], 0),
        (&by_name, vec![("HTTP_PROXY", &*url)], 1),
        (
            &by_number,
            vec![("VAULT_PROXY_ADDR", &*url), ("NO_PROXY", "127.0.0.1")],
            2,
        ),
    ] {
        let variables = [vec![TOKEN], variables].concat();
        source(settings(address), &variables).load().await.unwrap();
        assert_eq!(proxy.requests().len(), requests, "{variables:?}");
    }
}

#[tokio::test]
async fn settings_that_cannot_be_used_are_refused_by_key_and_without_their_values() {
    for (change, variables, expected) in [
        (
            "",
            vec![],
            "use source team: address: there is no address, and neither BAO_ADDR nor VAULT_ADDR is set",
        ),
        (
            "",
            vec![("VAULT_ADDR", "vault")],
            "use source team: VAULT_ADDR: the address begins with neither http:// nor https://",
        ),
        (
            "http://vault",
            vec![("VAULT_SKIP_VERIFY", "maybe")],
            "use source team: VAULT_SKIP_VERIFY: VAULT_SKIP_VERIFY is neither true nor false",
        ),
        (
            "http://vault",
            vec![("VAULT_CLIENT_TIMEOUT", "soon")],
            "use source team: VAULT_CLIENT_TIMEOUT: VAULT_CLIENT_TIMEOUT is not a number of seconds",
        ),
        (
            "http://vault",
            vec![TOKEN, ("VAULT_NAMESPACE", "a\nb")],
            "use source team: namespace: the namespace has characters in it that none can have",
        ),
        (
            "https://vault",
            vec![TOKEN, ("HTTPS_PROXY", "::canary")],
            "use source team: HTTPS_PROXY: the URL of the proxy in HTTPS_PROXY is not valid",
        ),
        (
            "http://vault",
            vec![("VAULT_TOKEN", "canary-é")],
            "use source team: VAULT_TOKEN: VAULT_TOKEN has characters in it that no token of Vault has",
        ),
    ] {
        let mut settings = settings(change);
        settings.addresses.retain(|address| !address.is_empty());
        settings.timeout = None;
        assert_eq!(
            failure(settings, &variables).await.replace("SERVER", change),
            expected
        );
    }
}

/// A fallback order goes on after "not found", so nobody but Vault may say so.
#[tokio::test]
async fn an_answer_of_something_else_never_means_that_there_is_nothing() {
    for answer in [
        VaultAnswer::json(404, &json!({ "message": "no Route matched with those values" })),
        VaultAnswer::json(404, &json!({})),
        VaultAnswer::json(200, &json!({ "ok": true })),
        VaultAnswer::json(200, &json!({})),
    ] {
        let stub = stub().answering(PATH, [answer]);
        let loaded = source(settings(&stub.url()), &[TOKEN]).load().await;
        assert!(
            matches!(loaded, Err(SourceError::Unavailable { .. })),
            "{loaded:?}"
        );
    }
    let stub = stub().answering(PATH, [VaultAnswer::json(404, &json!({ "errors": [] }))]);
    let loaded = source(settings(&stub.url()), &[TOKEN]).load().await;
    assert!(matches!(loaded, Err(SourceError::NotFound { .. })), "{loaded:?}");
}

#[tokio::test]
async fn limits_that_cannot_be_kept_and_names_that_a_proxy_would_not_see_are_refused() {
    let mut slow = settings("http://127.0.0.1:1");
    slow.timeout = Some(Duration::from_secs(61));
    let message = failure(slow, &[TOKEN]).await;
    assert!(
        message.contains("timeout: it is longer than the 60 seconds"),
        "{message}"
    );

    let proxy = ProxyStub::start().unwrap();
    let mut named = settings("https://vault.test:1");
    named.tls.server_name = Some("vault.example".to_owned());
    let message = failure(named, &[TOKEN, ("HTTPS_PROXY", &proxy.url())]).await;
    assert!(
        message.contains("tls_server_name: the server cannot be asked by another name"),
        "{message}"
    );
    assert!(proxy.requests().is_empty());
}
