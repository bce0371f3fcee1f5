use crate::{Session, SessionDuration, StsError};

/// The longest session that a role allows. STS has no call that says how long that is; only its refusals tell.
///
/// Whole hours are tried, as AWS's console offers them, and those first that people set: twelve, then four, then half-way
/// between what was granted and what was refused. Every role allows one hour. So there are at most five requests: one for
/// a role that allows twelve hours, and four for a role whose maximum was never changed. Where a duration is `known` to
/// have been the longest, it is tried first, and looked for again only if STS refuses it.
///
/// `ask` asks for one duration. The session is returned with the duration that it was asked for with.
///
/// # Errors
/// Those of `ask`, where they are about something else than the role's maximum.
pub async fn longest(
    known: Option<SessionDuration>,
    ask: impl AsyncFn(SessionDuration) -> Result<Session, StsError>,
) -> Result<(Session, SessionDuration), StsError> {
    if let Some(known) = known
        && let Some(session) = granted(ask(known).await)?
    {
        return Ok((session, known));
    }
    let mut longest = None;
    let (mut allowed, mut refused) = (1, 13);
    while allowed + 1 < refused {
        let hours = match (allowed, refused) {
            (1, 13) => 12,
            (1, 12) => 4,
            (allowed, refused) => u32::midpoint(allowed, refused),
        };
        let duration = SessionDuration::from_hours(hours);
        match granted(ask(duration).await)? {
            Some(session) => {
                longest = Some((session, duration));
                allowed = hours;
            }
            None => refused = hours,
        }
    }
    match longest {
        Some(longest) => Ok(longest),
        None => Ok((ask(SessionDuration::DEFAULT).await?, SessionDuration::DEFAULT)),
    }
}

/// The session, or none where the role does not allow it to last so long.
fn granted(answer: Result<Session, StsError>) -> Result<Option<Session>, StsError> {
    match answer {
        Ok(session) => Ok(Some(session)),
        Err(StsError::DurationAboveMaximum { .. }) => Ok(None),
        Err(error) => Err(error),
    }
}
