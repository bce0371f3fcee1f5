use std::path::PathBuf;
use std::time::Duration;

use rolewrap_core::Secret;

use crate::Region;

/// The SDK's own default: just over three seconds, so that one lost SYN packet, sent again after 1 and then 2
/// seconds, does not fail the connection.
const CONNECT_TIMEOUT: Duration = Duration::from_millis(3100);
/// STS answers in tens of milliseconds. Ten seconds is slower than any answer that still comes.
const ATTEMPT_TIMEOUT: Duration = Duration::from_secs(10);
/// What a person at a terminal still waits for, and what Go's `credential_process` (one minute) allows.
const TOTAL_TIMEOUT: Duration = Duration::from_mins(1);
/// Two more than the SDKs' default, for the seconds that two more backoffs give.
const MAX_ATTEMPTS: u32 = 5;
/// As many as usually fit into the total time. AWS lets some 600 requests a second through for an account and region, so
/// ten thousand runners that start at once need half a minute, and with 5 attempts every fifth of them would fail.
const MAX_THROTTLED_ATTEMPTS: u32 = 12;
/// The SDKs' default for the standard retry mode. It doubles with each attempt and is multiplied by a random
/// fraction.
const INITIAL_BACKOFF: Duration = Duration::from_secs(1);

/// How STS is reached. Nothing is read from the process environment: whoever builds this has done so.
#[derive(Debug, Clone)]
pub struct StsSettings {
    /// The region whose STS is asked, and that requests are signed for. Where none is known, the default
    /// region of the role's partition.
    pub region: Option<Region>,
    /// A URL to ask in place of AWS's own (`AWS_ENDPOINT_URL_STS`, `AWS_ENDPOINT_URL`).
    pub endpoint_url: Option<String>,
    /// Whether to ask the FIPS endpoint (`AWS_USE_FIPS_ENDPOINT`).
    pub use_fips: bool,
    /// Whether to ask the endpoint that has IPv6 too (`AWS_USE_DUALSTACK_ENDPOINT`).
    pub use_dual_stack: bool,
    /// Whether the first regions share one global endpoint (`AWS_STS_REGIONAL_ENDPOINTS=legacy`).
    pub use_global_endpoint: bool,
    /// A PEM file with the only certificates to trust (`AWS_CA_BUNDLE`, `SSL_CERT_FILE`).
    pub ca_bundle: Option<PathBuf>,
    /// The proxy for an `http:` endpoint (`HTTP_PROXY`). The URL may hold a password.
    pub http_proxy: Option<Secret>,
    /// The proxy for an `https:` endpoint (`HTTPS_PROXY`). The URL may hold a password.
    pub https_proxy: Option<Secret>,
    /// The hosts that are asked without a proxy (`NO_PROXY`), separated by commas.
    pub no_proxy: Option<String>,
    /// The longest time for a connection, TLS and proxy included.
    pub connect_timeout: Duration,
    /// The longest time for one request and its answer.
    pub attempt_timeout: Duration,
    /// The longest time for everything, with all attempts and the pauses between them.
    pub total_timeout: Duration,
    /// How many requests are made at most, unless STS throttles. 1 means that nothing is tried again.
    pub max_attempts: u32,
    /// How many requests are made at most while STS throttles.
    pub max_throttled_attempts: u32,
    /// The longest pause before the second attempt.
    pub initial_backoff: Duration,
}

impl Default for StsSettings {
    /// AWS's own endpoint of the default region, without a proxy, trusting the system's certificates; 3.1 s to
    /// connect, 10 s for an attempt, 60 s in total, 5 attempts or, where STS throttles, 12, 1 s for the first pause.
    fn default() -> Self {
        Self {
            region: None,
            endpoint_url: None,
            use_fips: false,
            use_dual_stack: false,
            use_global_endpoint: false,
            ca_bundle: None,
            http_proxy: None,
            https_proxy: None,
            no_proxy: None,
            connect_timeout: CONNECT_TIMEOUT,
            attempt_timeout: ATTEMPT_TIMEOUT,
            total_timeout: TOTAL_TIMEOUT,
            max_attempts: MAX_ATTEMPTS,
            max_throttled_attempts: MAX_THROTTLED_ATTEMPTS,
            initial_backoff: INITIAL_BACKOFF,
        }
    }
}
