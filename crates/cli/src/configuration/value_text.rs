//! Values as they would be written in a file.

use figment::value::Value;

/// The values in `value`, which is that of `path`, by their dotted keys.
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
        other => values.push((path, toml_text(other))),
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
