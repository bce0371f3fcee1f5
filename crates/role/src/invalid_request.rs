use thiserror::Error;

use crate::{InvalidParameter, Partition, Region, SessionDuration};

/// Parameters that are valid one by one and that AWS would refuse together.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum InvalidRequest {
    /// The role and the region are in different partitions. The user corrects one of them.
    #[error("the role is in partition {role} and region {region} is in partition {}", .region.partition())]
    OtherPartition {
        /// The role's partition.
        role: Partition,
        /// The region that STS would be asked in.
        region: Region,
    },

    /// The base credentials are temporary, so the role is chained and its session lives at most one hour. The
    /// user asks for less, or starts from long-lived keys.
    #[error(
        "session duration {duration}: the base credentials are temporary, and a role assumed with temporary \
         credentials is allowed at most 1h"
    )]
    ChainedDuration {
        /// The duration asked for.
        duration: SessionDuration,
    },

    /// The base credentials are temporary, and an MFA device belongs to a user. The user starts from long-lived
    /// keys, or names no device where MFA is in the base credentials already.
    #[error("the base credentials are temporary, and an MFA code is accepted with a user's own keys only")]
    MfaOfTemporary,

    /// The session policy and the policy ARNs are too long together.
    #[error("session policy and policy ARNs have {characters} characters; allowed are {allowed} together")]
    PoliciesTooLong {
        /// The characters of all of them.
        characters: usize,
        /// The most that STS takes.
        allowed: usize,
    },

    /// There are too many policy ARNs.
    #[error("policy ARNs are {count}; allowed are at most {allowed}")]
    TooManyPolicyArns {
        /// How many there are.
        count: usize,
        /// The most that STS takes.
        allowed: usize,
    },

    /// There are too many provided contexts.
    #[error("provided contexts are {count}; allowed are at most {allowed}")]
    TooManyProvidedContexts {
        /// How many there are.
        count: usize,
        /// The most that STS takes.
        allowed: usize,
    },

    /// One parameter breaks its own limits.
    #[error(transparent)]
    Parameter(#[from] InvalidParameter),
}
