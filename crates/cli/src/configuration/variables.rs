use std::borrow::Cow;

use rolewrap_core::Environment;

use super::marks::{
    ASKING, CARRIED, OF_A_SESSION, SESSION_HIDES, SESSION_KEY, SESSION_LACKS, SESSION_REGION, SESSION_SHAPE,
    STARTED,
};
use super::table::variables;
use super::{MarkedRegion, truth_text};
use crate::child::leads_back;
use crate::error::Error;
use crate::text::nearest;

/// The marker that a command finds in its environment when it runs under rolewrap.
pub(crate) const SESSION_MARKER: &str = "ROLEWRAP_SESSION";

/// Digests of project files that are trusted, separated by commas.
pub(crate) const TRUST: &str = "ROLEWRAP_TRUST";

/// The code of the MFA device. It is used once, and is no part of the configuration, which can be printed.
pub(crate) const MFA_TOKEN: &str = "ROLEWRAP_MFA_TOKEN";

/// Terragrunt's variables for a web identity token: the token, or the path of its file. That is why the value is no part
/// of the configuration: such a variable chooses the source that reads it.
pub(crate) const WEB_IDENTITY_TOKENS: [&str; 2] = [
    "TG_IAM_ASSUME_ROLE_WEB_IDENTITY_TOKEN",
    "TERRAGRUNT_IAM_ASSUME_ROLE_WEB_IDENTITY_TOKEN",
];

/// The source that needs no section and reads a web identity token from where it is.
pub(crate) const WEB_IDENTITY: &str = "web-identity";

/// Terragrunt's variables for Terraform's program.
const TERRAGRUNTS_TERRAFORM: [&str; 2] = ["TG_TF_PATH", "TERRAGRUNT_TFPATH"];

/// What CI jobs call the version that they install. Nothing reads it.
const INSTALLED_VERSION: &str = "ROLEWRAP_VERSION";

/// Variables of ours that are no configuration keys.
const OTHERS: [&str; 11] = [
    INSTALLED_VERSION,
    MFA_TOKEN,
    "ROLEWRAP_CONFIG",
    "ROLEWRAP_KEEP_ENV",
    "ROLEWRAP_NO_CACHE",
    "ROLEWRAP_NON_INTERACTIVE",
    "ROLEWRAP_VERBOSE",
    "ROLEWRAP_QUIET",
    "ROLEWRAP_REFRESH",
    TRUST,
    SESSION_MARKER,
];

/// Variables of ours that say how a run goes and not as whom, and an MFA code, which is another one each time. A program that
/// yields keys is taken not to choose by them. It may choose by all others, by the account for instance.
pub(crate) const OF_A_RUN: [&str; 16] = [
    ASKING,
    "ROLEWRAP_CACHE",
    INSTALLED_VERSION,
    MFA_TOKEN,
    "ROLEWRAP_NO_CACHE",
    "ROLEWRAP_QUIET",
    "ROLEWRAP_REFRESH",
    SESSION_MARKER,
    SESSION_HIDES,
    SESSION_KEY,
    SESSION_LACKS,
    SESSION_REGION,
    SESSION_SHAPE,
    STARTED,
    TRUST,
    "ROLEWRAP_VERBOSE",
];

/// A variable of the AWS SDK for Rust, for its own tests.
const SDK_PARTITIONS: &str = "SMITHY_CLIENT_SDK_CUSTOM_PARTITION";

/// With what rolewrap's own variables begin.
const PREFIX: &str = "ROLEWRAP_";

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
            .cause(NOTHING_SAID)
            .hint(format!("fill it, or unset it: unset {name}"))),
        value => Ok(Some(value.to_owned())),
    }
}

/// Why an empty value is refused, of a variable or an option.
pub(super) const NOTHING_SAID: &str =
    "it was meant to say something, and without it the command could run as somebody else, or do more";

fn may_be_empty(name: &str) -> bool {
    MAY_BE_EMPTY.contains(&name) || !NEVER_EMPTY.iter().any(|prefix| name.starts_with(prefix))
}

/// Whether the variable `name`, one of ours, says yes or no; `None` when it says nothing.
pub(crate) fn truth(environment: &dyn Environment, name: &str) -> Result<Option<bool>, Error> {
    truth_with(environment, name, truth_text::own)
}

