use std::sync::Arc;

use aws_sdk_sts::Config;
use aws_sdk_sts::config::retry::{RetryConfig, RetryPartition, TokenBucket};
use aws_sdk_sts::config::timeout::TimeoutConfig;
use aws_sdk_sts::config::{BehaviorVersion, IdentityCache};
use rolewrap_core::Clock;

use super::connector::StsConnector;
use super::endpoint::StsEndpoint;
use super::never_retry::NeverRetry;
use super::sdk_clock::SdkClock;
use crate::{Region, StsSettings};

/// How the SDK is set up for every operation. The credentials come with each one.
pub(super) fn sdk_config(
    settings: &StsSettings,
    region: &Region,
    endpoint: StsEndpoint,
    connector: StsConnector,
    clock: Arc<dyn Clock>,
) -> Config {
    Config::builder()
        // Pinned: a later one may change what is retried and what is read from the environment.
        .behavior_version(BehaviorVersion::v2026_01_12())
        .region(aws_sdk_sts::config::Region::new(region.as_str().to_owned()))
        .endpoint_resolver(endpoint)
        .http_client(connector)
        .identity_cache(IdentityCache::no_cache())
        .time_source(SdkClock(clock))
        // A wrong clock is reported and not worked around: other commands would fail on it later.
        .disable_clock_skew_correction(true)
        .retry_classifier(NeverRetry)
        // The SDK's own count of retries that are left is shared by all clients of a process.
        .retry_partition(
            RetryPartition::custom("rolewrap-sts")
                .token_bucket(TokenBucket::default())
                .build(),
        )
        .retry_config(
            RetryConfig::standard()
                // The higher one: `AttemptLimit` keeps the other.
                .with_max_attempts(settings.max_attempts.max(settings.max_throttled_attempts))
                .with_initial_backoff(settings.initial_backoff),
        )
        .timeout_config(
            TimeoutConfig::builder()
                .connect_timeout(settings.connect_timeout)
                .operation_attempt_timeout(settings.attempt_timeout)
                .build(),
        )
        .build()
}
