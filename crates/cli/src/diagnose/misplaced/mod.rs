//! What stands where it means something else than was meant: found before anybody is asked for anything.

mod directory;
mod first_word;
mod option;
mod own_command;
mod terragrunt;

use crate::configuration::Configuration;
use crate::error::Error;
use crate::run::child;
use crate::run::{Run, What};

pub(crate) use own_command::own_command;

/// Refuses arguments for Terraform that are meant for somebody else. Terraform would refuse them as well, after a session,
/// and perhaps a code of an MFA device, had been spent on them.
pub(crate) fn refuse(run: &Run<'_>, configuration: &Configuration) -> Result<(), Error> {
    let What::Terraform(arguments) = &run.what else {
        return Ok(());
    };
    // Behind two dashes an option is Terraform's, whatever it looks like, and Terraform refuses what it does not know.
    if child::can_use_aws(arguments) && !run.options.is_terraform_explicit {
        option::refuse(run, configuration, arguments)?;
        directory::refuse(run, arguments)?;
    }
    first_word::refuse(run, configuration, arguments)
}
