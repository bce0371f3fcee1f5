use std::io;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, SystemTime};

use http_body_util::{BodyExt, Full};
use hyper::body::{Bytes, Incoming};
use hyper::{Request, Response};

use super::answer::{Kind, Success};
use super::script::Script;
use super::{Answer, StsRequest, StsStub, now};

/// What STS grants when no `DurationSeconds` is asked for.
const DEFAULT_DURATION_SECONDS: i64 = 3600;
/// The same for a user's own session.
const DEFAULT_USER_DURATION_SECONDS: i64 = 43_200;
/// The longest session of a role that is assumed with temporary credentials.
const LONGEST_CHAINED_SECONDS: i64 = 3600;
/// The namespace of STS's answers.
const NAMESPACE: &str = "https://sts.amazonaws.com/doc/2011-06-15/";

/// Records one request and answers it as the script says. An error closes the connection.
pub(super) async fn respond(
    script: Arc<Mutex<Script>>,
    request: Request<Incoming>,
) -> io::Result<Response<Full<Bytes>>> {
    let (parts, body) = request.into_parts();
    let body = body.collect().await.map_err(io::Error::other)?.to_bytes();
    let request = StsRequest::new(&parts, &body);
    let lock = || script.lock().unwrap_or_else(PoisonError::into_inner);
    let (answer, number) = lock().record(request.clone());
    if let Some(mut held) = answer.held.clone() {
        // Nothing is ever sent, so this is the end of the sender.
        let _ = held.changed().await;
    }
    if !answer.delay.is_zero() {
        tokio::time::sleep(answer.delay).await;
    }
    let (status, content_type, body) = match &answer.kind {
        Kind::Dropped => return Err(io::Error::other("the script says to drop this connection")),
        Kind::Raw {
            status,
            content_type,
            body,
        } => (*status, content_type.clone(), body.clone()),
        Kind::Error {
            status,
            code,
            message,
        } => (*status, "text/xml".to_owned(), error(number, code, message)),
        Kind::Success(success) => {
            let clock = shifted(answer.clock_ahead_seconds);
            let (status, body) = succeed(&mut lock(), success, clock, &request, number);
            (status, "text/xml".to_owned(), body)
        }
    };
    Response::builder()
        .status(status)
        .header("content-type", content_type)
        .header("x-amzn-requestid", request_id(number))
        .header("date", date(&answer))
        .body(Full::new(Bytes::from(body)))
        .map_err(io::Error::other)
}

fn succeed(
    script: &mut Script,
    success: &Success,
    clock: SystemTime,
    request: &StsRequest,
    number: usize,
) -> (u16, Vec<u8>) {
    if request.action() == "AssumeRoleWithWebIdentity" {
        return assume_role(script, success, clock, request, number);
    }
    // What STS says to a request that is not signed at all. The signature itself is not checked.
    let Some(access_key_id) = request.access_key_id() else {
        return (
            403,
            error(
                number,
                "MissingAuthenticationToken",
                "Request is missing Authentication Token",
            ),
        );
    };
    match request.action() {
        "AssumeRole" => assume_role(script, success, clock, request, number),
        "GetSessionToken" => {
            let default = DEFAULT_USER_DURATION_SECONDS;
            let (_, credentials) = credentials(expiration(success, clock, request, default), number);
            (200, document("GetSessionToken", &credentials, number))
        }
        "GetCallerIdentity" => {
            let arn = script.issued.get(access_key_id).cloned();
            let arn = arn.unwrap_or_else(|| format!("arn:aws:iam::{}:user/base", StsStub::BASE_ACCOUNT));
            let account = arn.split(':').nth(4).unwrap_or_default();
            let result = format!(
                "<Arn>{}</Arn><UserId>{access_key_id}</UserId><Account>{account}</Account>",
                escaped(&arn)
            );
            (200, document("GetCallerIdentity", &result, number))
        }
        other => (
            400,
            error(
                number,
                "InvalidAction",
                &format!("Could not find operation {other}"),
            ),
        ),
    }
}

