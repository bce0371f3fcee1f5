//! Which variables are about an AWS identity, and which of them a delivery sets itself.

use crate::configuration::variables_of;
use crate::host::hidden_profiles::LOAD_CONFIG;
use crate::host::outer_session::SESSION;
use crate::host::{SESSION_KEY, SESSION_LACKS, SESSION_MARKER, SESSION_REGION, SESSION_SHAPE};
use crate::plan::Delivery;

/// Variables that name or carry an AWS identity. Each of them beats, in one SDK or another, the identity that
/// was chosen, so the command never inherits one.
pub(super) const IDENTITY: [&str; 21] = [
    "AWS_ACCESS_KEY_ID",
    "AWS_SECRET_ACCESS_KEY",
    "AWS_SESSION_TOKEN",
    "AWS_SECURITY_TOKEN",
    "AWS_ACCESS_KEY",
    "AWS_SECRET_KEY",
    "AWS_CREDENTIAL_EXPIRATION",
    "AWS_CREDENTIAL_SCOPE",
    "AWS_ACCOUNT_ID",
    "AWS_PROFILE",
    "AWS_DEFAULT_PROFILE",
    LOAD_CONFIG,
    "AWS_CREDENTIAL_FILE",
    "BOTO_CONFIG",
    "BOTO_PATH",
    // What the SDKs for Ruby and, in its second version, for JavaScript read beside AWS's own names.
    "AMAZON_ACCESS_KEY_ID",
    "AMAZON_SECRET_ACCESS_KEY",
    "AMAZON_SESSION_TOKEN",
    "AWS_ROLE_ARN",
    "AWS_ROLE_SESSION_NAME",
    "AWS_WEB_IDENTITY_TOKEN_FILE",
];

/// What the names of variables about a credentials endpoint begin with.
const CONTAINER: &str = "AWS_CONTAINER_";

/// What the names of tokens for single services begin with.
const BEARER_TOKENS: &str = "AWS_BEARER_TOKEN_";

/// Families of such variables, by how they begin.
const IDENTITY_FAMILIES: [&str; 3] = [CONTAINER, BEARER_TOKENS, "ROLEWRAP_"];

/// Those that win over the keys of a session in variables, in one SDK or another: a profile, in the SDK for JavaScript,
/// and one that is not there breaks most. The account and the scope go with keys that are no longer there.
const RIVALS: [&str; 4] = [
    "AWS_PROFILE",
    "AWS_DEFAULT_PROFILE",
    "AWS_ACCOUNT_ID",
    "AWS_CREDENTIAL_SCOPE",
];

/// Terragrunt's ways to another identity than the role that it named.
const FROM_TERRAGRUNT: [&str; 4] = [
    "TG_IAM_ASSUME_ROLE_WEB_IDENTITY_TOKEN",
    "TERRAGRUNT_IAM_ASSUME_ROLE_WEB_IDENTITY_TOKEN",
    "TG_AUTH_PROVIDER_CMD",
    "TERRAGRUNT_AUTH_PROVIDER_CMD",
];

/// What every delivery sets.
pub(super) const SURROUNDINGS: [&str; 7] = [
    "AWS_REGION",
    "AWS_DEFAULT_REGION",
    SESSION_MARKER,
    SESSION_KEY,
    SESSION_LACKS,
    SESSION_REGION,
    SESSION_SHAPE,
];

/// Whether the variable is set or removed by this delivery, so that keeping it is asking for something that cannot be.
pub(crate) fn is_delivered(name: &str, delivery: Delivery) -> bool {
    SESSION.contains(&name)
        || SURROUNDINGS.contains(&name)
        || (delivery == Delivery::Endpoint && name.starts_with(CONTAINER))
}

/// Whether the variable is about AWS identity: AWS's own, ours, and those of Terragrunt that named the role to
/// us, which a Terragrunt below would assume a second time.
pub(crate) fn is_about_identity(name: &str) -> bool {
    let named_the_role = || {
        let keys = ["iam_role", "duration", "session_name"];
        keys.into_iter().any(|key| variables_of(key).contains(&name))
    };
    IDENTITY.contains(&name)
        || FROM_TERRAGRUNT.contains(&name)
        || IDENTITY_FAMILIES.iter().any(|family| name.starts_with(family))
        || named_the_role()
}

/// Whether some program prefers the variable to an exported session beside it, or takes a part of its identity from there.
/// The rest of [`IDENTITY`] comes after the keys of the session in every SDK, and may feed the source of the next run.
pub(crate) fn rivals_the_session(name: &str) -> bool {
    // A name goes into lines that a shell runs, so only one that a shell knows as a name is.
    let is_name = |character: char| character.is_ascii_alphanumeric() || character == '_';
    (RIVALS.contains(&name) || name.starts_with(BEARER_TOKENS)) && name.chars().all(is_name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rival_is_about_identity_and_is_a_name_to_a_shell() {
        for name in RIVALS {
            assert!(is_about_identity(name) && rivals_the_session(name), "{name}");
        }
        assert!(rivals_the_session("AWS_BEARER_TOKEN_BEDROCK"));
        for name in [
            "AWS_BEARER_TOKEN_$(touch pwned)",
            "AWS_WEB_IDENTITY_TOKEN_FILE",
            "AWS_REGION",
            "PATH",
        ] {
            assert!(!rivals_the_session(name), "{name}");
        }
    }
}