/// The same for a variable of AWS's.
fn aws_truth(environment: &dyn Environment, name: &str) -> Result<Option<bool>, Error> {
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

/// Refuses a variable of ours, or one of Terragrunt's that is read here, that is empty and may not be: also one that
/// another variable or an option takes the place of.
pub(crate) fn refuse_empty(environment: &dyn Environment) -> Result<(), Error> {
    let read = variables().flat_map(|(_, names)| names.iter().copied());
    for name in read.chain(WEB_IDENTITY_TOKENS).chain(OTHERS) {
        text(environment, name)?;
    }
    Ok(())
}

/// What a variable sets: key, variable, value.
type Said = (Cow<'static, str>, &'static str, String);

/// The values that variables set.
pub(crate) fn values(environment: &dyn Environment) -> Result<Vec<Said>, Error> {
    // The switch with which AWS's tools ignore endpoints that were configured.
    let ignore_endpoints = aws_truth(environment, "AWS_IGNORE_CONFIGURED_ENDPOINT_URLS")? == Some(true);
    let marked_region = MarkedRegion::of(environment);
    let mut values = Vec::new();
    for (key, names) in variables() {
        if ignore_endpoints && key == "sts.endpoint_url" {
            continue;
        }
        for name in names {
            if let Some(value) = text(environment, name)? {
                let is_marked = |marked: &MarkedRegion| marked.is_in(name, &value);
                if is_stand_in(name, &value, environment) || marked_region.as_ref().is_some_and(is_marked) {
                    continue;
                }
                values.push((key, *name, value));
                break;
            }
        }
    }
    if !values.iter().any(|(key, _, _)| *key == "source") {
        for name in WEB_IDENTITY_TOKENS {
            if text(environment, name)?.is_some() {
                values.push(("source".into(), name, WEB_IDENTITY.to_owned()));
                break;
            }
        }
    }
    Ok(values)
}

/// Whether the variable is Terragrunt's for Terraform's program, and names what stands in its place: rolewrap, or a wrapper
/// that calls it. Terraform itself is elsewhere then.
fn is_stand_in(name: &str, value: &str, environment: &dyn Environment) -> bool {
    TERRAGRUNTS_TERRAFORM.contains(&name) && leads_back(value.as_ref(), environment)
}

/// Refuses the variable with which the AWS SDK is told, in its own tests, where AWS's endpoints are: in any file.
pub(crate) fn refuse_sdk_partitions(environment: &dyn Environment) -> Result<(), Error> {
    match environment.get(SDK_PARTITIONS) {
        None => Ok(()),
        Some(_) => Err(Error::new(format!("the variable {SDK_PARTITIONS} is set"))
            .cause("it would let a file decide which server is asked for the session")
            .hint(format!(
                "unset {SDK_PARTITIONS}; AWS_ENDPOINT_URL_STS names an endpoint of your own"
            ))),
    }
}

/// Refuses a `ROLEWRAP_` variable that nothing reads. A misspelt `ROLEWRAP_ACCOUNT` would otherwise let the
/// command run in the account that a file names.
pub(crate) fn refuse_unknown(environment: &dyn Environment) -> Result<(), Error> {
    let ours = || {
        let keys = variables().flat_map(|(_, names)| names.iter().copied());
        keys.chain(OTHERS).filter(|name| name.starts_with(PREFIX))
    };
    let mut unknown: Vec<String> = environment
        .names()
        .into_iter()
        .filter(|name| {
            name.starts_with(PREFIX)
                && !ours()
                    .chain(CARRIED)
                    .chain(OF_A_SESSION)
                    .any(|known| known == name)
        })
        .collect();
    unknown.sort();
    let Some(name) = unknown.first() else {
        return Ok(());
    };
    let error = Error::new(format!("unknown variable {name}"))
        .cause("rolewrap reads no variable of that name, and does not guess what it was meant to say");
    // What nobody sets to tell rolewrap something is not what was meant.
    let to_set = ours().filter(|name| ![SESSION_MARKER, INSTALLED_VERSION].contains(name));
    let rest = |name: &'static str| name.trim_start_matches(PREFIX);
    let hint = match name.trim_start_matches(PREFIX) {
        "ROLE_ARN" | "ROLE" => "the role is named by ROLEWRAP_IAM_ROLE".to_owned(),
        "PROFILE" => {
            "rolewrap reads no profiles; an account of the configuration is named by ROLEWRAP_ACCOUNT"
                .to_owned()
        }
        written => match nearest(written, to_set.map(rest)) {
            Some(nearest) => format!("did you mean {PREFIX}{nearest}?"),
            None => format!(
                "unset {name}; a variable for something else needs a name that does not begin with {PREFIX}"
            ),
        },
    };
    Err(error.hint(hint))
}
