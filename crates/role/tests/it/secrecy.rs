use rolewrap_core::Secret;
use rolewrap_lab::{Answer, StsStub};
use rolewrap_role::StsSettings;

use crate::support::{assume, base, client, everything, request, settings};

#[tokio::test]
async fn no_secret_is_shown_by_what_a_success_leaves_behind() {
    let stub = StsStub::start().unwrap();
    let request = request().with_mfa("GAHT12345678".parse().unwrap(), "987654".parse().unwrap());
    let settings = StsSettings {
        https_proxy: Some(Secret::new("http://alice:canary-proxy@127.0.0.1:1")),
        ..settings(&stub)
    };
    let shown = format!("{settings:?}");
    let client = client(settings);
    let session = client.assume_role(&base(), &request).await.unwrap();
    let shown = format!(
        "{shown} {client:?} {session:?} {session:#?} {request:?} {:?}",
        base()
    );
    assert!(shown.contains("ASIASTUB"), "{shown}");
    for secret in ["canary", "987654"] {
        assert!(!shown.contains(secret), "{shown}");
    }
}

#[tokio::test]
async fn no_secret_is_shown_by_any_failure() {
    // Half an answer: the credentials are in it, and it cannot be read to its end.
    let half = "<AssumeRoleResponse><AssumeRoleResult><Credentials><SecretAccessKey>canary-in-the-answer</";
    for answer in [
        Answer::raw(200, "text/xml", half),
        Answer::raw(403, "text/xml", half),
        Answer::raw(503, "text/xml", half),
        Answer::error(403, "AccessDenied", "no"),
        Answer::error(403, "SignatureDoesNotMatch", "no"),
        Answer::error(400, "Throttling", "no"),
        Answer::success().in_account("111111111111"),
        Answer::success().lasting_seconds(-1),
        Answer::dropped(),
    ] {
        let stub = StsStub::start().unwrap();
        stub.answer_by_default(answer.clone());
        let error = assume(&stub).await.unwrap_err();
        let shown = everything(&error);
        assert!(!shown.contains("canary"), "{answer:?}: {shown}");
    }
}
