//! Delivery through a credentials endpoint, where a process cannot take another's place: there is none.

use std::convert::Infallible;

use rolewrap_core::Secret;

use crate::error::Error;
use crate::plan::{Chosen, Delivery, Facts};
use crate::session::{Journey, Obtained, World};

/// What a command would inherit.
#[derive(Debug)]
pub(crate) struct PortGuard(Infallible);

/// An endpoint that was never started.
#[derive(Debug)]
pub(crate) struct StartingEndpoint(Infallible);

/// An endpoint that never serves.
#[derive(Debug)]
pub(crate) struct CredentialsEndpoint {
    pub(crate) token: Secret,
    pub(crate) guard: PortGuard,
}

impl StartingEndpoint {
    /// Refuses what this system cannot do.
    pub(crate) fn where_chosen(
        delivery: &Chosen<Delivery>,
        _world: &World<'_>,
    ) -> Result<Option<Self>, Error> {
        match delivery.value {
            Delivery::Env => Ok(None),
            Delivery::Endpoint => Err(Error::new(
                "delivery through an endpoint is not possible on this system",
            )
            .from(&delivery.origin)
            .hint("use --delivery env; its session lasts no longer than its duration")),
        }
    }

    pub(crate) fn serve(
        self,
        _journey: Journey<'_>,
        _facts: &Facts<'_>,
        _obtained: &Obtained,
    ) -> Result<CredentialsEndpoint, Error> {
        match self.0 {}
    }
}

impl CredentialsEndpoint {
    pub(crate) fn url(&self) -> String {
        match self.guard.0 {}
    }
}
