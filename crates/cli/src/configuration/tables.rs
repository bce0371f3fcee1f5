//! The small tables of a file.

use serde::Deserialize;

use super::values::{Flag, Scalar};

/// `[cache]`
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct CacheSection {
    pub(crate) enabled: Option<Flag>,
    pub(crate) store: Option<String>,
    pub(crate) min_remaining: Option<Scalar>,
}

/// `[sts]`
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct StsSection {
    pub(crate) endpoint_url: Option<String>,
    pub(crate) ca_bundle: Option<String>,
    pub(crate) use_fips: Option<Flag>,
    pub(crate) use_dual_stack: Option<Flag>,
    pub(crate) regional_endpoints: Option<String>,
    pub(crate) max_attempts: Option<Scalar>,
}

/// `[[paths]]`
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct PathRule {
    #[serde(rename = "match")]
    pub(crate) pattern: String,
    pub(crate) account: String,
}
