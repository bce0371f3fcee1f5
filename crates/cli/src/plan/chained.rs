//! What AWS demands of the hops of a chain together, checked before anything is sent.

use rolewrap_role::{AskedDuration, SessionDuration, SessionTag, SourceIdentity};

use super::{Chosen, Hop, HopTags};
use crate::configuration::{Configuration, Layer, Origin};
use crate::error::Error;

const LONGEST: SessionDuration = SessionDuration::LONGEST_CHAINED;

/// A session of one partition means nothing in another.
pub(super) fn check_partitions(hops: &[Hop]) -> Result<(), Error> {
    for pair in hops.windows(2) {
        let [one, other] = pair else { continue };
        let (one, other) = (&one.role, &other.role);
        if one.value.partition() != other.value.partition() {
            return Err(Error::new(format!(
                "{} cannot assume {}: they are in the partitions {} and {}",
                one.value,
                other.value,
                one.value.partition(),
                other.value.partition()
            ))
            .from(&one.origin)
            .from(&other.origin)
            .hint("give both accounts a region of the same partition, or correct `via`"));
        }
    }
    Ok(())
}

/// Refuses more than an hour for a chained role where that was asked for, and shortens what stands at the top of the
/// files for all accounts. The longest is known without asking. The first role of a chain gets an hour as well: its session
/// signs for the next one and is forgotten, and a longer one would need an MFA code of its own.
pub(super) fn limit_durations(configuration: &Configuration, hops: &mut [Hop]) -> Result<(), Error> {
    if let [first, _, ..] = hops {
        shorten(
            first.duration.as_mut(),
            "an hour for a role that leads to another",
        );
    }
    let mut before: Option<String> = None;
    for hop in hops {
        let name = hop.name();
        let (Some(before), Some(duration)) = (before.replace(name.clone()), &mut hop.duration) else {
            continue;
        };
        if duration.value.exactly().is_some_and(|exactly| exactly <= LONGEST) {
            continue;
        }
        let section = configuration.settings.accounts.get(&name);
        let is_own = section.is_some_and(|account| account.duration.is_some());
        let is_asked_for = is_own || duration.origin.layer >= Layer::Variable;
        if is_asked_for && duration.value != AskedDuration::Longest {
            return Err(too_long(&name, &before, duration));
        }
        shorten(Some(duration), "what a chained role has at most");
    }
    Ok(())
}

/// Shortens what is asked for the first role to what an MFA session can have. A session that is renewed need not be
/// longer.
pub(super) fn limit_for_mfa_session(hops: &mut [Hop]) {
    shorten(
        hops.first_mut().and_then(|hop| hop.duration.as_mut()),
        "what an MFA session gets at most, renewed until the command ends",
    );
}

/// Shortens what is longer than an hour, or may be.
fn shorten(duration: Option<&mut Chosen<AskedDuration>>, why: &str) {
    let is_longer = |duration: &AskedDuration| duration.exactly().is_none_or(|exactly| exactly > LONGEST);
    let Some(duration) = duration.filter(|duration| is_longer(&duration.value)) else {
        return;
    };
    *duration = Chosen {
        value: LONGEST.into(),
        origin: Origin {
            place: format!(
                "{}, where {} comes to {why}",
                duration.origin.place, duration.value
            ),
            layer: duration.origin.layer,
        },
    };
}

fn too_long(account: &str, before: &str, duration: &Chosen<AskedDuration>) -> Error {
    Error::new(format!(
        "`{account}` is a chained role, and a chained session lasts at most {LONGEST}, so nothing was sent"
    ))
    .cause(format!(
        "{} was asked for, and its role is assumed with the session of `{before}`",
        duration.value
    ))
    .from(&duration.origin)
    .hint(format!(
        "ask for {LONGEST} or less, or for none; with --delivery endpoint the session is renewed as long as the command runs"
    ))
}

/// Takes from the first hop of a chain the tags and the source identity that are not its own. A request with a web identity
/// has no place for them, and the hop after it can send them.
pub(super) fn leave_to_the_second(configuration: &Configuration, hops: &mut [Hop]) {
    let [first, _, ..] = hops else { return };
    let Some(own) = configuration.settings.accounts.get(&first.name()) else {
        return;
    };
    if own.tags.is_none() {
        first.tags = HopTags::default();
    }
    if own.source_identity.is_none() {
        first.source_identity = None;
    }
}

/// Leaves the source identity with the first hop that sets one. AWS carries it through the rest of the chain, where it
/// cannot be changed.
pub(super) fn carry_source_identity(hops: &mut [Hop]) -> Result<(), Error> {
    let mut carried: Option<Chosen<SourceIdentity>> = None;
    for hop in hops {
        let Some(carried) = &carried else {
            carried.clone_from(&hop.source_identity);
            continue;
        };
        if let Some(own) = hop.source_identity.take()
            && own.value != carried.value
        {
            return Err(Error::new(format!(
                "the source identity of a chain cannot change from `{}` to `{}`, so nothing was sent",
                carried.value, own.value
            ))
            .cause(format!(
                "AWS keeps what was set first, and refuses another one for `{}`",
                hop.name()
            ))
            .from(&carried.origin)
            .from(&own.origin)
            .hint("make both the same, or remove one"));
        }
    }
    Ok(())
}

/// Leaves a transitive tag with the hop that sets it. The sessions after it have it as well, and AWS refuses to be given
/// it again.
pub(super) fn hand_on_tags(hops: &mut [Hop]) -> Result<(), Error> {
    let mut inherited: Vec<Chosen<SessionTag>> = Vec::new();
    for hop in hops {
        for tag in &hop.tags.tags {
            let key = tag.value.key();
            let known = inherited
                .iter()
                .find(|known| SessionTag::same_key(known.value.key(), key));
            if let Some(known) = known.filter(|known| known.value.value() != tag.value.value()) {
                return Err(Error::new(format!(
                    "the transitive tag `{}` of a chain cannot become `{}`, so nothing was sent",
                    known.value, tag.value
                ))
                .cause(format!(
                    "AWS hands it on to `{}`, and does not take another one",
                    hop.name()
                ))
                .from(&known.origin)
                .from(&tag.origin)
                .hint("make both the same, or remove the key from transitive_tags"));
            }
        }
        hop.tags = hop.tags.without(&inherited)?;
        inherited.extend(hop.tags.handed_on().cloned());
    }
    Ok(())
}
