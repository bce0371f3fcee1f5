use std::fmt;

/// Why there is no session.
#[derive(Debug)]
pub enum FlightError<E> {
    /// This process asked, and failed.
    Own(E),
    /// Another process asked for the same while this one waited, and failed. This is what it said.
    Elsewhere(String),
}

impl<E: fmt::Display> fmt::Display for FlightError<E> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Own(error) => error.fmt(formatter),
            Self::Elsewhere(text) => formatter.write_str(text),
        }
    }
}

impl<E: fmt::Debug + fmt::Display> std::error::Error for FlightError<E> {}
