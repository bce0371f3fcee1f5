//! What both ways of assuming a role are checked for, before anything is sent.

use crate::session_policy::LONGEST as LONGEST_POLICIES;
use crate::{InvalidRequest, PolicyArn, Region, RoleArn, SessionPolicy};

/// STS API Reference, AssumeRole, `PolicyArns`.
const MOST_POLICY_ARNS: usize = 10;

/// The role must be in the partition of the region that is asked.
pub(crate) fn partition(role: &RoleArn, region: Option<&Region>) -> Result<(), InvalidRequest> {
    match region {
        Some(region) if region.partition() != role.partition() => Err(InvalidRequest::OtherPartition {
            role: role.partition(),
            region: region.clone(),
        }),
        _ => Ok(()),
    }
}

/// There is room for so many policies, and so long ones together.
pub(crate) fn policies(inline: Option<&SessionPolicy>, arns: &[PolicyArn]) -> Result<(), InvalidRequest> {
    if arns.len() > MOST_POLICY_ARNS {
        return Err(InvalidRequest::TooManyPolicyArns {
            count: arns.len(),
            allowed: MOST_POLICY_ARNS,
        });
    }
    let inline = inline.map_or(0, |policy| policy.as_str().chars().count());
    let managed: usize = arns.iter().map(|arn| arn.as_str().len()).sum();
    let characters = inline + managed;
    // An ARN alone may have 2048 characters, so this can be broken without an inline policy.
    if characters > LONGEST_POLICIES {
        return Err(InvalidRequest::PoliciesTooLong {
            characters,
            allowed: LONGEST_POLICIES,
        });
    }
    Ok(())
}
