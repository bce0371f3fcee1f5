use super::mfa::Mfa;
use super::{Chosen, Hop};
use crate::configuration::{Layer, Origin};
use crate::error::Error;

/// Refuses what has no place in a request with a web identity: the token alone says who this is, and has its own tags
/// and its own source identity in it.
pub(super) fn check(hop: &Hop, source: &Chosen<Vec<String>>) -> Result<(), Error> {
    let external_id = hop.external_id.as_ref().map(|chosen| &chosen.origin);
    let identity = hop.source_identity.as_ref().map(|chosen| &chosen.origin);
    let tags = hop.tags.tags.first().map(|chosen| &chosen.origin);
    let transitive = hop.tags.transitive.as_ref().map(|chosen| &chosen.origin);
    let contexts = hop.provided_contexts.as_ref().map(|chosen| &chosen.origin);
    let given = [
        ("external id", external_id),
        ("source identity", identity),
        ("tags", tags.or(transitive)),
        ("provided contexts", contexts),
    ];
    for (what, origin) in given {
        if let Some(origin) = origin {
            return Err(refused(what, origin, source));
        }
    }
    Ok(())
}

/// The MFA of keys is not shown with a web identity. Where it was meant for this very role, that is an error.
pub(super) fn refuse_mfa(mfa: &[Mfa], source: &Chosen<Vec<String>>, own: bool) -> Result<(), Error> {
    match mfa.first() {
        Some(mfa) if own || mfa.serial.origin.layer >= Layer::Variable => {
            Err(refused("MFA device", &mfa.serial.origin, source))
        }
        _ => Ok(()),
    }
}

fn refused(what: &str, origin: &Origin, source: &Chosen<Vec<String>>) -> Error {
    Error::new(format!(
        "the first role is asked for with a web identity, which leaves no place for: {what}"
    ))
    .cause("AWS takes who this is, and the session's tags and source identity, from the token alone")
    .from(origin)
    .from(&source.origin)
    .hint(match what {
        "source identity" => "remove it, or have the identity provider put it into the token".to_owned(),
        _ => format!(
            "remove the {what}; the role's trust policy can ask for a subject and an audience instead"
        ),
    })
}
