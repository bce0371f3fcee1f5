//! The small tables of a file.

#![allow(
    clippy::doc_markdown,
    reason = "these comments are the descriptions in the JSON Schema"
)]
use serde::{Deserialize, Serialize};

use super::values::{Flag, Scalar};

/// `[cache]`
#[derive(Debug, Clone, Default, Deserialize, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, default)]
pub(crate) struct CacheSection {
    /// Whether sessions are cached. True by default.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) enabled: Option<Flag>,

    /// Where the key is that they are sealed with: "kernel" for the Linux kernel's keyring, "keyring" for the operating
    /// system's, or "auto", the default, for the former on Linux and the latter elsewhere.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) store: Option<String>,

    /// How long a cached session must still live to be used: a time like "20m", or a number of seconds. Where it is left
    /// out, more than half of its life.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) min_remaining: Option<Scalar>,
}

/// `[sts]`
#[derive(Debug, Clone, Default, Deserialize, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, default)]
pub(crate) struct StsSection {
    /// The URL of the STS endpoint, where it is not AWS's own.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) endpoint_url: Option<String>,

    /// A PEM file with the certificate authorities to trust, instead of the system's.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) ca_bundle: Option<String>,

    /// Whether to use the FIPS endpoint.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) use_fips: Option<Flag>,

    /// Whether to use the dual-stack endpoint.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) use_dual_stack: Option<Flag>,

    /// "regional" for the endpoint of the region, "legacy" for the global one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) regional_endpoints: Option<String>,

    /// How often STS is asked at most, where an error may pass by itself. 5 by default, and 12 where STS throttles.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) max_attempts: Option<Scalar>,
}

/// `[[paths]]`
#[derive(Debug, Clone, Deserialize, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub(crate) struct PathRule {
    /// Directories, relative to the file that says so: `*` within one name, `**` across several.
    #[serde(rename = "match")]
    pub(crate) pattern: String,

    /// The account that these directories select.
    pub(crate) account: String,
}
