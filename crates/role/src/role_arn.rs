use std::fmt;
use std::str::FromStr;

use crate::text_limits::{NAME_CHARACTERS, is_name_character};
use crate::{AccountId, InvalidParameter, Partition};

/// What messages call the value.
const PARAMETER: &str = "role ARN";
/// STS API Reference, AssumeRole, `RoleArn`.
const SHORTEST: usize = 20;
/// STS API Reference, AssumeRole, `RoleArn`.
const LONGEST: usize = 2048;
/// IAM API Reference, `Role`, `RoleName`.
const LONGEST_NAME: usize = 64;
/// IAM API Reference, `Role`, `Path`, with its slashes at both ends.
const LONGEST_PATH: usize = 512;
/// What the message shows as a pattern to follow.
const SHAPE: &str = "a role ARN looks like arn:aws:iam::123456789012:role/deploy";

/// The ARN of an IAM role: `arn:PARTITION:iam::ACCOUNT:role/PATH/NAME`.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct RoleArn {
    text: String,
    partition: Partition,
    account: AccountId,
}

impl RoleArn {
    /// The role called `path_and_name` (`deploy`, or `team/deploy` with a path) in `account`.
    ///
    /// # Errors
    /// [`InvalidParameter`] when `path_and_name` cannot be part of a role's ARN.
    pub fn new(
        partition: Partition,
        account: &AccountId,
        path_and_name: &str,
    ) -> Result<Self, InvalidParameter> {
        let path_and_name = path_and_name.strip_prefix('/').unwrap_or(path_and_name);
        format!("arn:{partition}:iam::{account}:role/{path_and_name}").parse()
    }

    /// The ARN as it is sent.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// The partition that the role is in.
    pub fn partition(&self) -> Partition {
        self.partition
    }

    /// The account that the role is in.
    pub fn account(&self) -> &AccountId {
        &self.account
    }

    /// The role's name, without its path.
    pub fn name(&self) -> &str {
        self.text.rsplit('/').next().unwrap_or_default()
    }
}

impl fmt::Display for RoleArn {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.text)
    }
}

impl FromStr for RoleArn {
    type Err = InvalidParameter;

    fn from_str(value: &str) -> Result<Self, Self::Err> {
        parse(value).map_err(|requirement| InvalidParameter::new(PARAMETER, value, requirement))
    }
}

fn parse(value: &str) -> Result<RoleArn, String> {
    if value.is_empty() {
        return Err(format!("is empty; {SHAPE}"));
    }
    if let Some(character) = value.chars().find(|character| !character.is_ascii_graphic()) {
        return Err(format!("has {character:?} in it; {SHAPE}"));
    }
    let parts: Vec<&str> = value.splitn(6, ':').collect();
    let &["arn", partition, service, region, account, resource] = parts.as_slice() else {
        return Err(format!("is not an ARN; {SHAPE}"));
    };
    check_kind(service, resource)?;
    if !region.is_empty() {
        return Err(format!("names the region {region}, and roles have none; {SHAPE}"));
    }
    let partition = partition
        .parse()
        .map_err(|error: InvalidParameter| format!("the partition {} {}", error.value, error.requirement))?;
    let account = account.parse().map_err(|error: InvalidParameter| {
        format!("the account \"{}\" {}", error.value, error.requirement)
    })?;
    check_path_and_name(resource.strip_prefix("role/").unwrap_or_default())?;
    if !(SHORTEST..=LONGEST).contains(&value.len()) {
        return Err(format!(
            "has {} characters; allowed are {SHORTEST} to {LONGEST}",
            value.len()
        ));
    }
    Ok(RoleArn {
        text: value.to_owned(),
        partition,
        account,
    })
}

/// Names the other kinds of ARN that people paste here, and what they want instead.
fn check_kind(service: &str, resource: &str) -> Result<(), String> {
    let kind = resource.split('/').next().unwrap_or_default();
    match (service, kind) {
        ("iam", "role") => Ok(()),
        ("sts", "assumed-role") => Err(format!(
            "is the ARN of a session, not of the role behind it; {SHAPE}, with the role's path if it has one"
        )),
        ("iam", "instance-profile") => Err(format!(
            "is the ARN of an instance profile, not of the role in it; {SHAPE}"
        )),
        ("iam", "root") => Err(format!("is the ARN of an account, not of a role in it; {SHAPE}")),
        ("iam", kind) if !kind.is_empty() => Err(format!("is the ARN of a {kind}, not of a role; {SHAPE}")),
        _ => Err(format!("is not the ARN of an IAM role; {SHAPE}")),
    }
}

