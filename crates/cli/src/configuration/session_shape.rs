//! What shapes a session, at the top and in an account.

#![allow(
    clippy::doc_markdown,
    reason = "these comments are the descriptions in the JSON Schema"
)]
use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// A session policy.
#[derive(Debug, Clone, Deserialize, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(untagged, expecting = "expected the path of a JSON file, or a table")]
pub(crate) enum PolicySetting {
    /// The path of a JSON file, relative to the file that says so; or the policy itself, as JSON.
    Text(String),
    /// The policy itself, in TOML.
    Table(BTreeMap<String, serde_json::Value>),
}

/// An item of `provided_contexts`
#[derive(Debug, Clone, Deserialize, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub(crate) struct ContextSection {
    /// The ARN of who asserts it, such as "arn:aws:iam::aws:contextProvider/IdentityCenter".
    pub(crate) provider: String,

    /// The file with the assertion. It is read again for each session.
    pub(crate) assertion_file: String,
}
