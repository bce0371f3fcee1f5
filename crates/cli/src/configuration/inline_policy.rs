//! Session policies that stand in a configuration file.

use toml::{Table, Value};

/// Makes the policies in `document` text, as JSON. Tables of two files would be merged key by key, to a policy that
/// nobody wrote; text is replaced as a whole.
pub(super) fn to_text(document: &mut Table) {
    policy_to_text(document);
    let accounts = document.get_mut("accounts").and_then(Value::as_table_mut);
    for (_, account) in accounts.into_iter().flatten() {
        if let Some(account) = account.as_table_mut() {
            policy_to_text(account);
        }
    }
}

fn policy_to_text(section: &mut Table) {
    if let Some(policy) = section.get_mut("policy").filter(|policy| policy.is_table()) {
        *policy = Value::String(json(policy).to_string());
    }
}

fn json(value: &Value) -> serde_json::Value {
    match value {
        Value::String(text) => text.as_str().into(),
        Value::Integer(number) => (*number).into(),
        Value::Float(number) => (*number).into(),
        Value::Boolean(flag) => (*flag).into(),
        // `Version = 2012-10-17` without quotes is a date to TOML.
        Value::Datetime(time) => time.to_string().into(),
        Value::Array(items) => items.iter().map(json).collect(),
        Value::Table(table) => table
            .iter()
            .map(|(key, value)| (key.clone(), json(value)))
            .collect(),
    }
}
