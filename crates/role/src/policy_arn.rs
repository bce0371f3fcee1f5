use crate::text_parameter::text_parameter;
use crate::{AccountId, InvalidParameter, Partition};

/// What messages call the value.
const PARAMETER: &str = "policy ARN";
/// STS API Reference, `PolicyDescriptorType`, `arn`.
const SHORTEST: usize = 20;
/// STS API Reference, `PolicyDescriptorType`, `arn`.
const LONGEST: usize = 2048;

text_parameter! {
    /// The ARN of a managed policy that limits the session: `arn:aws:iam::ACCOUNT:policy/NAME`, or with `aws`
    /// in the account's place for AWS's own.
    PolicyArn, check
}

fn check(value: &str) -> Result<(), InvalidParameter> {
    problem(value).map_or(Ok(()), |problem| {
        Err(InvalidParameter::new(
            PARAMETER,
            value,
            format!("{problem}; a policy ARN looks like arn:aws:iam::aws:policy/ReadOnlyAccess"),
        ))
    })
}

fn problem(value: &str) -> Option<String> {
    if let Some(character) = value.chars().find(|character| !character.is_ascii_graphic()) {
        return Some(format!("has {character:?} in it"));
    }
    if !(SHORTEST..=LONGEST).contains(&value.len()) {
        return Some(format!(
            "has {} characters, allowed are {SHORTEST} to {LONGEST}",
            value.len()
        ));
    }
    let parts: Vec<&str> = value.splitn(6, ':').collect();
    let &["arn", partition, "iam", "", account, resource] = parts.as_slice() else {
        return Some("is not the ARN of an IAM policy".to_owned());
    };
    if partition.parse::<Partition>().is_err() {
        return Some(format!(
            "names the partition {partition}, which is not one of AWS's"
        ));
    }
    if account != "aws" && account.parse::<AccountId>().is_err() {
        return Some(format!(
            "names the account \"{account}\", which is neither twelve digits nor aws"
        ));
    }
    match resource.split_once('/') {
        Some(("policy", name)) if !name.is_empty() && !name.ends_with('/') => None,
        Some((kind, _)) if kind != "policy" => {
            Some(format!("is the ARN of a {kind}, not of a managed policy"))
        }
        _ => Some("has no policy name at its end".to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn policies_of_an_account_and_of_aws_are_accepted() {
        for good in [
            "arn:aws:iam::123456789012:policy/team/limit",
            "arn:aws-cn:iam::aws:policy/ReadOnlyAccess",
        ] {
            assert!(good.parse::<PolicyArn>().is_ok(), "{good}");
        }
    }

    #[test]
    fn what_is_no_policy_is_refused_with_its_kind() {
        for (bad, said) in [
            ("ReadOnlyAccess", "allowed are 20"),
            ("ReadOnlyAccessReadOnlyAccess", "is not the ARN"),
            ("arn:aws:iam::123456789012:role/limit", "ARN of a role"),
            ("arn:aws:iam::123456789012:policy/", "has no policy name"),
            ("arn:aws:iam::nobody:policy/limit", "account \"nobody\""),
            ("arn:nowhere:iam::123456789012:policy/limit", "partition nowhere"),
            ("arn:aws:iam::123456789012:policy/li mit", "has ' '"),
        ] {
            let message = bad.parse::<PolicyArn>().unwrap_err().to_string();
            assert!(message.contains(said), "{message}");
        }
    }

    #[test]
    fn at_most_2048_characters_are_allowed() {
        let start = "arn:aws:iam::aws:policy/";
        let arn = |length: usize| format!("{start}{}", "p".repeat(length - start.len()));
        assert!(arn(2048).parse::<PolicyArn>().is_ok());
        assert!(arn(2049).parse::<PolicyArn>().is_err());
    }
}
