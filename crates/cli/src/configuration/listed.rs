//! Options and variables that give several values: separated by commas, which none of these values can have.

use figment::value::{Dict, Value};

use super::Origin;
use crate::error::Error;

/// The value of `key` in `text`, as a file would have it.
pub(super) fn value(key: &str, text: &str, origin: &Origin) -> Result<Value, Error> {
    match key {
        "tags" => tags(text, origin),
        "transitive_tags" => Ok(parts(text).into()),
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

fn parts(text: &str) -> Vec<String> {
    text.split(',')
        .map(str::trim)
        .filter(|part| !part.is_empty())
        .map(str::to_owned)
        .collect()
}

/// `KEY=VALUE` pairs; the first `=` of each separates.
fn tags(text: &str, origin: &Origin) -> Result<Value, Error> {
    let parts = parts(text);
    refuse_syntax_of_aws(&parts, origin)?;
    let mut tags = Dict::new();
    for pair in parts {
        let Some((key, value)) = pair.split_once('=') else {
            return Err(Error::new(format!("`{pair}` is no tag"))
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
