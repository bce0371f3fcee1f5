//! What delivery through the credentials endpoint costs: its process, the start of a command, and a run of Terraform.

mod client;
mod endpoint_process;
mod load;
mod observed;
mod observer;
mod pace;
mod paired;
mod service;
mod starts;
mod system_certificates;
mod terraform;

use std::path::Path;

pub(crate) use observer::observe;

use self::service::Service;
use self::starts::Starts;
use self::terraform::Runs;
use crate::Failure;
use crate::bench::Target;
use crate::bench::sts_endpoint::Stubs;

/// All figures of the endpoint.
#[derive(Debug)]
pub(crate) struct Endpoint {
    service: Service,
    starts: Starts,
    runs: Runs,
}

impl Endpoint {
    /// Measures them, one after the other.
    pub(crate) fn measure(rolewrap: &Path, folder: &Path, stubs: &Stubs) -> Result<Self, Failure> {
        Ok(Self {
            service: Service::measure(rolewrap, folder, stubs)?,
            starts: Starts::measure(rolewrap, stubs)?,
            runs: Runs::measure(rolewrap)?,
        })
    }

    pub(crate) fn text(&self) -> String {
        let Self {
            service,
            starts,
            runs,
        } = self;
        format!("{}\n{}\n{}", service.text(), starts.text(), runs.text())
    }

    pub(crate) fn targets(&self) -> Vec<Target> {
        let all = [self.service.targets(), self.starts.targets(), self.runs.targets()];
        all.into_iter().flatten().collect()
    }
}
