use crate::plan::BasePlan;
use crate::ui::messages::Messages;

/// What the names of regions have before their number.
const DIRECTIONS: [&str; 9] = [
    "north",
    "south",
    "east",
    "west",
    "central",
    "northeast",
    "southeast",
    "southwest",
    "northwest",
];

/// Says that a region is most likely misspelt. New regions appear without notice, so it is used all the same.
pub(crate) fn warn(messages: Messages, plan: &BasePlan) {
    if let Some(region) = &plan.region
        && let Some(meant) = meant(region.value.as_str())
    {
        messages.warning(&format!(
            "{} does not look like a region ({}): did you mean {meant}?",
            region.value, region.origin
        ));
    }
}

/// The region that `region` is most likely meant to be. The names of regions end with a direction and a number; where
/// there is nearly a direction, it is misspelt. What does not look like that is not judged: new regions appear without
/// notice.
fn meant(region: &str) -> Option<String> {
    let (start, number) = region.rsplit_once('-')?;
    let (place, word) = start.rsplit_once('-')?;
    if !number.bytes().all(|byte| byte.is_ascii_digit()) || DIRECTIONS.contains(&word) {
        return None;
    }
    let near = |direction: &&str| strsim::osa_distance(word, direction) == 1;
    let direction = DIRECTIONS.into_iter().find(near)?;
    Some(format!("{place}-{direction}-{number}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_direction_that_is_misspelt_is_noticed_and_a_new_region_is_not() {
        for (region, right) in [
            ("eu-wset-1", "eu-west-1"),
            ("us-est-2", "us-east-2"),
            ("us-gov-eastt-1", "us-gov-east-1"),
            ("ap-southeest-2", "ap-southeast-2"),
        ] {
            assert_eq!(meant(region).as_deref(), Some(right), "{region}");
        }
        for region in [
            "eu-west-1",
            "mars-middle-1",
            "local",
            "eusc-de-east-1",
            "aws-global",
            "",
        ] {
            assert_eq!(meant(region), None, "{region}");
        }
    }
}
