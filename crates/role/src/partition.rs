use std::fmt;
use std::str::FromStr;

use crate::InvalidParameter;

/// A group of AWS regions with accounts, endpoints and ARNs of its own. Roles cannot be assumed across two.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Partition {
    /// The commercial regions.
    Aws,
    /// The regions in China.
    AwsCn,
    /// AWS `GovCloud` (US).
    AwsUsGov,
    /// The US ISO regions ("Top Secret").
    AwsIso,
    /// The US ISOB regions ("Secret").
    AwsIsoB,
    /// The EU ISOE regions.
    AwsIsoE,
    /// The US ISOF regions.
    AwsIsoF,
    /// The European Sovereign Cloud.
    AwsEusc,
}

impl Partition {
    /// Every partition, in the order of AWS's public list.
    pub const ALL: [Self; 8] = [
        Self::Aws,
        Self::AwsCn,
        Self::AwsUsGov,
        Self::AwsIso,
        Self::AwsIsoB,
        Self::AwsIsoE,
        Self::AwsIsoF,
        Self::AwsEusc,
    ];

    /// The second part of an ARN, such as `aws-us-gov`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Aws => "aws",
            Self::AwsCn => "aws-cn",
            Self::AwsUsGov => "aws-us-gov",
            Self::AwsIso => "aws-iso",
            Self::AwsIsoB => "aws-iso-b",
            Self::AwsIsoE => "aws-iso-e",
            Self::AwsIsoF => "aws-iso-f",
            Self::AwsEusc => "aws-eusc",
        }
    }

    /// The region whose STS is asked when none is known: the `implicitGlobalRegion` of AWS's public partitions
    /// list, and in China the older Beijing instead of Ningxia.
    pub fn default_region(self) -> crate::Region {
        crate::Region::trusted(match self {
            Self::Aws => "us-east-1",
            Self::AwsCn => "cn-north-1",
            Self::AwsUsGov => "us-gov-west-1",
            Self::AwsIso => "us-iso-east-1",
            Self::AwsIsoB => "us-isob-east-1",
            Self::AwsIsoE => "eu-isoe-west-1",
            Self::AwsIsoF => "us-isof-south-1",
            Self::AwsEusc => "eusc-de-east-1",
        })
    }
}

impl fmt::Display for Partition {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.name())
    }
}

impl FromStr for Partition {
    type Err = InvalidParameter;

    fn from_str(value: &str) -> Result<Self, Self::Err> {
        Self::ALL
            .into_iter()
            .find(|partition| partition.name() == value)
            .ok_or_else(|| {
                let known = Self::ALL.map(Self::name).join(", ");
                InvalidParameter::new(
                    "partition",
                    value,
                    format!("is not an AWS partition; known are {known}"),
                )
            })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_partition_is_read_back_from_its_name() {
        for partition in Partition::ALL {
            assert_eq!(partition.to_string().parse(), Ok(partition));
        }
    }

    #[test]
    fn an_unknown_partition_is_refused_with_the_known_ones() {
        let error = "AWS".parse::<Partition>().unwrap_err();
        assert!(error.to_string().contains("aws-us-gov"), "{error}");
    }

    #[test]
    fn the_default_region_of_a_partition_is_in_that_partition() {
        for partition in Partition::ALL {
            let region = partition.default_region();
            assert_eq!(region.partition(), partition, "{region}");
            assert_eq!(region.as_str().parse(), Ok(region));
        }
    }
}
