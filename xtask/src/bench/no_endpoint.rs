//! Elsewhere than on Linux the system says too little about another process.

use std::path::Path;

use crate::Failure;
use crate::bench::Target;
use crate::bench::sts_endpoint::Stubs;

/// Nothing: it is measured on Linux only.
#[derive(Debug)]
pub(crate) struct Endpoint;

impl Endpoint {
    pub(crate) fn measure(_rolewrap: &Path, _folder: &Path, _stubs: &Stubs) -> Result<Self, Failure> {
        Ok(Self)
    }

    #[expect(clippy::unused_self, reason = "it stands in for the real one")]
    pub(crate) fn text(&self) -> String {
        "The credentials endpoint is measured on Linux only.\n".to_owned()
    }

    #[expect(clippy::unused_self, reason = "it stands in for the real one")]
    pub(crate) fn targets(&self) -> Vec<Target> {
        Vec::new()
    }
}

pub(crate) fn observe(_renewals: &str) -> Result<(), Failure> {
    Err("the credentials endpoint is measured on Linux only".into())
}
