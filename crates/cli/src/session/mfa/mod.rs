//! Multi-factor authentication: a code from wherever it is, and the session that one code is good for.

mod codes;
mod next_code;
mod refusal;

use rolewrap_core::BaseCredentials;
use rolewrap_role::{MfaCode, MfaSessionRequest, StsClient, StsError};

use crate::error::Error;
use crate::host::wait::boxed;
use crate::plan::Mfa;
use crate::session::Journey;
use crate::session::cache::RunCache;
use crate::session::lease::while_new;
use codes::Codes;

/// The MFA session of the owner of `base`, where the plan has one: what signs for the first role then, and can be kept
/// for the next ones, so that nobody is asked again. `None` where there is no MFA, or where the code goes with the
/// request for the role.
pub(crate) async fn session(
    journey: Journey<'_>,
    client: &StsClient,
    base: &BaseCredentials,
) -> Result<Option<BaseCredentials>, Error> {
    let (world, plan) = (journey.world, journey.plan);
    let Some(mfa) = plan.mfa(base.source_name()).filter(|_| !plan.is_mfa_direct()) else {
        return Ok(None);
    };
    refuse_temporary(base, mfa)?;
    let ask = async || {
        let answer = with_code(journey, mfa, async |code| {
            let request = MfaSessionRequest {
                serial: mfa.serial.value.clone(),
                code,
                duration: mfa.duration.as_ref().map(|duration| duration.value),
            };
            world.messages.step(&format!(
                "asking {} for an MFA session with {} ({})",
                client.endpoint(),
                mfa.serial.value,
                mfa.serial.origin
            ));
            while_new(base, async || client.mfa_session(base, &request).await).await
        });
        boxed(answer)
            .await?
            .map_err(|error| refusal::explain(&error, base, plan, mfa))
    };
    let session = match RunCache::of_mfa(journey, client, base, mfa) {
        Some(cache) => cache.obtain(world, None, ask).await?,
        None => ask().await?,
    };
    if let Some(expires_at) = session.expires_at() {
        world.messages.step(&format!(
            "MFA session {}, until {}",
            session.access_key_id(),
            humantime::format_rfc3339_seconds(expires_at)
        ));
    }
    Ok(Some(session))
}

/// What `ask` answers with a code. Where AWS does not take it, `ask` is given another one, if there is one.
pub(crate) async fn with_code<T>(
    journey: Journey<'_>,
    mfa: &Mfa,
    mut ask: impl AsyncFnMut(MfaCode) -> Result<T, StsError>,
) -> Result<Result<T, StsError>, Error> {
    let mut codes = Codes::new(journey.world, journey.configuration, mfa);
    let mut code = codes.first().await?;
    loop {
        let refused = match ask(code.clone()).await {
            Err(error) if error.is_about_the_mfa_code() => error,
            answer => return Ok(answer),
        };
        code = match codes.after(&code).await? {
            Some(next) => next,
            None => return Ok(Err(refused)),
        };
    }
}

/// Refuses to show MFA with base credentials that are temporary, before anybody is asked for a code.
pub(crate) fn refuse_temporary(base: &BaseCredentials, mfa: &Mfa) -> Result<(), Error> {
    if !base.is_temporary() {
        return Ok(());
    }
    Err(
        Error::new("MFA cannot be shown with these base credentials, so nothing was sent")
            .cause(format!(
                "{} from source {} is a temporary key, and AWS takes an MFA code with a user's own keys only",
                base.access_key_id(),
                base.source_name()
            ))
            .from(&mfa.serial.origin)
            .hint("start from long-lived keys; or remove mfa_serial, where MFA was shown when these keys were made"),
    )
}
