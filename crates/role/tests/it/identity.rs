use rolewrap_core::{BaseCredentials, Secret};
use rolewrap_lab::{Answer, StsStub};
use rolewrap_role::StsError;

use crate::support::{base, client, request, settings};

#[tokio::test]
async fn the_identity_of_base_credentials_is_asked_without_a_role() {
    let stub = StsStub::start().unwrap();
    let identity = client(settings(&stub)).caller_identity(&base()).await.unwrap();
    assert_eq!(identity.account.as_str(), StsStub::BASE_ACCOUNT);
    assert_eq!(identity.arn, "arn:aws:iam::999999999999:user/base");
    assert_eq!(stub.requests()[0].action(), "GetCallerIdentity");
}

#[tokio::test]
async fn a_session_identifies_itself_as_the_role() {
    let stub = StsStub::start().unwrap();
    let client = client(settings(&stub));
    let session = client.assume_role(&base(), &request()).await.unwrap();
    let chained = BaseCredentials::new("session", session.access_key_id(), session.secret_access_key())
        .unwrap()
        .with_session_token(session.session_token())
        .unwrap();
    let identity = client.caller_identity(&chained).await.unwrap();
    assert_eq!(identity.arn, session.assumed_role_arn());
}

#[tokio::test]
async fn a_refusal_says_what_was_attempted() {
    let stub = StsStub::start().unwrap();
    stub.enqueue(Answer::error(
        403,
        "InvalidClientTokenId",
        "The security token included in the request is invalid.",
    ));
    let unknown = BaseCredentials::new("laptop", "AKIADELETEDEXAMPLE12", &Secret::new("x")).unwrap();
    let error = client(settings(&stub))
        .caller_identity(&unknown)
        .await
        .unwrap_err();
    let StsError::UnknownAccessKey { access_key_id, .. } = &error else {
        panic!("{error}")
    };
    assert_eq!(access_key_id, "AKIADELETEDEXAMPLE12");
    assert!(
        error
            .to_string()
            .starts_with("identify the base credentials from source laptop: the access key AKIADELETED"),
        "{error}"
    );
}

#[tokio::test]
async fn an_identity_without_an_account_is_none() {
    let stub = StsStub::start().unwrap();
    for result in [
        "",
        "<Arn>arn:aws:iam::1:user/x</Arn><UserId>x</UserId>",
        "<Arn>arn:aws:iam::1:user/x</Arn><UserId>x</UserId><Account>1</Account>",
        "<Arn>nobody</Arn><UserId>x</UserId><Account>123456789012</Account>",
    ] {
        stub.enqueue(Answer::raw(
            200,
            "text/xml",
            format!(
                "<GetCallerIdentityResponse><GetCallerIdentityResult>{result}</GetCallerIdentityResult>\
                 </GetCallerIdentityResponse>"
            ),
        ));
        let error = client(settings(&stub))
            .caller_identity(&base())
            .await
            .unwrap_err();
        assert!(
            matches!(error, StsError::MalformedAnswer { .. }),
            "{result}: {error}"
        );
    }
    assert_eq!(stub.count(), 4);
}
