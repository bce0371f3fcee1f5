use std::borrow::Cow;

use rolewrap_core::Environment;

use super::table::variables;
use crate::error::Error;
use crate::host::program::leads_back;
use crate::host::{
    ASKING, CARRIED, INSTALLED_VERSION, MarkedRegion, OF_A_SESSION, PREFIX, SESSION_HIDES, SESSION_KEY,
    SESSION_LACKS, SESSION_MARKER, SESSION_REGION, SESSION_SHAPE, STARTED, aws_truth, variable as text,
};
use crate::ui::text::nearest;

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
