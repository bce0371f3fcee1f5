use std::ffi::{OsStr, OsString};
use std::path::PathBuf;

use crate::error::Error;
use crate::host::program::Command;
use crate::host::work_directory::WorkDirectory;
use crate::run::child::{self, Tool};
use crate::run::{Run, What};

/// Terraform or Terragrunt, where a run starts one of them: by itself, or behind `exec`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct StartedTool {
    pub(crate) tool: Tool,
    /// The place of its first argument in what is run.
    pub(crate) first_argument: usize,
}

impl StartedTool {
    /// The tool that `run` starts. The configuration, which may name the program in the place of Terraform, is read where
    /// that matters.
    pub(crate) fn of(run: &Run<'_>) -> Result<Option<Self>, Error> {
        match &run.what {
            What::Terraform(arguments) => {
                let tool = if child::is_named_for_terragrunt(arguments, &*run.world.system.environment) {
                    let program = run.named_terraform()?;
                    Tool::named(OsStr::new(&program), Some(&program)).unwrap_or(Tool::Terraform)
                } else {
                    Tool::Terraform
                };
                Ok(Some(Self {
                    tool,
                    first_argument: 0,
                }))
            }
            What::Any(command) => match Self::behind_exec(run, command, None) {
                None => Ok(Self::behind_exec(run, command, Some(&run.named_terraform()?))),
                found => Ok(found),
            },
            What::Nothing(_) => Ok(None),
        }
    }

    /// The tool in `command`: its program; or else what is told the directory, whatever starts it, as in
    /// `op run -- terraform -chdir=live plan`; or else what a launcher such as `env` starts.
    fn behind_exec(run: &Run<'_>, command: &[OsString], named: Option<&str>) -> Option<Self> {
        let program = command.first()?;
        let started = |(place, tool): (usize, Tool)| Self {
            tool,
            first_argument: place + 1,
        };
        // A link may have any name, and leads to the program.
        let of_file = || Tool::named(file(run, program)?.as_os_str(), named);
        if let Some(tool) = Tool::named(program, named).or_else(of_file) {
            return Some(started((0, tool)));
        }
        let named = command.iter().enumerate().skip(1).filter_map(|(place, word)| {
            // A variable's value, as in `env TF_DATA_DIR=/tmp/terraform`, starts nothing.
            let is_variable = word.to_string_lossy().contains('=');
            let tool = Tool::named(word, named).filter(|_| !is_variable)?;
            Some((place, tool))
        });
        let named: Vec<(usize, Tool)> = named.collect();
        let is_told = |(place, tool): &&(usize, Tool)| child::names_directory(*tool, &command[place + 1..]);
        // `sudo -u terraform` names a user.
        let is_free = |(place, _): &&(usize, Tool)| !command[place - 1].to_string_lossy().starts_with('-');
        let launched = || {
            let launched = named.iter().filter(|_| child::is_launched(command));
            launched.clone().find(is_free).or_else(|| launched.clone().next())
        };
        named.iter().find(is_told).or_else(launched).copied().map(started)
    }

    /// The directory that the tool is told to change to. `None` where it is not, and where that does not matter: Terraform says
    /// itself what is wrong with a directory in which it uses no AWS.
    pub(crate) fn directory(self, run: &Run<'_>) -> Result<Option<WorkDirectory>, Error> {
        let (environment, here) = (&*run.world.system.environment, &run.directory);
        match &run.what {
            What::Terraform(arguments) if child::can_use_aws(arguments) => {
                child::working_directory(self.tool, arguments, environment, here)
            }
            What::Any(command) => {
                let (before, arguments) = command.split_at(self.first_argument);
                if child::changes_directory(before) {
                    return Err(Error::new(format!(
                        "{} is told to change the directory, so nothing was started",
                        before[0].to_string_lossy()
                    ))
                    .cause("the directory may choose the account, and rolewrap does not follow this option")
                    .hint("change the directory first, with cd, or write -chdir=DIR behind terraform"));
                }
                child::working_directory(self.tool, arguments, environment, here)
            }
            _ => Ok(None),
        }
    }
}

/// The file that `name` is, behind all links.
fn file(run: &Run<'_>, name: &OsStr) -> Option<PathBuf> {
    let (environment, directory) = (&*run.world.system.environment, &run.world.system.directory);
    let found = Command::find(name, Vec::new(), environment, directory).ok()?;
    directory.join(found.program).canonicalize().ok()
}
