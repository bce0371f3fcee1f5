use std::time::{Duration, SystemTime, UNIX_EPOCH};

use aws_sdk_sts::operation::assume_role::AssumeRoleOutput;
use aws_sdk_sts::operation::get_caller_identity::GetCallerIdentityOutput;
use rolewrap_core::Secret;

use crate::{AccountId, AssumeRoleRequest, CallerIdentity, Session};

/// The last second that RFC 3339, with four digits for the year, has a way to write.
const LAST_SECOND: Duration = Duration::from_secs(253_402_300_799);

/// The session in STS's answer, or what is wrong with the answer. The reason repeats nothing secret.
///
/// Whoever answered, it must be what was asked for: a session of another account, role or name, or one that is
/// over, is no session.
pub(super) fn session(
    output: AssumeRoleOutput,
    request: &AssumeRoleRequest,
    now: SystemTime,
) -> Result<Session, String> {
    let credentials = output.credentials.ok_or("it has no Credentials")?;
    let user = output.assumed_role_user.ok_or("it has no AssumedRoleUser")?;
    // The SDK puts the epoch in the place of an expiry that is missing, and empty text in the place of keys.
    if credentials.expiration.secs() == 0 {
        return Err("its Credentials have no Expiration".to_owned());
    }
    let expires_at = checked_expiry(credentials.expiration.secs(), now)?;
    let account = account_of(&user.arn, request)?;
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

/// The expiry, `seconds` after 1970, of a session that lives now, as a time that can be printed.
fn checked_expiry(seconds: i64, now: SystemTime) -> Result<SystemTime, String> {
    let now = now.duration_since(UNIX_EPOCH).unwrap_or_default();
    let expiry = Duration::from_secs(u64::try_from(seconds).unwrap_or_default());
    if expiry > LAST_SECOND {
        return Err("its Expiration is later than the year 9999".to_owned());
    }
    if expiry <= now {
        let expiry = humantime::format_rfc3339_seconds(UNIX_EPOCH + expiry);
        return Err(format!(
            "its session expired at {expiry}, and it is later than that here"
        ));
    }
    Ok(UNIX_EPOCH + expiry)
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

/// The account in `arn:PARTITION:sts::ACCOUNT:assumed-role/ROLE/SESSION_NAME`, which must be the request's.
fn account_of(arn: &str, request: &AssumeRoleRequest) -> Result<AccountId, String> {
    let parts: Vec<&str> = arn.splitn(6, ':').collect();
    let &["arn", partition, "sts", "", account, resource] = parts.as_slice() else {
        return Err(format!("its AssumedRoleUser.Arn is none of a session: {arn:?}"));
    };
    let role = &request.role;
    let expected = format!("assumed-role/{}/{}", role.name(), request.session_name);
    if resource != expected {
        return Err(format!(
            "its AssumedRoleUser.Arn is not that of {expected}: {arn:?}"
        ));
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
