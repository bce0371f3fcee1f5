use serde_json::{Map, Value, json};

use super::{FILE, Key, Kind, Shape, Tagged};

/// The JSON Schema of a configuration file, for editors.
pub(crate) fn schema() -> Value {
    let mut schema = of(&FILE);
    if let Some(schema) = schema.as_object_mut() {
        let about = [
            ("$schema", "https://json-schema.org/draft/2020-12/schema"),
            ("title", "rolewrap configuration"),
            ("description", "A configuration file of rolewrap."),
        ];
        schema.extend(about.map(|(key, text)| (key.to_owned(), text.into())));
    }
    schema
}

fn of(shape: &Shape) -> Value {
    match shape {
        Shape::Text => json!({ "type": "string" }),
        Shape::Choice(texts) => json!({ "enum": texts }),
        Shape::Time | Shape::Number => json!({ "type": ["integer", "string"], "minimum": 0 }),
        Shape::Switch => json!({ "type": ["boolean", "string"] }),
        Shape::Boolean => json!({ "type": "boolean" }),
        Shape::Texts | Shape::Words => texts(),
        Shape::Order => json!({ "anyOf": [{ "type": "string" }, texts()] }),
        Shape::Policy => json!({ "type": ["string", "object"] }),
        Shape::Free => json!({
            "type": "object",
            "additionalProperties": { "type": ["integer", "string"] },
        }),
        Shape::Table(keys) => table(keys, None),
        Shape::Named(shape) => json!({ "type": "object", "additionalProperties": of(shape) }),
        Shape::List(shape) => json!({ "type": "array", "items": of(shape) }),
        Shape::Tagged(tagged) => {
            let kinds = tagged.kinds.iter().map(|kind| of_kind(tagged, kind));
            json!({ "oneOf": kinds.collect::<Vec<_>>() })
        }
    }
}

fn texts() -> Value {
    json!({ "type": "array", "items": { "type": "string" } })
}

fn of_kind(tagged: &Tagged, kind: &Kind) -> Value {
    let mut schema = table(kind.shape.keys(), Some((tagged.key, kind.name)));
    schema["description"] = kind.help.into();
    schema
}

/// A table with these keys, and with the key that names its kind.
fn table(keys: &[Key], tag: Option<(&str, &str)>) -> Value {
    let mut properties: Map<String, Value> = Map::new();
    for key in keys.iter().filter(|key| key.is_for_files()) {
        let mut schema = of(&key.shape);
        schema["description"] = key.help.into();
        properties.insert(key.name.to_owned(), schema);
    }
    let mut required: Vec<&str> = keys
        .iter()
        .filter(|key| key.is_required)
        .map(|key| key.name)
        .collect();
    if let Some((key, name)) = tag {
        properties.insert(key.to_owned(), json!({ "const": name }));
        required.push(key);
    }
    let mut schema = json!({
        "type": "object",
        "additionalProperties": false,
        "properties": properties,
    });
    if !required.is_empty() {
        schema["required"] = json!(required);
    }
    schema
}
