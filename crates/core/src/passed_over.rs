/// A source of a fallback order that had nothing, so that another one was asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PassedOver {
    name: String,
    reason: String,
}

impl PassedOver {
    pub(crate) fn new(name: String, reason: String) -> Self {
        Self { name, reason }
    }

    /// The name of the source.
    pub fn source_name(&self) -> &str {
        &self.name
    }

    /// Where it looked.
    pub fn reason(&self) -> &str {
        &self.reason
    }
}
