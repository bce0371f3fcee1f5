use std::sync::Arc;
use std::time::{Duration, UNIX_EPOCH};

use aws_smithy_runtime_api::client::http::{
    HttpConnector, HttpConnectorFuture, SharedHttpConnector, http_client_fn,
};
use aws_smithy_runtime_api::client::orchestrator::{HttpRequest, HttpResponse};
use aws_smithy_runtime_api::http::StatusCode;
use aws_smithy_types::body::SdkBody;
use rolewrap_core::{BaseCredentials, FixedClock, Secret};

use super::StsClient;
use crate::fuzzing::assert_is_one_line;
use crate::{
    AssumeRoleRequest, MfaSessionRequest, Partition, RoleArn, SessionName, StsSettings, WebIdentityRequest,
    WebIdentityToken,
};

/// `{"iss":"i","sub":"s","aud":"a","exp":9999999999}`
const TOKEN: &str = "e30.eyJpc3MiOiJpIiwic3ViIjoicyIsImF1ZCI6ImEiLCJleHAiOjk5OTk5OTk5OTl9.e30";

/// A server that answers the same to everything.
#[derive(Debug, Clone)]
struct Canned {
    status: StatusCode,
    body: Vec<u8>,
}

impl HttpConnector for Canned {
    fn call(&self, _: HttpRequest) -> HttpConnectorFuture {
        let body = SdkBody::from(self.body.clone());
        HttpConnectorFuture::ready(Ok(HttpResponse::new(self.status, body)))
    }
}

/// Reads an answer as that to each request that there is.
pub(crate) fn answer(text: &[u8]) {
    let line = text.iter().position(|byte| *byte == b'\n').unwrap_or(text.len());
    let status = std::str::from_utf8(&text[..line])
        .ok()
        .and_then(|status| status.trim().parse().ok());
    let Ok(status) = StatusCode::try_from(status.unwrap_or(200)) else {
        return;
    };
    let canned = Canned {
        status,
        body: text.get(line + 1..).unwrap_or_default().to_vec(),
    };
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_time()
        .build()
        .expect("a runtime can be made");
    runtime.block_on(ask_all(&client(canned)));
}

fn client(canned: Canned) -> StsClient {
    let settings = StsSettings {
        endpoint_url: Some("http://127.0.0.1:9".to_owned()),
        max_attempts: 1,
        max_throttled_attempts: 1,
        ..StsSettings::default()
    };
    let clock = FixedClock(UNIX_EPOCH + Duration::from_hours(500_000));
    let mut client =
        StsClient::new(settings, Partition::Aws, Arc::new(clock)).expect("the settings are valid");
    let canned = SharedHttpConnector::new(canned);
    let http_client = http_client_fn(move |_, _| canned.clone());
    client.config = client.config.to_builder().http_client(http_client).build();
    client
}

async fn ask_all(client: &StsClient) {
    let role: RoleArn = "arn:aws:iam::123456789012:role/deploy"
        .parse()
        .expect("it is a role");
    let name: SessionName = "ada".parse().expect("it is a name");
    let base =
        BaseCredentials::new("fuzzed", "AKIAIOSFODNN7EXAMPLE", &Secret::new("secret")).expect("it is a key");
    let token = WebIdentityToken::new(&Secret::new(TOKEN)).expect("it is a token");

    let by_key = AssumeRoleRequest::new(role.clone(), name.clone());
    let by_token = WebIdentityRequest::new(role.clone(), name, token);
    for session in [
        client.assume_role(&base, &by_key).await,
        client.assume_role_with_web_identity(&by_token).await,
    ] {
        match session {
            Ok(session) => {
                assert_eq!(&session.account, role.account());
                assert!(session.assumed_role_arn.ends_with("assumed-role/deploy/ada"));
                assert!(session.expires_at > client.clock.now());
            }
            Err(error) => assert_is_one_line(&error),
        }
    }
    let request = MfaSessionRequest {
        serial: "arn:aws:iam::123456789012:mfa/ada"
            .parse()
            .expect("it is a device"),
        code: "123456".parse().expect("it is a code"),
        duration: None,
    };
    match client.mfa_session(&base, &request).await {
        Ok(session) => assert!(session.is_temporary()),
        Err(error) => assert_is_one_line(&error),
    }
    match client.caller_identity(&base).await {
        Ok(identity) => assert_is_one_line(&identity.arn),
        Err(error) => assert_is_one_line(&error),
    }
}
