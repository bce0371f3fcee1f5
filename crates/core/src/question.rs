use std::time::Duration;

/// What a [`Prompt`](crate::Prompt) asks, and how.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Question {
    text: String,
    is_secret: bool,
    timeout: Duration,
}

impl Question {
    /// How long an answer is waited for unless another time is set.
    pub const DEFAULT_TIMEOUT: Duration = Duration::from_mins(1);

    /// A question whose answer is not shown while it is typed, such as `Password: `.
    pub fn secret(text: impl Into<String>) -> Self {
        Self {
            text: text.into(),
            is_secret: true,
            timeout: Self::DEFAULT_TIMEOUT,
        }
    }

    /// A question whose answer may be seen.
    pub fn visible(text: impl Into<String>) -> Self {
        Self {
            is_secret: false,
            ..Self::secret(text)
        }
    }

    /// The same question with another time to wait for its answer.
    #[must_use]
    pub fn within(mut self, timeout: Duration) -> Self {
        self.timeout = timeout;
        self
    }

    /// What is asked, with what stands between it and the answer.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Whether the answer must not be seen.
    pub fn is_secret(&self) -> bool {
        self.is_secret
    }

    /// How long an answer is waited for.
    pub fn timeout(&self) -> Duration {
        self.timeout
    }
}
