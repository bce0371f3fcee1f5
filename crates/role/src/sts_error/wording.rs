//! Parts of the messages.

use std::time::SystemTime;

use crate::StsAnswer;

pub(super) fn times(count: u32) -> String {
    match count {
        1 => "1 attempt".to_owned(),
        count => format!("{count} attempts"),
    }
}

pub(super) fn through(proxy: Option<&str>) -> String {
    proxy.map_or_else(String::new, |proxy| format!(" through proxy {proxy}"))
}

pub(super) fn expired_details(expired_at: Option<&SystemTime>, answer: Option<&StsAnswer>) -> String {
    let at = expired_at.map_or_else(String::new, |time| {
        format!(" at {}", humantime::format_rfc3339_seconds(*time))
    });
    answer.map_or(at.clone(), |answer| format!("{at}; {answer}"))
}
