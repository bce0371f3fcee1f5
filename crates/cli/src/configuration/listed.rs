//! Options and variables that give several values: separated by commas, which none of these values can have.

use figment::value::{Dict, Value};

use super::Origin;
use crate::error::Error;
use crate::host::NEVER_EMPTY_BECAUSE;

/// The value of `key` in `text`, as a file would have it.
pub(super) fn value(key: &str, text: &str, origin: &Origin) -> Result<Value, Error> {
    match key {
        "tags" => tags(text, origin),
        "transitive_tags" => Ok(parts(text, origin)?.into()),
        // The name of a policy may have a comma in it, and no colon.
        "policy_arns" => Ok(arns(text).into()),
        _ => Ok(text.into()),
    }
}

/// One that is empty stays, so that it is found: it was meant to limit the session.
fn arns(text: &str) -> Vec<String> {
    let arns = text.split(",arn:").enumerate();
    arns.map(|(index, arn)| {
        if index == 0 {
            arn.trim().to_owned()
        } else {
            format!("arn:{}", arn.trim())
        }
    })
    .collect()
}

fn parts(text: &str, origin: &Origin) -> Result<Vec<String>, Error> {
    let parts: Vec<String> = text.split(',').map(|part| part.trim().to_owned()).collect();
    if parts.iter().any(String::is_empty) {
        return Err(nothing_said(&format!("the {origin} has an empty value in it")));
    }
    Ok(parts)
}

/// An option that is empty: it was meant to be filled, by a shell or a CI system.
pub(super) fn empty(origin: &Origin) -> Error {
    nothing_said(&format!("the {origin} is empty"))
}

fn nothing_said(what: &str) -> Error {
    Error::new(what).cause(NEVER_EMPTY_BECAUSE).hint(
        "fill it, or leave it out; where it comes from a variable of a script, that variable is not set",
    )
}

/// `KEY=VALUE` pairs; the first `=` of each separates.
fn tags(text: &str, origin: &Origin) -> Result<Value, Error> {
    let parts = parts(text, origin)?;
    refuse_syntax_of_aws(&parts, origin)?;
    let mut tags = Dict::new();
    for pair in parts {
        let Some((key, value)) = pair.split_once('=') else {
            return Err(Error::new(format!("`{pair}` is not a valid tag"))
                .cause("it has no `=`")
                .from(origin)
                .hint("write a tag as KEY=VALUE, and a comma between two"));
        };
        if tags.insert(key.trim().to_owned(), value.trim().into()).is_some() {
            return Err(Error::new(format!("the tag `{}` is given twice", key.trim()))
                .from(origin)
                .hint("remove one of the two"));
        }
    }
    Ok(tags.into())
}

/// AWS's own command line writes one tag as `Key=Stage,Value=dev`, which is two tags here.
fn refuse_syntax_of_aws(parts: &[String], origin: &Origin) -> Result<(), Error> {
    let pairs: Option<Vec<_>> = parts.iter().map(|part| part.split_once('=')).collect();
    let Some([("Key", key), ("Value", value), others @ ..]) = pairs.as_deref() else {
        return Ok(());
    };
    if others.iter().any(|(key, _)| !matches!(*key, "Key" | "Value")) {
        return Ok(());
    }
    Err(Error::new("the tags have the keys `Key` and `Value`")
        .cause("that is how AWS's own command line writes one tag, and here it is two")
        .from(origin)
        .hint(format!("write {key}={value}")))
}