fn assume_role(
    script: &mut Script,
    success: &Success,
    clock: SystemTime,
    request: &StsRequest,
    number: usize,
) -> (u16, Vec<u8>) {
    let role: Vec<&str> = request
        .parameter("RoleArn")
        .unwrap_or_default()
        .splitn(6, ':')
        .collect();
    let (&["arn", partition, "iam", "", role_account, resource], Some(session_name)) =
        (role.as_slice(), request.parameter("RoleSessionName"))
    else {
        return (
            400,
            error(
                number,
                "ValidationError",
                "RoleArn or RoleSessionName is missing or invalid",
            ),
        );
    };
    if let Some(message) = too_long(script, request) {
        return (400, error(number, "ValidationError", message));
    }
    let account = success.account.as_deref().unwrap_or(role_account);
    let name = resource.rsplit('/').next().unwrap_or_default();
    let arn = format!("arn:{partition}:sts::{account}:assumed-role/{name}/{session_name}");
    let source_identity = request
        .parameter("SourceIdentity")
        .map_or_else(String::new, |identity| {
            format!("<SourceIdentity>{}</SourceIdentity>", escaped(identity))
        });
    let expires_at = expiration(success, clock, request, DEFAULT_DURATION_SECONDS);
    let (access_key_id, credentials) = credentials(expires_at, number);
    let result = format!(
        "<AssumedRoleUser><AssumedRoleId>AROASTUB:{session}</AssumedRoleId><Arn>{shown_arn}</Arn></AssumedRoleUser>\
         {credentials}{source_identity}<PackedPolicySize>6</PackedPolicySize>",
        session = escaped(session_name),
        shown_arn = escaped(&arn),
    );
    script.issued.insert(access_key_id, arn);
    (200, document(request.action(), &result, number))
}

/// What STS says to a duration that it does not grant.
fn too_long(script: &Script, request: &StsRequest) -> Option<&'static str> {
    let asked: i64 = request.parameter("DurationSeconds")?.parse().ok()?;
    let is_chained = request.access_key_id().is_some_and(|id| id.starts_with("ASIA"));
    if is_chained && asked > LONGEST_CHAINED_SECONDS {
        return Some(
            "The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by role chaining",
        );
    }
    (asked > script.longest_seconds)
        .then_some("The requested DurationSeconds exceeds the MaxSessionDuration set for this role.")
}

/// New temporary credentials: their access key id, and the XML with all of them.
fn credentials(expires_at: SystemTime, number: usize) -> (String, String) {
    let access_key_id = format!("ASIASTUB{number:012}");
    let secret = StsStub::SECRET_PREFIX;
    let expiration = humantime::format_rfc3339_seconds(expires_at);
    let document = format!(
        "<Credentials><AccessKeyId>{access_key_id}</AccessKeyId>\
         <SecretAccessKey>{secret}secret-access-key-{number}</SecretAccessKey>\
         <SessionToken>{secret}session-token-{number}</SessionToken>\
         <Expiration>{expiration}</Expiration></Credentials>"
    );
    (access_key_id, document)
}

fn expiration(
    success: &Success,
    clock: SystemTime,
    request: &StsRequest,
    default_seconds: i64,
) -> SystemTime {
    if let Some(time) = success.expires_at {
        return time;
    }
    let asked = request
        .parameter("DurationSeconds")
        .and_then(|seconds| seconds.parse().ok());
    moved(
        clock,
        success.lifetime_seconds.or(asked).unwrap_or(default_seconds),
    )
}

fn date(answer: &Answer) -> String {
    httpdate::fmt_http_date(shifted(answer.clock_ahead_seconds))
}

/// The time that is `seconds` later than now, or earlier where they are negative.
fn shifted(seconds: i64) -> SystemTime {
    moved(now(), seconds)
}

fn moved(time: SystemTime, seconds: i64) -> SystemTime {
    let distance = Duration::from_secs(seconds.unsigned_abs());
    if seconds < 0 {
        time - distance
    } else {
        time + distance
    }
}

fn document(action: &str, result: &str, number: usize) -> Vec<u8> {
    format!(
        "<{action}Response xmlns=\"{NAMESPACE}\"><{action}Result>{result}</{action}Result>\
         <ResponseMetadata><RequestId>{}</RequestId></ResponseMetadata></{action}Response>",
        request_id(number)
    )
    .into_bytes()
}

fn error(number: usize, code: &str, message: &str) -> Vec<u8> {
    format!(
        "<ErrorResponse xmlns=\"{NAMESPACE}\"><Error><Type>Sender</Type><Code>{}</Code><Message>{}</Message></Error>\
         <RequestId>{}</RequestId></ErrorResponse>",
        escaped(code),
        escaped(message),
        request_id(number)
    )
    .into_bytes()
}

fn request_id(number: usize) -> String {
    format!("00000000-0000-4000-8000-{number:012}")
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
}
