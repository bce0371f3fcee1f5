use std::collections::{HashMap, VecDeque};

use super::rate_limit::RateLimit;
use super::{Answer, StsRequest};

/// What the stub is to answer, and what it was asked.
#[derive(Debug)]
pub(super) struct Script {
    pub(super) queue: VecDeque<Answer>,
    pub(super) default: Answer,
    pub(super) requests: Vec<StsRequest>,
    /// The ARN of each session that was issued, by its access key id.
    pub(super) issued: HashMap<String, String>,
    /// How much is let through. With a limit, requests are counted and not kept.
    pub(super) limit: Option<RateLimit>,
    /// The longest session that every role allows.
    pub(super) longest_seconds: i64,
}

impl Default for Script {
    fn default() -> Self {
        Self {
            queue: VecDeque::new(),
            default: Answer::default(),
            requests: Vec::new(),
            issued: HashMap::new(),
            limit: None,
            longest_seconds: 43_200,
        }
    }
}

impl Script {
    /// Records a request, and says how the stub answers it and how many requests there were.
    pub(super) fn record(&mut self, request: StsRequest) -> (Answer, usize) {
        if let Some(limit) = &mut self.limit {
            let answer = if limit.lets_through() {
                self.default.clone()
            } else {
                Answer::error(400, "Throttling", "Rate exceeded")
            };
            return (answer, 0);
        }
        self.requests.push(request);
        let answer = self.queue.pop_front().unwrap_or_else(|| self.default.clone());
        (answer, self.requests.len())
    }
}
