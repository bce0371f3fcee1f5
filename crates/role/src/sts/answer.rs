use std::time::SystemTime;

use aws_sdk_sts::operation::assume_role::AssumeRoleOutput;
use aws_sdk_sts::operation::get_caller_identity::GetCallerIdentityOutput;
use rolewrap_core::Secret;

use crate::{AccountId, CallerIdentity, RoleArn, Session};

/// The session in STS's answer, or what is wrong with the answer. The reason repeats nothing secret.
///
/// Whoever answered, it must be what was asked for: a session of another account, or one that is over, is no
/// session.
pub(super) fn session(output: AssumeRoleOutput, role: &RoleArn, now: SystemTime) -> Result<Session, String> {
    let credentials = output.credentials.ok_or("it has no Credentials")?;
    let user = output.assumed_role_user.ok_or("it has no AssumedRoleUser")?;
    // The SDK puts the epoch in the place of an expiry that is missing, and empty text in the place of keys.
    if credentials.expiration.secs() == 0 {
        return Err("its Credentials have no Expiration".to_owned());
    }
    let expires_at = SystemTime::try_from(credentials.expiration)
        .map_err(|_| "its Expiration is no time that this machine can represent")?;
    if expires_at <= now {
        return Err(format!(
            "its session expired at {}, and it is {} here",
            humantime::format_rfc3339_seconds(expires_at),
            humantime::format_rfc3339_seconds(now)
        ));
    }
    let account = account_of(&user.arn, role)?;
    #[expect(deprecated, reason = "its successor is not in every answer yet, and this is")]
    let packed_policy_size = output.packed_policy_size;
    Ok(Session {
        access_key_id: header_safe("AccessKeyId", credentials.access_key_id)?,
        secret_access_key: Secret::new(header_safe("SecretAccessKey", credentials.secret_access_key)?),
        session_token: Secret::new(header_safe("SessionToken", credentials.session_token)?),
        expires_at,
        assumed_role_arn: user.arn,
        account,
        source_identity: output.source_identity,
        packed_policy_size: packed_policy_size.and_then(|percent| u8::try_from(percent).ok()),
    })
}

/// Who the credentials belong to, or what is wrong with the answer.
pub(super) fn caller_identity(output: GetCallerIdentityOutput) -> Result<CallerIdentity, String> {
    let account = output.account.ok_or("it has no Account")?;
    let arn = output.arn.ok_or("it has no Arn")?;
    let user_id = output.user_id.ok_or("it has no UserId")?;
    if !arn.starts_with("arn:") || !is_printable(&arn) {
        return Err(format!("its Arn is none: {arn:?}"));
    }
    Ok(CallerIdentity {
        account: account
            .parse()
            .map_err(|_| format!("its Account is none: {account:?}"))?,
        arn,
        user_id,
    })
}

/// The account in `arn:PARTITION:sts::ACCOUNT:assumed-role/ROLE/SESSION_NAME`, which must be the role's.
fn account_of(arn: &str, role: &RoleArn) -> Result<AccountId, String> {
    let parts: Vec<&str> = arn.splitn(6, ':').collect();
    let &["arn", partition, "sts", "", account, resource] = parts.as_slice() else {
        return Err(format!("its AssumedRoleUser.Arn is none of a session: {arn:?}"));
    };
    if !resource.starts_with("assumed-role/") || !is_printable(resource) {
        return Err(format!("its AssumedRoleUser.Arn is none of a session: {arn:?}"));
    }
    let account: AccountId = account
        .parse()
        .map_err(|_| format!("its AssumedRoleUser.Arn has no account: {arn:?}"))?;
    if &account != role.account() || partition != role.partition().name() {
        return Err(format!(
            "its session is in account {account} of partition {partition}, and the role is in account {} of \
             partition {}",
            role.account(),
            role.partition()
        ));
    }
    Ok(account)
}

/// A value that can be signed with and put into an environment variable.
fn header_safe(field: &str, value: String) -> Result<String, String> {
    if value.is_empty() {
        return Err(format!("its Credentials have no {field}"));
    }
    if !is_printable(&value) {
        return Err(format!("its {field} has unprintable characters in it"));
    }
    Ok(value)
}

fn is_printable(value: &str) -> bool {
    value.bytes().all(|byte| byte.is_ascii_graphic())
}
