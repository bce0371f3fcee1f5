use std::time::Instant;

/// A bucket of tokens: what AWS lets through of an account's requests. It also counts them, second by second.
#[derive(Debug)]
pub(super) struct RateLimit {
    per_second: f64,
    tokens: f64,
    begun: Option<Instant>,
    last: f64,
    /// Of each second: how many came, and how many were let through.
    pub(super) seconds: Vec<(u32, u32)>,
}

impl RateLimit {
    pub(super) fn new(per_second: u32) -> Self {
        Self {
            per_second: per_second.into(),
            tokens: per_second.into(),
            begun: None,
            last: 0.0,
            seconds: Vec::new(),
        }
    }

    /// Whether a request that comes now is let through.
    pub(super) fn lets_through(&mut self) -> bool {
        let now = self.begun.get_or_insert_with(Instant::now).elapsed();
        let passed = now.as_secs_f64() - self.last;
        self.last = now.as_secs_f64();
        self.tokens = passed.mul_add(self.per_second, self.tokens).min(self.per_second);
        let is_through = self.tokens >= 1.0;
        if is_through {
            self.tokens -= 1.0;
        }
        let second = usize::try_from(now.as_secs()).unwrap_or(usize::MAX);
        if self.seconds.len() <= second {
            self.seconds.resize(second + 1, (0, 0));
        }
        self.seconds[second].0 += 1;
        self.seconds[second].1 += u32::from(is_through);
        is_through
    }
}
