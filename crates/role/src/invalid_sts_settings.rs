use std::path::PathBuf;

use rolewrap_core::BoxError;
use thiserror::Error;

use crate::{Partition, Region};

/// Settings with which STS cannot be asked, found before anything was sent. Messages read on after "failed to".
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum InvalidStsSettings {
    /// The endpoint URL cannot be asked. The user corrects it.
    #[error("use the STS endpoint URL: it {reason}")]
    EndpointUrl {
        /// What is wrong, as the end of a sentence about the URL. The URL is not repeated: it may hold a
        /// password, which is one of the mistakes.
        reason: String,
    },

    /// A FIPS or dual-stack endpoint was asked for together with a URL of the user's own, and only AWS's own
    /// endpoints have those. The user drops one of the two.
    #[error(
        "use the {variant} STS endpoint: an endpoint URL is set as well ({endpoint_url}), and only one can be \
         asked"
    )]
    VariantOfCustomEndpoint {
        /// `FIPS` or `dual-stack`.
        variant: &'static str,
        /// The URL that was set.
        endpoint_url: String,
    },

    /// There is no such endpoint: a variant that the region's partition does not have. Today all have all.
    #[error("find the STS endpoint of region {region}: {reason}")]
    NoEndpoint {
        /// The region.
        region: Region,
        /// What the SDK's endpoint rules say.
        reason: String,
    },

    /// The region is in another partition than the role. The user corrects one of them.
    #[error(
        "ask STS in region {region}: it is in partition {}, and the role is in partition {role}",
        .region.partition()
    )]
    OtherPartition {
        /// The region.
        region: Region,
        /// The role's partition.
        role: Partition,
    },

    /// The CA bundle cannot be used. The user corrects the path or the file.
    #[error("use CA bundle {}: {reason}", .path.display())]
    CaBundle {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        reason: String,
        /// What the system or the parser reported.
        #[source]
        cause: Option<BoxError>,
    },

    /// The proxy's URL cannot be used. The user corrects it.
    #[error("use the {scheme} proxy: its URL {reason}")]
    ProxyUrl {
        /// `http` or `https`: which of the two settings.
        scheme: &'static str,
        /// What is wrong, without the URL, which may hold a password.
        reason: String,
    },

    /// A timeout or the number of attempts is zero, so nothing could be asked.
    #[error("use {setting} = 0: it must be more than nothing")]
    Zero {
        /// The setting.
        setting: &'static str,
    },
}
