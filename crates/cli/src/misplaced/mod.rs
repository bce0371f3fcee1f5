//! What stands where it means something else than was meant: found before anybody is asked for anything.

mod first_word;
mod option;
mod terragrunt;

use crate::child;
use crate::configuration::Configuration;
use crate::error::Error;
use crate::run::{Run, What};

/// Refuses arguments for Terraform that are meant for somebody else. Terraform would refuse them as well, after a session,
/// and perhaps a code of an MFA device, had been spent on them.
pub(crate) fn refuse(run: &Run<'_>, configuration: &Configuration) -> Result<(), Error> {
    let What::Terraform(arguments) = &run.what else {
        return Ok(());
    };
    if child::can_use_aws(arguments) {
        option::refuse(run, configuration, arguments)?;
    }
    first_word::refuse(run, configuration, arguments)
}
