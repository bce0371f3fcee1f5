use std::path::Path;

use crate::configuration::{SCHEMA, Settings, shape, shape::Shape};

/// The schema is made from the serde types, so this also holds the table of known keys against them.
#[test]
fn the_committed_schema_and_the_known_keys_are_those_of_the_types() {
    let mut schema = schemars::schema_for!(Settings);
    schema.insert("title".to_owned(), "rolewrap configuration".into());
    let made = format!("{:#}\n", schema.as_value());
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/configuration/schema.json");
    #[expect(clippy::disallowed_methods, reason = "how a developer asks for a new file")]
    if std::env::var_os("UPDATE_SCHEMA").is_some() {
        std::fs::write(&path, &made).unwrap();
    }
    assert_eq!(
        SCHEMA, made,
        "run the tests with UPDATE_SCHEMA=1 to write it anew"
    );

    let keys = |schema: &serde_json::Value| -> Vec<String> {
        let mut keys: Vec<_> = schema["properties"]
            .as_object()
            .unwrap()
            .keys()
            .cloned()
            .collect();
        keys.sort();
        keys
    };
    let definition = |name: &str| &schema.as_value()["$defs"][name];
    assert_eq!(known(&shape::FILE), keys(schema.as_value()));
    let Shape::Table(top) = &shape::FILE else {
        panic!("a file is a table")
    };
    for key in *top {
        match (&key.name, &key.shape) {
            (&"mfa_vault", shape) => assert_eq!(known(shape), keys(definition("MfaVaultSection"))),
            (_, Shape::Value | Shape::Words | Shape::Free) => {}
            (&"provided_contexts", Shape::List(shape)) => {
                assert_eq!(known(shape), keys(definition("ContextSection")));
            }
            (&"sts", shape) => assert_eq!(known(shape), keys(definition("StsSection")), "sts"),
            (&"cache", shape) => assert_eq!(known(shape), keys(definition("CacheSection")), "cache"),
            (&"accounts", Shape::Named(shape)) => {
                assert_eq!(known(shape), keys(definition("AccountSection")));
            }
            (&"paths", Shape::List(shape)) => assert_eq!(known(shape), keys(definition("PathRule"))),
            (&"sources", Shape::Named(Shape::Tagged(tagged))) => {
                check_kinds(schema.as_value(), tagged, definition("SourceSection"), &keys);
            }
            other => panic!("{other:?} is not checked"),
        }
    }
}

fn check_kinds(
    schema: &serde_json::Value,
    tagged: &shape::Tagged,
    definition: &serde_json::Value,
    keys: &dyn Fn(&serde_json::Value) -> Vec<String>,
) {
    let variants = definition["oneOf"].as_array().unwrap();
    assert_eq!(tagged.kinds.len(), variants.len(), "{}", tagged.what);
    for ((kind, shape), variant) in tagged.kinds.iter().zip(variants) {
        assert_eq!(variant["properties"][tagged.key]["const"], *kind);
        assert_eq!(known(shape), keys(variant), "{} {kind}", tagged.what);
        if *kind == "vault" {
            check_vault(schema, shape, keys);
        }
    }
}

fn check_vault(schema: &serde_json::Value, shape: &Shape, keys: &dyn Fn(&serde_json::Value) -> Vec<String>) {
    let Shape::Table(table) = shape else {
        panic!("a source is a table")
    };
    for key in *table {
        match (&key.name, &key.shape) {
            (_, Shape::Value | Shape::Words) => {}
            (&"mfa_vault", shape) => {
                assert_eq!(known(shape), keys(&schema["$defs"]["MfaVaultSection"]));
            }
            (&"fields", shape) => {
                assert_eq!(
                    known(shape),
                    keys(&schema["$defs"]["VaultFieldsSection"]),
                    "fields"
                );
            }
            (&"auth", Shape::Tagged(tagged)) => {
                check_kinds(schema, tagged, &schema["$defs"]["VaultAuthSection"], keys);
            }
            other => panic!("{other:?} is not checked"),
        }
    }
}

fn known(shape: &Shape) -> Vec<String> {
    let Shape::Table(keys) = shape else {
        panic!("{shape:?} is no table")
    };
    let mut keys: Vec<String> = keys.iter().map(|key| key.name.to_owned()).collect();
    keys.sort();
    keys
}
