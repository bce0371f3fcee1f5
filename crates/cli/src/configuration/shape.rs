/// Which keys a place in a configuration file may have. Serde knows them too, but cannot be asked for the
/// nearest one; a test holds this table against the JSON Schema that is made from the serde types.
#[derive(Debug)]
pub(crate) enum Shape {
    /// A value without keys of its own.
    Value,
    /// A table with these keys.
    Table(&'static [(&'static str, Shape)]),
    /// A table whose keys are names that the user chooses.
    Named(&'static Shape),
    /// A list of tables.
    List(&'static Shape),
    /// A table whose `type` decides which other keys it has.
    Tagged(&'static [(&'static str, Shape)]),
}

use Shape::{List, Named, Table, Tagged, Value};

const ACCOUNT: Shape = Table(&[
    ("id", Value),
    ("role", Value),
    ("source", Value),
    ("region", Value),
    ("duration", Value),
    ("external_id", Value),
    ("session_name", Value),
    ("source_identity", Value),
]);

const SOURCE: Shape = Tagged(&[
    ("env", Table(&[("type", Value)])),
    (
        "keyring",
        Table(&[("type", Value), ("entry", Value), ("timeout", Value)]),
    ),
    (
        "process",
        Table(&[("type", Value), ("command", Value), ("timeout", Value)]),
    ),
]);

const STS: Shape = Table(&[
    ("endpoint_url", Value),
    ("ca_bundle", Value),
    ("use_fips", Value),
    ("use_dual_stack", Value),
    ("regional_endpoints", Value),
    ("max_attempts", Value),
]);

const PATH_RULE: Shape = Table(&[("match", Value), ("account", Value)]);

/// A whole configuration file.
pub(crate) const FILE: Shape = Table(&[
    ("source", Value),
    ("account", Value),
    ("region", Value),
    ("duration", Value),
    ("session_name", Value),
    ("external_id", Value),
    ("source_identity", Value),
    ("terraform", Value),
    ("sts", STS),
    ("sources", Named(&SOURCE)),
    ("accounts", Named(&ACCOUNT)),
    ("paths", List(&PATH_RULE)),
]);
