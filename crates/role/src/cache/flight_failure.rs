use std::fmt;

use super::FailureReach;

/// An error of one process that others may wait for. Its text reaches those whom it concerns, so it holds no secret.
pub trait FlightFailure: fmt::Display {
    /// Whom it concerns.
    fn reach(&self) -> FailureReach;
}
