//! The formats that are one JSON document.

use std::collections::BTreeMap;

use serde::Serialize;
use zeroize::Zeroizing;

use super::Exported;
use crate::deliver::SessionVariables;

/// AWS's `credential_process` contract: the version is the number 1.
#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Process<'a> {
    version: u8,
    #[serde(flatten)]
    keys: Keys<'a>,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Keys<'a> {
    access_key_id: &'a str,
    secret_access_key: &'a str,
    session_token: &'a str,
    expiration: &'a str,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Json<'a> {
    #[serde(flatten)]
    keys: Keys<'a>,
    #[serde(skip_serializing_if = "Option::is_none")]
    region: Option<&'a str>,
    account_id: &'a str,
    arn: &'a str,
}

/// What Terragrunt expects from the command in `auth_provider_cmd`. It exports the keys by itself.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Terragrunt<'a> {
    aws_credentials: TerragruntKeys<'a>,
    envs: BTreeMap<&'static str, &'a str>,
}

#[derive(Serialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
struct TerragruntKeys<'a> {
    access_key_id: &'a str,
    secret_access_key: &'a str,
    session_token: &'a str,
}

pub(super) fn process(exported: &Exported<'_>) -> Zeroizing<String> {
    let keys = keys(&exported.variables);
    let document = Process { version: 1, keys };
    write(&document, exported)
}

pub(super) fn json(exported: &Exported<'_>) -> Zeroizing<String> {
    let document = Json {
        keys: keys(&exported.variables),
        region: exported.variables.region,
        account_id: exported.account_id,
        arn: exported.arn,
    };
    write(&document, exported)
}

pub(super) fn terragrunt(exported: &Exported<'_>) -> Zeroizing<String> {
    let variables = &exported.variables;
    let mut envs: BTreeMap<_, _> = variables.surroundings().collect();
    envs.insert("AWS_CREDENTIAL_EXPIRATION", &variables.expiration);
    let document = Terragrunt {
        aws_credentials: TerragruntKeys {
            access_key_id: variables.access_key_id,
            secret_access_key: variables.secret_access_key,
            session_token: variables.session_token,
        },
        envs,
    };
    write(&document, exported)
}

fn keys<'a>(variables: &'a SessionVariables<'_>) -> Keys<'a> {
    Keys {
        access_key_id: variables.access_key_id,
        secret_access_key: variables.secret_access_key,
        session_token: variables.session_token,
        expiration: &variables.expiration,
    }
}

/// The document on one line.
fn write(document: &impl Serialize, exported: &Exported<'_>) -> Zeroizing<String> {
    let mut bytes = Zeroizing::new(Vec::with_capacity(exported.room()));
    serde_json::to_writer(&mut *bytes, document)
        .expect("texts and numbers are JSON, and memory can be written");
    bytes.push(b'\n');
    // Nothing is copied. The error would show the bytes, so it is not shown.
    let Ok(text) = String::from_utf8(std::mem::take(&mut *bytes)) else {
        unreachable!("JSON is UTF-8");
    };
    Zeroizing::new(text)
}
