use std::time::Duration;

use serde::{Deserialize, Serialize};

/// How fast requests were answered.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
pub(super) struct Pace {
    pub(super) per_second: f64,
    /// Milliseconds that half of the requests stayed below.
    pub(super) p50: f64,
    /// Milliseconds that 99 of 100 requests stayed below.
    pub(super) p99: f64,
    /// The part of the time that the endpoint's process computed. Much below 1, it waited for the load.
    pub(super) busy: f64,
}

impl Pace {
    /// Of requests with these latencies, all within `elapsed`, in which the endpoint used this much processor time.
    pub(super) fn of(mut latencies: Vec<Duration>, elapsed: Duration, used: Duration) -> Self {
        latencies.sort_unstable();
        let percentile = |percent: usize| {
            let place = (latencies.len() * percent / 100).min(latencies.len().saturating_sub(1));
            latencies
                .get(place)
                .map_or(f64::NAN, |latency| latency.as_secs_f64() * 1e3)
        };
        #[expect(clippy::cast_precision_loss, reason = "there are fewer than 2^52 requests")]
        let count = latencies.len() as f64;
        Self {
            per_second: count / elapsed.as_secs_f64(),
            p50: percentile(50),
            p99: percentile(99),
            busy: used.as_secs_f64() / elapsed.as_secs_f64(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn percentiles_are_of_all_requests_in_whatever_order_they_were_answered() {
        let latencies = (1..=100).rev().map(Duration::from_millis).collect();
        let pace = Pace::of(latencies, Duration::from_secs(2), Duration::from_secs(1));
        let same = |left: f64, right: f64| (left - right).abs() < 1e-9;
        assert!(same(pace.per_second, 50.0), "{pace:?}");
        assert!(same(pace.p50, 51.0), "{pace:?}");
        assert!(same(pace.p99, 100.0), "{pace:?}");
        assert!(same(pace.busy, 0.5), "{pace:?}");
    }
}
