use std::ffi::{OsStr, OsString};
use std::path::PathBuf;

use crate::child::{self, Command, Tool};
use crate::error::Error;
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
                let tool = if child::is_named_for_terragrunt(arguments, &*run.system.environment) {
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

    fn behind_exec(run: &Run<'_>, command: &[OsString], named: Option<&str>) -> Option<Self> {
        let mut places = child::places_of_tool(command);
        let first = places.start;
        places.find_map(|place| {
            let name = &command[place];
            let by_name = Tool::named(name, named);
            // A link may have any name, and leads to the program.
            let by_file = || (place == first).then(|| Tool::named(file(run, name)?.as_os_str(), named))?;
            Some(Self {
                tool: by_name.or_else(by_file)?,
                first_argument: place + 1,
            })
        })
    }

    /// The directory that the tool works in. It is that of the run where that does not matter: Terraform says itself what is
    /// wrong with a directory in which it uses no AWS.
    pub(crate) fn directory(self, run: &Run<'_>) -> Result<PathBuf, Error> {
        let (environment, here) = (&*run.system.environment, &run.system.directory);
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
            _ => Ok(here.clone()),
        }
    }
}

/// The file that `name` is, behind all links.
fn file(run: &Run<'_>, name: &OsStr) -> Option<PathBuf> {
    let (environment, directory) = (&*run.system.environment, &run.system.directory);
    let found = Command::find(name, Vec::new(), environment, directory).ok()?;
    directory.join(found.program).canonicalize().ok()
}
