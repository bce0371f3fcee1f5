use std::collections::BTreeSet;
use std::os::unix::fs::PermissionsExt;

use rolewrap_lab::{Answer, OpenBao, StsStub, WebIdentity};
use serde_json::json;

use super::served::{Served, with_endpoint};
use crate::given::{KEY, SECRET, machine, stub};
use crate::vault;

/// How long a session lasts here: not long to wait for half of it, and long enough for a busy machine to use the rest.
const SECONDS: i64 = 8;

/// Whose key signed each request.
fn signers(stub: &StsStub) -> BTreeSet<String> {
    let signer = |request: &rolewrap_lab::StsRequest| {
        let header = request.header("authorization").unwrap_or_default();
        let (_, rest) = header.split_once("Credential=").unwrap_or_default();
        rest.split('/').next().unwrap_or_default().to_owned()
    };
    stub.requests().iter().map(signer).collect()
}

#[expect(
    clippy::disallowed_methods,
    reason = "the program under test has the machine's clock"
)]
fn now() -> std::time::SystemTime {
    std::time::SystemTime::now()
}

#[test]
fn over_sessions_of_seconds_no_client_sees_an_expired_one_and_sts_is_asked_once_for_each() {
    let stub = stub();
    stub.answer_by_default(Answer::success().lasting_seconds(SECONDS));
    let served = Served::start(with_endpoint(&machine(&stub)));
    let mut keys = Vec::new();
    while keys.len() < 5 {
        let reply = served.ask();
        assert_eq!(reply.status, 200, "{reply:?}");
        let expires_at = humantime::parse_rfc3339(&reply.field("Expiration")).unwrap();
        assert!(expires_at > now(), "{reply:?}");
        let key = reply.field("AccessKeyId");
        if keys.last() != Some(&key) {
            keys.push(key);
        }
    }
    assert!((5..=6).contains(&stub.count()), "{}", stub.count());
    assert_eq!(
        signers(&stub),
        [KEY.to_owned()].into(),
        "the base identity signs, and no minted key"
    );
    let names: BTreeSet<_> = stub
        .requests()
        .iter()
        .map(|request| request.parameter("RoleSessionName").unwrap().to_owned())
        .collect();
    assert_eq!(names.len(), 1, "{names:?}");
}

#[test]
fn while_sts_is_down_the_session_serves_to_its_end_then_the_error_says_why_and_it_recovers() {
    let stub = stub();
    stub.enqueue(Answer::success().lasting_seconds(SECONDS));
    stub.answer_by_default(Answer::error(403, "AccessDenied", "the trust policy has changed"));
    let served = Served::start(with_endpoint(&machine(&stub)));
    assert_eq!(served.ask().status, 200);
    let down = served.ask_until(|reply| reply.status != 200);
    assert_eq!(down.status, 503, "{down:?}");
    assert_eq!(down.field("Code"), "SessionNotRenewed");
    let message = down.field("Message");
    assert!(message.contains("the trust policy has changed"), "{message}");
    assert!(!message.contains(SECRET), "{message}");
    stub.answer_by_default(Answer::success());
    served.ask_until(|reply| reply.status == 200);
}

/// As a run does that was stopped while it asked: it keeps the lock for as long as it is stopped.
#[test]
fn a_run_that_keeps_the_lock_of_the_session_does_not_keep_the_endpoint_from_renewing_it() {
    let stub = stub();
    stub.answer_by_default(Answer::success().lasting_seconds(SECONDS));
    let machine = machine(&stub);
    let served = Served::start(with_endpoint(&machine));
    let first = served.ask().field("AccessKeyId");
    let folder = machine.root().join("cache/rolewrap/sessions");
    let mut entries = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path());
    let entry = entries
        .find(|path| path.extension().is_some_and(|end| end == "session"))
        .expect("the session is in the cache");
    let lock = std::fs::File::create(entry.with_extension("lock")).unwrap();
    lock.lock().unwrap();
    served.ask_until(|reply| {
        assert_eq!(reply.status, 200, "{reply:?}");
        reply.field("AccessKeyId") != first
    });
    drop(lock);
}

#[test]
fn a_key_that_is_rotated_in_vault_is_picked_up() {
    const NEW_KEY: &str = "AKIAROTATED0EXAMPLE0";
    let (stub, bao) = (stub(), OpenBao::start().expect("OpenBao starts"));
    stub.answer_by_default(Answer::success().lasting_seconds(SECONDS));
    bao.put(
        "aws/security",
        &json!({ "access_key_id": KEY, "secret_access_key": SECRET }),
    );
    let machine = vault::machine(&stub, &bao, "path = \"aws/security\"");
    let client_token = bao.token(&["reader"]);
    let served = Served::start(with_endpoint(&machine).env("VAULT_TOKEN", &client_token));
    assert_eq!(signers(&stub), [KEY.to_owned()].into());
    assert!(!served.variables.contains_key("VAULT_TOKEN"));
    bao.put(
        "aws/security",
        &json!({ "access_key_id": NEW_KEY, "secret_access_key": SECRET }),
    );
    served.ask_until(|reply| {
        assert_eq!(reply.status, 200, "{reply:?}");
        signers(&stub).contains(NEW_KEY)
    });
}

