use std::sync::Arc;
use std::time::SystemTime;

use aws_smithy_async::time::TimeSource;
use rolewrap_core::Clock;

/// The injected clock, as the SDK reads it to date signatures.
#[derive(Debug)]
pub(super) struct SdkClock(pub(super) Arc<dyn Clock>);

impl TimeSource for SdkClock {
    fn now(&self) -> SystemTime {
        self.0.now()
    }
}
