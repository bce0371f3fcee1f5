//! The table of settings, against the types that values are read into.

use serde_json::{Map, Value, json};

use crate::configuration::table::{FILE, Key, Shape};
use crate::configuration::{Settings, schema};

/// A value of this shape for each way to fill it: one, or one for each kind of a table.
fn values(shape: &Shape) -> Vec<Value> {
    match shape {
        Shape::Text => vec![json!("text")],
        Shape::Choice(texts) => texts.iter().map(|text| json!(text)).collect(),
        Shape::Time | Shape::Number => vec![json!(900), json!("15m")],
        Shape::Switch => vec![json!(true), json!("false")],
        Shape::Boolean => vec![json!(true)],
        Shape::Texts | Shape::Words => vec![json!(["one", "other"])],
        Shape::Order => vec![json!("one"), json!(["one", "other"])],
        Shape::Policy => vec![json!("limit.json"), json!({ "Version": "2012-10-17" })],
        Shape::Free => vec![json!({ "Team": "blue", "Cost center": 7 })],
        Shape::Table(keys) => tables(keys),
        Shape::Named(shape) => values(shape)
            .into_iter()
            .map(|value| json!({ "a-name": value }))
            .collect(),
        Shape::List(shape) => vec![Value::Array(values(shape))],
        Shape::Tagged(tagged) => {
            let of_kind = |kind: &crate::configuration::table::Kind| {
                let tag = kind.name;
                values(&kind.shape).into_iter().map(move |mut table| {
                    table[tagged.key] = tag.into();
                    table
                })
            };
            tagged.kinds.iter().flat_map(of_kind).collect()
        }
    }
}

/// Tables with all keys, in which each key has each of its values once.
fn tables(keys: &[Key]) -> Vec<Value> {
    let keys = keys.iter().filter(|key| key.is_for_files());
    let values: Vec<_> = keys.map(|key| (key.name, values(&key.shape))).collect();
    let most = values.iter().map(|(_, values)| values.len()).max().unwrap_or(1);
    let table = |index: usize| {
        let pairs = values.iter().map(|(name, values)| {
            let value = values[index % values.len()].clone();
            ((*name).to_owned(), value)
        });
        Value::Object(pairs.collect::<Map<_, _>>())
    };
    (0..most).map(table).collect()
}

#[test]
fn every_key_of_the_table_is_read_with_each_value_that_its_shape_allows() {
    for file in values(&FILE) {
        serde_json::from_value::<Settings>(file.clone()).unwrap_or_else(|error| panic!("{error}: {file:#}"));
    }
}

#[test]
fn a_key_that_is_required_cannot_be_left_out_and_no_other_is() {
    check_required(&FILE, &|file| file);
}

/// Leaves out each key of a table by itself. `within` puts the table where it stands in a file.
fn check_required(shape: &Shape, within: &dyn Fn(Value) -> Value) {
    match shape {
        Shape::Table(keys) => {
            for missing in keys.iter().filter(|key| key.is_for_files()) {
                let mut all = tables(keys).remove(0);
                all.as_object_mut().unwrap().remove(missing.name);
                let read = serde_json::from_value::<Settings>(within(all));
                assert_eq!(read.is_err(), missing.is_required, "{}", missing.name);
                let name = missing.name;
                let inner = |value: Value| {
                    let mut all = tables(keys).remove(0);
                    all[name] = value;
                    within(all)
                };
                check_required(&missing.shape, &inner);
            }
        }
        Shape::Named(shape) => check_required(shape, &|value| within(json!({ "a-name": value }))),
        Shape::List(shape) => check_required(shape, &|value| within(json!([value]))),
        Shape::Tagged(tagged) => {
            for kind in tagged.kinds {
                check_required(&kind.shape, &|mut value| {
                    value[tagged.key] = kind.name.into();
                    within(value)
                });
            }
        }
        _ => {}
    }
}

#[test]
fn the_schema_says_what_editors_complete_and_refuse() {
    let schema = schema();
    let account = &schema["properties"]["accounts"]["additionalProperties"];
    assert_eq!(account["additionalProperties"], false);
    assert_eq!(
        account["properties"]["delivery"],
        json!({ "enum": ["env", "endpoint"], "description": "How a session in this account reaches the command." })
    );
    let sources = schema["properties"]["sources"]["additionalProperties"]["oneOf"]
        .as_array()
        .unwrap();
    let process = sources
        .iter()
        .find(|kind| kind["properties"]["type"]["const"] == "process")
        .unwrap();
    assert_eq!(process["required"], json!(["command", "type"]));
    assert_eq!(
        schema["properties"]["paths"]["items"]["required"],
        json!(["match", "account"])
    );
    assert_eq!(schema["properties"]["iam_role"], Value::Null);
}
