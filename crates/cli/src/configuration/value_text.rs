//! Values as they would be written in a file.

use figment::value::Value;

/// The values in `value`, which is that of `path`, by their dotted keys, without the passwords of URLs.
pub(super) fn flatten(value: &Value, path: String, values: &mut Vec<(String, String)>) {
    match value {
        Value::Dict(_, dict) => {
            for (key, value) in dict {
                let path = if path.is_empty() {
                    key.clone()
                } else {
                    format!("{path}.{key}")
                };
                flatten(value, path, values);
            }
        }
        Value::Array(_, items) if items.iter().any(|item| item.as_dict().is_some()) => {
            for (index, item) in items.iter().enumerate() {
                flatten(item, format!("{path}[{index}]"), values);
            }
        }
        other => {
            let shown = without_passwords(other, is_address(&path));
            values.push((path, toml_text(&shown)));
        }
    }
}

/// Whether the key at `path` has nothing but URLs, with a scheme or, by mistake, without one.
fn is_address(path: &str) -> bool {
    match path.rsplit_once('.') {
        Some((_, "address" | "addresses")) => path.starts_with("sources."),
        _ => path == "sts.endpoint_url",
    }
}

/// A value as it would be written in a file.
pub(super) fn toml_text(value: &Value) -> String {
    match value {
        Value::Array(_, items) => format!("[{}]", items.iter().map(toml_text).collect::<Vec<_>>().join(", ")),
        Value::Dict(_, dict) => {
            let pairs = dict
                .iter()
                .map(|(key, value)| format!("{key:?} = {}", toml_text(value)));
            format!("{{ {} }}", pairs.collect::<Vec<_>>().join(", "))
        }
        Value::Bool(_, flag) => flag.to_string(),
        Value::Num(_, number) => number
            .to_i128()
            .map_or_else(String::new, |number| number.to_string()),
        other => format!("{:?}", other.as_str().unwrap_or_default()),
    }
}

fn without_passwords(value: &Value, is_address: bool) -> Value {
    match value {
        Value::String(tag, text) => Value::String(*tag, text_without_passwords(text, is_address)),
        Value::Array(tag, items) => {
            let items = items.iter().map(|item| without_passwords(item, is_address));
            Value::Array(*tag, items.collect())
        }
        Value::Dict(tag, dict) => {
            let pairs = dict
                .iter()
                .map(|(key, value)| (key.clone(), without_passwords(value, is_address)));
            Value::Dict(*tag, pairs.collect())
        }
        other => other.clone(),
    }
}

/// `text` with `…` in the place of what a URL in it has before its host and behind its path. A password may have any
/// character in it, `@` and `/` too, so all up to the last `@` goes.
fn text_without_passwords(text: &str, is_address: bool) -> String {
    let (scheme, rest) = match text.split_once("://") {
        Some((scheme, rest)) => (format!("{scheme}://"), rest),
        None if is_address => (String::new(), text),
        None => return text.to_owned(),
    };
    let rest = match rest.rfind('@') {
        Some(at) => format!("…{}", &rest[at..]),
        None => rest.to_owned(),
    };
    let rest = match rest.find(['?', '#']) {
        Some(end) => format!("{}…", &rest[..=end]),
        None => rest,
    };
    scheme + &rest
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_url_is_shown_without_its_password_and_its_query() {
        for (text, is_address, shown) in [
            (
                "https://vault.example:8200/base",
                true,
                "https://vault.example:8200/base",
            ),
            ("https://alice:canary@host:1/x", true, "https://…@host:1/x"),
            ("https://canary@host", true, "https://…@host"),
            ("https://alice:can/ar?y#c@anary@host", true, "https://…@host"),
            ("https://alice:canary canary@host", true, "https://…@host"),
            ("https://host/?token=canary", true, "https://host/?…"),
            ("https://host/#canary", true, "https://host/#…"),
            ("alice:canary@host", true, "…@host"),
            ("//alice:canary@host", true, "…@host"),
            (
                "--url=postgres://alice:canary@host/db",
                false,
                "--url=postgres://…@host/db",
            ),
            ("http://a:canary@one,http://b:canary@two", false, "http://…@two"),
            ("alice@example.com", false, "alice@example.com"),
            (
                "arn:aws:iam::123456789012:mfa/alice@example.com",
                false,
                "arn:aws:iam::123456789012:mfa/alice@example.com",
            ),
        ] {
            assert_eq!(text_without_passwords(text, is_address), shown);
        }
    }
}