#[test]
fn a_program_that_could_ask_a_person_is_run_once() {
    let stub = stub();
    stub.answer_by_default(Answer::success().lasting_seconds(SECONDS));
    let document = json!({ "Version": 1, "AccessKeyId": KEY, "SecretAccessKey": SECRET });
    let machine = machine(&stub).env("ROLEWRAP_SOURCE", "asking").file(
        "keys",
        &format!("#!/bin/sh\necho run >> runs\necho '{document}'\n"),
    );
    let program = machine.work().join("keys");
    std::fs::set_permissions(&program, PermissionsExt::from_mode(0o755)).unwrap();
    let section = format!(
        "[sources.asking]\ntype = \"process\"\ncommand = [{:?}]\n",
        program.display().to_string()
    );
    let machine = machine.file("../config/rolewrap/config.toml", &section);
    let served = Served::start(with_endpoint(&machine));
    let first = served.ask().field("AccessKeyId");
    served.ask_until(|reply| reply.field("AccessKeyId") != first);
    assert_eq!(
        std::fs::read_to_string(machine.work().join("runs")).unwrap(),
        "run\n"
    );
    assert_eq!(signers(&stub), [KEY.to_owned()].into());
}

#[test]
fn a_web_identity_token_is_read_anew_for_each_renewal() {
    let stub = stub();
    stub.answer_by_default(Answer::success().lasting_seconds(SECONDS));
    let in_an_hour = now() + std::time::Duration::from_hours(1);
    let token = |subject: &str| WebIdentity::new(subject, in_an_hour).token();
    let machine = machine(&stub).env("ROLEWRAP_SOURCE", "ci").file(
        "../config/rolewrap/config.toml",
        "[sources.ci]\ntype = \"web-identity\"\ntoken_file = \"token\"\n",
    );
    let machine = machine.file("../config/rolewrap/token", &token("first"));
    let served = Served::start(with_endpoint(&machine));
    let machine = machine.file("../config/rolewrap/token", &token("second"));
    let sent = |token: &str| {
        let requests = stub.requests();
        requests
            .iter()
            .any(|request| request.parameter("WebIdentityToken") == Some(token))
    };
    assert!(sent(&token("first")));
    served.ask_until(|reply| {
        assert_eq!(reply.status, 200, "{reply:?}");
        sent(&token("second"))
    });
    drop(machine);
}

#[test]
fn an_mfa_session_signs_for_every_renewal_and_one_code_is_enough() {
    let stub = stub();
    stub.enqueue(Answer::success());
    stub.answer_by_default(Answer::success().lasting_seconds(SECONDS));
    let machine = machine(&stub)
        .env("ROLEWRAP_MFA_SERIAL", "GAHT12345678")
        .env("ROLEWRAP_MFA_TOKEN", "987654")
        .env("ROLEWRAP_CACHE", "off");
    let served = Served::start(with_endpoint(&machine));
    let first = served.ask().field("AccessKeyId");
    served.ask_until(|reply| reply.field("AccessKeyId") != first);
    let requests = stub.requests();
    assert_eq!(requests[0].parameter("TokenCode"), Some("987654"));
    for request in &requests[1..] {
        assert_eq!(request.action(), "AssumeRole");
        assert_eq!(request.access_key_id(), Some("ASIASTUB000000000001"));
        assert_eq!(request.parameter("TokenCode"), None);
    }
}

#[test]
fn what_becomes_of_the_files_does_not_change_a_running_session() {
    let stub = stub();
    stub.answer_by_default(Answer::success().lasting_seconds(SECONDS));
    let file = "[accounts.dev]\nid = \"123456789012\"\nrole = \"deploy\"\nexternal_id = \"{id}\"\n";
    let machine = machine(&stub).file("../config/rolewrap/config.toml", &file.replace("{id}", "first"));
    let served = Served::start(crate::given::rolewrap(
        &machine,
        "--delivery endpoint --account dev",
    ));
    let machine = machine.file("../config/rolewrap/config.toml", &file.replace("{id}", "second"));
    let first = served.ask().field("AccessKeyId");
    served.ask_until(|reply| reply.field("AccessKeyId") != first);
    for request in stub.requests() {
        assert_eq!(request.parameter("ExternalId"), Some("first"));
    }
    drop(machine);
}
