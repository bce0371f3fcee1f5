use rolewrap_core::Environment;

use super::marks::INSTALLED_VERSION;
use super::truth_text;
use crate::error::Error;

/// With what rolewrap's own variables begin.
pub(crate) const PREFIX: &str = "ROLEWRAP_";

/// With what the variables begin that say as whom a command runs, and how: ours and Terragrunt's. One that is set and empty was
/// meant to be filled, by a CI system for instance, and to choose or to limit.
const NEVER_EMPTY: [&str; 3] = [PREFIX, "TG_", "TERRAGRUNT_"];

/// The variables among them that may be empty. Without a value they say the same as where they are not set, and nothing about
/// whom the command runs as.
const MAY_BE_EMPTY: [&str; 4] = [
    INSTALLED_VERSION,
    "ROLEWRAP_KEEP_ENV",
    "ROLEWRAP_QUIET",
    "ROLEWRAP_VERBOSE",
];

/// The value of `name` without the white space around it; `None` when it is unset, or empty and may be.
pub(crate) fn text(environment: &dyn Environment, name: &str) -> Result<Option<String>, Error> {
    let Some(raw) = environment.get(name) else {
        return Ok(None);
    };
    let Ok(value) = raw.into_string() else {
        // Its value is not shown: it may be a token.
        return Err(Error::new(format!("the variable {name} is not UTF-8 text"))
            .hint(format!("write it as UTF-8 text, or unset it: unset {name}")));
    };
    match value.trim() {
        "" if may_be_empty(name) => Ok(None),
        "" => Err(Error::new(format!("the variable {name} is set, and empty"))
            .cause(NEVER_EMPTY_BECAUSE)
            .hint(format!("fill it, or unset it: unset {name}"))),
        value => Ok(Some(value.to_owned())),
    }
}

/// Why an empty value is refused, of a variable or an option.
pub(crate) const NEVER_EMPTY_BECAUSE: &str =
    "it was meant to say something, and without it the command could run as somebody else, or do more";

fn may_be_empty(name: &str) -> bool {
    MAY_BE_EMPTY.contains(&name) || !NEVER_EMPTY.iter().any(|prefix| name.starts_with(prefix))
}

/// Whether the variable `name`, one of ours, says yes or no; `None` when it says nothing.
pub(crate) fn truth(environment: &dyn Environment, name: &str) -> Result<Option<bool>, Error> {
    truth_with(environment, name, truth_text::own)
}

/// The same for a variable of AWS's.
pub(crate) fn aws_truth(environment: &dyn Environment, name: &str) -> Result<Option<bool>, Error> {
    truth_with(environment, name, truth_text::of_aws)
}

fn truth_with(
    environment: &dyn Environment,
    name: &str,
    parse: fn(&str) -> Option<bool>,
) -> Result<Option<bool>, Error> {
    let Some(value) = text(environment, name)? else {
        return Ok(None);
    };
    match parse(&value) {
        Some(said) => Ok(Some(said)),
        None => Err(
            Error::new(format!("the value of {name} is neither true nor false"))
                .cause(format!("it is `{value}`"))
                .hint(format!("write true or false, or unset it: unset {name}")),
        ),
    }
}
