use std::time::{Duration, SystemTime, UNIX_EPOCH};

use aws_sdk_sts::operation::assume_role::AssumeRoleOutput;
use aws_sdk_sts::operation::assume_role_with_web_identity::AssumeRoleWithWebIdentityOutput;
use aws_sdk_sts::operation::get_caller_identity::GetCallerIdentityOutput;
use aws_sdk_sts::operation::get_session_token::GetSessionTokenOutput;
use aws_sdk_sts::types::{AssumedRoleUser, Credentials};
use rolewrap_core::{BaseCredentials, Secret};

use super::caller::Caller;
use crate::clock_skew::TOLERATED;
use crate::{AccountId, CallerIdentity, RoleArn, Session, SessionName};

/// The last second that RFC 3339, with four digits for the year, has a way to write.
const LAST_SECOND: Duration = Duration::from_secs(253_402_300_799);

/// What the ids of long-lived keys begin with (IAM User Guide, "Understanding unique ID prefixes").
const LONG_LIVED: &str = "AKIA";

/// What the session in an answer must be of.
pub(super) struct Asked<'a> {
    pub(super) role: &'a RoleArn,
    pub(super) session_name: &'a SessionName,
    pub(super) key: AskedKey<'a>,
}

/// What any key in an answer is compared with.
pub(super) struct AskedKey<'a> {
    /// As whom it was asked for.
    pub(super) caller: Caller<'a>,
    /// How long it was asked to live.
    pub(super) longest: Duration,
}

/// What the answers to both ways of assuming a role have in common.
pub(super) struct Assumed {
    credentials: Option<Credentials>,
    user: Option<AssumedRoleUser>,
    source_identity: Option<String>,
    packed_policy_size: Option<i32>,
}

#[expect(deprecated, reason = "its successor is not in every answer yet, and this is")]
impl From<AssumeRoleOutput> for Assumed {
    fn from(output: AssumeRoleOutput) -> Self {
        Self {
            packed_policy_size: output.packed_policy_size,
            credentials: output.credentials,
            user: output.assumed_role_user,
            source_identity: output.source_identity,
        }
    }
}

#[expect(deprecated, reason = "its successor is not in every answer yet, and this is")]
impl From<AssumeRoleWithWebIdentityOutput> for Assumed {
    fn from(output: AssumeRoleWithWebIdentityOutput) -> Self {
        Self {
            packed_policy_size: output.packed_policy_size,
            credentials: output.credentials,
            user: output.assumed_role_user,
            source_identity: output.source_identity,
        }
    }
}

/// The session in STS's answer, or what is wrong with the answer. The reason repeats nothing secret.
///
/// Whoever answered, it must be what was asked for. It is refused where it is of another account, role or name, where it is
/// over or lives far longer than was asked, and where its key is not a new and temporary one.
pub(super) fn session(assumed: Assumed, asked: &Asked<'_>, now: SystemTime) -> Result<Session, String> {
    let credentials = TemporaryKey::new(assumed.credentials, &asked.key, now)?;
    let user = assumed.user.ok_or("it has no AssumedRoleUser")?;
    let account = account_of(&user.arn, asked)?;
    Ok(Session {
        access_key_id: credentials.access_key_id,
        secret_access_key: credentials.secret_access_key,
        session_token: credentials.session_token,
        expires_at: credentials.expires_at,
        assumed_role_arn: user.arn,
        account,
        source_identity: assumed.source_identity,
        packed_policy_size: assumed
            .packed_policy_size
            .and_then(|percent| u8::try_from(percent).ok()),
    })
}

/// The MFA session in STS's answer as base credentials of the same source, or what is wrong with the answer.
pub(super) fn mfa_session(
    output: GetSessionTokenOutput,
    source_name: &str,
    asked: &AskedKey<'_>,
    now: SystemTime,
) -> Result<BaseCredentials, String> {
    let key = TemporaryKey::new(output.credentials, asked, now)?;
    let base = BaseCredentials::new(source_name, &key.access_key_id, &key.secret_access_key)
        .and_then(|base| base.with_session_token(&key.session_token))
        .map_err(|error| format!("{error} in its Credentials"))?;
    Ok(base.with_expires_at(key.expires_at))
}

