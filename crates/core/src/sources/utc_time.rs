use std::time::{Duration, SystemTime, UNIX_EPOCH};

/// The last second that has four digits for its year.
const LAST_SECOND: Duration = Duration::from_secs(253_402_300_799);
/// As many digits of a fraction as are read.
const NANOSECONDS: usize = 9;

/// Reads a time with its time zone, in one of the ways in which programs write when credentials expire:
/// `2030-01-31T23:59:59Z`, as the SDKs of AWS do, `+00:00` as its command line does, or what AWS's own readers take as
/// well: another zone, a space for the `T`, a fraction, lower case. Without a zone it could be any time of a day.
pub(crate) fn parse(text: &str) -> Option<SystemTime> {
    let text = text.trim().to_ascii_uppercase();
    let (date, rest) = text.split_at_checked("2030-01-31".len())?;
    let rest = rest.strip_prefix(['T', ' '])?;
    let zone = rest.find(|character: char| !matches!(character, '0'..='9' | ':' | '.' | ','))?;
    let (time, zone) = rest.split_at(zone);
    let there = humantime::parse_rfc3339(&format!("{date}T{}Z", written_out(time)?)).ok()?;
    let utc = Zone::parse(zone.trim_start())?.to_utc(there)?;
    let since = utc.duration_since(UNIX_EPOCH).ok()?;
    (since <= LAST_SECOND).then_some(utc)
}

/// A time of the day as RFC 3339 has it, with seconds and with a fraction that is not too long.
fn written_out(time: &str) -> Option<String> {
    let (whole, fraction) = match time.split_once(['.', ',']) {
        Some((whole, fraction)) => (whole, Some(fraction)),
        None => (time, None),
    };
    let whole = match (whole.len(), fraction) {
        (8, _) => whole.to_owned(),
        (5, None) => format!("{whole}:00"),
        _ => return None,
    };
    let Some(fraction) = fraction else {
        return Some(whole);
    };
    let is_number = !fraction.is_empty() && fraction.bytes().all(|byte| byte.is_ascii_digit());
    let fraction = &fraction[..fraction.len().min(NANOSECONDS)];
    is_number.then(|| format!("{whole}.{fraction}"))
}

/// How far the clocks of a time zone are from UTC.
struct Zone {
    is_ahead: bool,
    by: Duration,
}

impl Zone {
    /// `Z`, `UTC`, `+09:00`, `-0530`, `+09`.
    fn parse(zone: &str) -> Option<Self> {
        if matches!(zone, "Z" | "UTC" | "GMT") {
            return Some(Self {
                is_ahead: true,
                by: Duration::ZERO,
            });
        }
        let is_ahead = zone.starts_with('+');
        let offset = zone.strip_prefix(['+', '-'])?;
        let (hours, minutes) = match (offset.len(), offset.split_once(':')) {
            (5, Some(parts)) => parts,
            (4, None) => offset.split_at_checked(2)?,
            (2, None) => (offset, "00"),
            _ => return None,
        };
        let by = Duration::from_hours(number(hours, 23)?) + Duration::from_mins(number(minutes, 59)?);
        Some(Self { is_ahead, by })
    }

    fn to_utc(&self, there: SystemTime) -> Option<SystemTime> {
        if self.is_ahead {
            there.checked_sub(self.by)
        } else {
            there.checked_add(self.by)
        }
    }
}

/// A number of two digits, and not more than `most`.
fn number(digits: &str, most: u64) -> Option<u64> {
    let is_number = digits.len() == 2 && digits.bytes().all(|byte| byte.is_ascii_digit());
    let number = digits.parse().ok().filter(|_| is_number)?;
    (number <= most).then_some(number)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn seconds(text: &str) -> Option<u64> {
        let time = parse(text)?;
        Some(time.duration_since(UNIX_EPOCH).unwrap().as_secs())
    }

    #[test]
    fn one_moment_is_written_in_many_ways() {
        for text in [
            "2030-01-31T23:59:00Z",
            "2030-01-31T23:59:00+00:00",
            "2030-01-31T23:59:00-00:00",
            "2030-01-31T23:59:00+0000",
            "2030-01-31T23:59:00+00",
            "2030-02-01T08:59:00+09:00",
            "2030-02-01T08:59:00+0900",
            "2030-02-01T08:59:00+09",
            "2030-01-31T18:29:00-05:30",
            "2030-01-31T18:29:00-0530",
            "2030-01-31 23:59:00 UTC",
            "2030-01-31 23:59:00UTC",
            "2030-01-31T23:59:00 GMT",
            "2030-01-31t23:59:00z",
            "2030-01-31 23:59:00z",
            "2030-01-31T23:59:00.5Z",
            "2030-01-31T23:59:00,500+00:00",
            "2030-01-31T23:59:00.123456789012345Z",
            "2030-01-31T23:59Z",
            " 2030-01-31T23:59:00 +00:00\n",
        ] {
            assert_eq!(seconds(text), Some(1_896_134_340), "{text}");
        }
    }

    #[test]
    fn what_could_be_another_moment_is_none() {
        for text in [
            "",
            "soon",
            "1896134340",
            "2030-01-31",
            "2030-01-31T23:59:00",
            "2030-01-31T23:59:00.5",
            "2030-01-31T23:59:00.Z",
            "2030-01-31T23:59:00.5.5Z",
            "2030-01-31T23:59.5Z",
            "2030-01-31T23Z",
            "2030-01-31T23:59:00+9",
            "2030-01-31T23:59:00+24:00",
            "2030-01-31T23:59:00+09:60",
            "2030-01-31T23:59:00+09:0",
            "2030-01-31T23:59:00+0 :00",
            "2030-01-31T23:59:00+-1:00",
            "2030-01-31T23:59:00+09:00Z",
            "2030-01-31T23:59:00 EST",
            "2030-02-30T23:59:00Z",
            "2030-01-31T25:59:00Z",
            "31-01-2030T23:59:00Z",
            "1970-01-01T00:00:00+09:00",
            "9999-12-31T23:59:59-09:00",
            "2030-01-3\u{e9}T23:59:00Z",
            "2030-01-31T23:59:00\u{ff0b}09:00",
        ] {
            assert_eq!(parse(text), None, "{text}");
        }
    }
}
