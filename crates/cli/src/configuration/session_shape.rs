//! What shapes a session, at the top and in an account.

use std::collections::BTreeMap;

use serde::Deserialize;

/// A session policy.
#[derive(Debug, Clone, Deserialize)]
#[serde(untagged, expecting = "expected the path of a JSON file, or a table")]
pub(crate) enum PolicySetting {
    /// The path of a JSON file, relative to the file that says so; or the policy itself, as JSON.
    Text(String),
    /// The policy itself, in TOML.
    Table(BTreeMap<String, serde_json::Value>),
}

/// An item of `provided_contexts`
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct ContextSection {
    pub(crate) provider: String,
    pub(crate) assertion_file: String,
}
