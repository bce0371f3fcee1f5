use rolewrap_role::StsError;

use super::causes::causes;
use super::next_step::next_step;
use super::what_failed::what_failed;
use crate::error::Error;
use crate::plan::{BasePlan, Plan};
use crate::session::reach;
use crate::session::signer::Signer;

/// Why STS did not do what `signer` asked it to: assume the role of a hop of the plan, or without one say whose the
/// key is.
pub(crate) fn sts(
    error: &StsError,
    signer: &Signer<'_>,
    plan: &BasePlan,
    asked: Option<(&Plan, usize)>,
) -> Error {
    let hop = asked.map(|(plan, index)| &plan.hops[index]);
    let mut explained = causes(error, Error::new(what_failed(error, signer, hop)));
    if let Some(hop) = hop {
        explained = explained.with("role", format!("{} ({})", hop.role.value, hop.role.origin));
    }
    if let (StsError::DurationAboveMaximum { .. }, Some(duration)) =
        (error, hop.and_then(|hop| hop.duration.as_ref()))
    {
        explained = explained.with("duration", format!("{} ({})", duration.value, duration.origin));
    }
    if let Some((plan, index)) = asked.filter(|(plan, _)| plan.hops.len() > 1) {
        let hop = &plan.hops[index];
        explained = explained
            .with("hop", place_in_chain(plan, index))
            .with("with", hop.summary());
    }
    let explained = asked_where(error, signed_by(signer, plan, explained))
        .hint(next_step(error, signer, hop))
        .reaches(reach::of(error));
    match error {
        // A later hop is signed by a session, which is new each time.
        StsError::ExpiredBaseCredentials { .. }
        | StsError::UnknownAccessKey { .. }
        | StsError::SignatureMismatch { .. }
            if matches!(signer, Signer::Base(_)) =>
        {
            explained.about_the_key()
        }
        _ => explained,
    }
}

/// As whom STS was asked.
fn signed_by(signer: &Signer<'_>, plan: &BasePlan, explained: Error) -> Error {
    match signer {
        Signer::Base(base) => explained.with(
            "key",
            format!(
                "{} from source {} ({})",
                base.access_key_id(),
                base.source_name(),
                plan.sources.origin
            ),
        ),
        Signer::WebIdentity(source, token) => explained
            .with("web identity", token.claims())
            .with("source", format!("{source} ({})", plan.sources.origin)),
        Signer::Hop { arn, .. } => explained.with("signed by", arn),
    }
}

/// `2 of 3, hub > [network] > prod`
fn place_in_chain(plan: &Plan, index: usize) -> String {
    let names = plan.hops.iter().enumerate().map(|(number, hop)| {
        if number == index {
            format!("[{}]", hop.name())
        } else {
            hop.name()
        }
    });
    format!(
        "{} of {}: {}",
        index + 1,
        plan.hops.len(),
        names.collect::<Vec<_>>().join(" > ")
    )
}

/// Where STS was asked, with what finds the request again.
pub(crate) fn asked_where(error: &StsError, explained: Error) -> Error {
    let Some(endpoint) = error.endpoint() else {
        return explained;
    };
    let request = error
        .request_id()
        .map_or_else(String::new, |id| format!(", request id {id}"));
    explained.with("asked", format!("{endpoint}{request}"))
}
