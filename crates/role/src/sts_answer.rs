use std::fmt;

use crate::visible::Visible;

/// What STS, or something in its place, said when it refused. Texts are as they came; `Display` makes control
/// characters visible.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StsAnswer {
    /// The URL that was asked.
    pub endpoint: String,
    /// The HTTP status.
    pub status: u16,
    /// STS's error code, such as `AccessDenied`.
    pub code: Option<String>,
    /// STS's message.
    pub message: Option<String>,
    /// The id that AWS support asks for.
    pub request_id: Option<String>,
}

impl fmt::Display for StsAnswer {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{} answered ", self.endpoint)?;
        match &self.code {
            Some(code) => write!(formatter, "{}", Visible(code))?,
            None => write!(formatter, "with status {}", self.status)?,
        }
        if let Some(message) = &self.message {
            write!(formatter, ": {}", Visible(message))?;
        }
        if let Some(request_id) = &self.request_id {
            write!(formatter, " (request id {})", Visible(request_id))?;
        }
        Ok(())
    }
}
