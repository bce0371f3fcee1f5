use std::time::SystemTime;

/// Reads a time like `2030-01-31T23:59:59Z`, as AWS writes when credentials expire. The AWS command line and
/// boto3 write UTC as `+00:00`, everyone else as `Z`.
pub(crate) fn parse(text: &str) -> Option<SystemTime> {
    let text = text.trim();
    let text = text
        .strip_suffix("+00:00")
        .map_or_else(|| text.to_owned(), |start| format!("{start}Z"));
    humantime::parse_rfc3339(&text).ok()
}
