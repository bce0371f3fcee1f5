use crate::text_limits::TextLimits;
use crate::text_parameter::text_parameter;
use crate::{InvalidParameter, Partition};

/// RFC 1123, section 2.1: a region becomes one label of the endpoint's host name.
const LIMITS: TextLimits = TextLimits {
    parameter: "region",
    characters: 1..=63,
    allows: |character| character.is_ascii_lowercase() || character.is_ascii_digit() || character == '-',
    allowed: "lower-case letters, digits and -",
};

/// How the regions of each partition begin, from the `regionRegex`es of AWS's public partitions list. What
/// matches none is in `aws`, as in the AWS SDKs.
const PREFIXES: [(&str, Partition); 7] = [
    ("cn-", Partition::AwsCn),
    ("us-gov-", Partition::AwsUsGov),
    ("us-iso-", Partition::AwsIso),
    ("us-isob-", Partition::AwsIsoB),
    ("eu-isoe-", Partition::AwsIsoE),
    ("us-isof-", Partition::AwsIsoF),
    ("eusc-", Partition::AwsEusc),
];

text_parameter! {
    /// An AWS region, such as `eu-west-1`. Any name that can stand in a host name is accepted, because new
    /// regions appear without notice.
    Region, check
}

impl Region {
    /// A region from a table of this crate.
    pub(crate) fn trusted(name: &'static str) -> Self {
        Self(name.to_owned())
    }

    /// The partition that the region belongs to, by the beginning of its name. Unknown beginnings are `aws`,
    /// and so is `aws-global`.
    pub fn partition(&self) -> Partition {
        // The pseudo region of a partition that is not `aws` is called `<partition>-global`.
        let global = self
            .0
            .strip_suffix("-global")
            .and_then(|partition| partition.parse().ok());
        global
            .or_else(|| {
                PREFIXES
                    .into_iter()
                    .find_map(|(prefix, partition)| self.0.starts_with(prefix).then_some(partition))
            })
            .unwrap_or(Partition::Aws)
    }
}

fn check(value: &str) -> Result<(), InvalidParameter> {
    LIMITS.check(value)?;
    if value.starts_with('-') || value.ends_with('-') {
        return Err(LIMITS.violation(value, "begins or ends with -"));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_region_is_one_label_of_a_host_name() {
        for good in ["eu-west-1", "a", &"a".repeat(63)] {
            assert!(good.parse::<Region>().is_ok(), "{good}");
        }
        for bad in [
            "",
            "eu-west-1.evil.example",
            "eu west",
            "EU-WEST-1",
            "-eu",
            "eu-",
            "eu/west",
            "eu@x",
            &"a".repeat(64),
        ] {
            assert!(bad.parse::<Region>().is_err(), "{bad}");
        }
    }

    #[test]
    fn the_partition_follows_from_the_beginning_of_the_name() {
        for (region, partition) in [
            ("eu-west-1", Partition::Aws),
            ("us-east-1", Partition::Aws),
            ("mars-north-1", Partition::Aws),
            ("aws-global", Partition::Aws),
            ("cn-north-1", Partition::AwsCn),
            ("aws-cn-global", Partition::AwsCn),
            ("us-gov-east-1", Partition::AwsUsGov),
            ("aws-us-gov-global", Partition::AwsUsGov),
            ("us-iso-west-1", Partition::AwsIso),
            ("us-isob-east-1", Partition::AwsIsoB),
            ("eu-isoe-west-1", Partition::AwsIsoE),
            ("us-isof-east-1", Partition::AwsIsoF),
            ("eusc-de-east-1", Partition::AwsEusc),
        ] {
            assert_eq!(
                region.parse::<Region>().unwrap().partition(),
                partition,
                "{region}"
            );
        }
    }
}