fn check_path_and_name(path_and_name: &str) -> Result<(), String> {
    let (path, name) = path_and_name.rsplit_once('/').unwrap_or(("", path_and_name));
    if name.is_empty() {
        return Err(format!("has no role name at its end; {SHAPE}"));
    }
    if path.is_empty() && path_and_name.starts_with('/') {
        return Err(format!(
            "has two slashes before the role name, and no path between them; {SHAPE}"
        ));
    }
    if let Some(character) = name.chars().find(|&character| !is_name_character(character)) {
        return Err(format!(
            "the role name \"{name}\" has {character:?} in it; allowed are {NAME_CHARACTERS} \
             (1 to {LONGEST_NAME} characters)"
        ));
    }
    if name.len() > LONGEST_NAME {
        return Err(format!(
            "the role name has {} characters; allowed are 1 to {LONGEST_NAME}",
            name.len()
        ));
    }
    // The slashes before and after the path belong to it, and are not in `path`.
    if !path.is_empty() && path.len() + 2 > LONGEST_PATH {
        return Err(format!(
            "the role's path has {} characters; allowed are at most {LONGEST_PATH}",
            path.len() + 2
        ));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn requirement(value: &str) -> String {
        value.parse::<RoleArn>().unwrap_err().requirement
    }

    #[test]
    fn a_path_is_not_empty_between_its_slashes() {
        assert_eq!(
            requirement("arn:aws:iam::123456789012:role//deploy"),
            "has two slashes before the role name, and no path between them; a role ARN looks like arn:aws:iam::123456789012:role/deploy"
        );
        // Odd, and allowed (IAM API Reference, `Role`, `Path`).
        "arn:aws:iam::123456789012:role//team/deploy"
            .parse::<RoleArn>()
            .unwrap();
        "arn:aws:iam::123456789012:role/team//deploy"
            .parse::<RoleArn>()
            .unwrap();
    }

    #[test]
    fn an_arn_yields_its_parts() {
        let role: RoleArn = "arn:aws-us-gov:iam::012345678901:role/team/a/deploy"
            .parse()
            .unwrap();
        assert_eq!(role.partition(), Partition::AwsUsGov);
        assert_eq!(role.account().as_str(), "012345678901");
        assert_eq!(role.name(), "deploy");
        assert_eq!(
            role.to_string(),
            "arn:aws-us-gov:iam::012345678901:role/team/a/deploy"
        );
    }

    #[test]
    fn a_role_is_named_by_account_and_name_too() {
        let account: AccountId = "012345678901".parse().unwrap();
        for name in ["team/deploy", "/team/deploy"] {
            let role = RoleArn::new(Partition::AwsCn, &account, name).unwrap();
            assert_eq!(role.as_str(), "arn:aws-cn:iam::012345678901:role/team/deploy");
        }
        for bad in ["", "a b", "a/", &"a".repeat(65)] {
            assert!(RoleArn::new(Partition::Aws, &account, bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn common_mistakes_are_named() {
        for (value, said) in [
            ("", "is empty"),
            ("deploy", "is not an ARN"),
            ("arn:aws:iam::123456789012:user/alice", "ARN of a user"),
            ("arn:aws:iam::123456789012:policy/admin", "ARN of a policy"),
            (
                "arn:aws:iam::123456789012:instance-profile/web",
                "instance profile",
            ),
            ("arn:aws:iam::123456789012:root", "ARN of an account"),
            (
                "arn:aws:sts::123456789012:assumed-role/deploy/me",
                "ARN of a session",
            ),
            ("arn:aws:s3:::bucket/key", "not the ARN of an IAM role"),
            (" arn:aws:iam::123456789012:role/deploy", "has ' ' in it"),
            ("arn:aws:iam::123456789012:role/deploy\n", "has '\\n' in it"),
            (
                "arn:aws:iam:eu-west-1:123456789012:role/deploy",
                "names the region",
            ),
            (
                "arn:amazon:iam::123456789012:role/deploy",
                "the partition amazon is not",
            ),
            (
                "arn:aws:iam::12345:role/deploy",
                "the account \"12345\" has 5 digits",
            ),
            ("arn:aws:iam::123456789012:role/", "has no role name"),
            ("arn:aws:iam::123456789012:role", "has no role name"),
            ("arn:aws:iam::123456789012:role/a:b", "has ':' in it"),
        ] {
            let requirement = requirement(value);
            assert!(requirement.contains(said), "{value}: {requirement}");
        }
    }

    #[test]
    fn name_and_path_have_their_own_longest_lengths() {
        let arn = |path_and_name: &str| {
            format!("arn:aws:iam::123456789012:role/{path_and_name}").parse::<RoleArn>()
        };
        assert!(arn(&"n".repeat(64)).is_ok());
        assert!(arn(&"n".repeat(65)).is_err());
        assert!(arn(&format!("{}/n", "p".repeat(510))).is_ok());
        assert!(arn(&format!("{}/n", "p".repeat(511))).is_err());
        assert!(arn("n").is_ok());
    }
}