/// What STS gives whatever it was asked for.
struct TemporaryKey {
    access_key_id: String,
    secret_access_key: Secret,
    session_token: Secret,
    expires_at: SystemTime,
}

impl TemporaryKey {
    /// The key in an answer, whole, new and alive `now`.
    fn new(credentials: Option<Credentials>, asked: &AskedKey<'_>, now: SystemTime) -> Result<Self, String> {
        let credentials = credentials.ok_or("it has no Credentials")?;
        // The SDK puts the epoch in the place of an expiry that is missing, and empty text in the place of keys.
        if credentials.expiration.secs() == 0 {
            return Err("its Credentials have no Expiration".to_owned());
        }
        let key = Self {
            expires_at: checked_expiry(credentials.expiration.secs(), asked.longest, now)?,
            access_key_id: header_safe("AccessKeyId", credentials.access_key_id)?,
            secret_access_key: Secret::new(header_safe("SecretAccessKey", credentials.secret_access_key)?),
            session_token: Secret::new(header_safe("SessionToken", credentials.session_token)?),
        };
        if key.access_key_id.starts_with(LONG_LIVED) {
            return Err(format!(
                "its AccessKeyId begins with {LONG_LIVED}, and a session's key does not"
            ));
        }
        match asked.caller {
            Caller::Base(base) => key.check_against(base)?,
            Caller::WebIdentity(_) => {}
        }
        Ok(key)
    }

    /// Refuses a key that is what signed the request, or a part of it: then no role was assumed.
    fn check_against(&self, base: &BaseCredentials) -> Result<(), String> {
        let repeats = |field: &str| Err(format!("its {field} is the one that the request was signed with"));
        if self.access_key_id == base.access_key_id() {
            return repeats("AccessKeyId");
        }
        if self.secret_access_key.expose() == base.secret_access_key().expose() {
            return repeats("SecretAccessKey");
        }
        let token = base.session_token().map(Secret::expose);
        if token == Some(self.session_token.expose()) {
            return repeats("SessionToken");
        }
        Ok(())
    }
}

/// The expiry, `seconds` after 1970, of a session that lives now, and not for longer than was asked. It is a time that can
/// be printed.
fn checked_expiry(seconds: i64, longest: Duration, now: SystemTime) -> Result<SystemTime, String> {
    let now = now.duration_since(UNIX_EPOCH).unwrap_or_default();
    let expiry = Duration::from_secs(u64::try_from(seconds).unwrap_or_default());
    if expiry > LAST_SECOND {
        return Err("its Expiration is later than the year 9999".to_owned());
    }
    let shown = humantime::format_rfc3339_seconds(UNIX_EPOCH + expiry);
    if expiry <= now {
        return Err(format!(
            "its session expired at {shown}, and it is later than that here"
        ));
    }
    if expiry.saturating_sub(now) > longest + TOLERATED {
        return Err(format!(
            "its session lives until {shown}, and it was asked for {} only",
            humantime::format_duration(longest)
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

/// The account in `arn:PARTITION:sts::ACCOUNT:assumed-role/ROLE/SESSION_NAME`, which must be as asked.
fn account_of(arn: &str, asked: &Asked<'_>) -> Result<AccountId, String> {
    let parts: Vec<&str> = arn.splitn(6, ':').collect();
    let &["arn", partition, "sts", "", account, resource] = parts.as_slice() else {
        return Err(format!("its AssumedRoleUser.Arn is none of a session: {arn:?}"));
    };
    let role = asked.role;
    let expected = format!("assumed-role/{}/{}", role.name(), asked.session_name);
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
