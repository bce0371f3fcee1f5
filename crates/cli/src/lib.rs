//! rolewrap's command line. The journey of one credential can be read in [`run_command`]: configuration, plan,
//! base credentials, session, delivery, child.
//!
//! This is the program's own library, for its tests. What others build on is `rolewrap-core` and
//! `rolewrap-role`.

mod arguments;
mod child;
mod commands;
mod configuration;
mod error;
mod explain;
mod messages;
mod output;
mod plan;
mod session;
mod sources;
mod system;
mod text;

use std::convert::Infallible;
use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use arguments::{Invocation, Options, OwnCommand};
use child::{ChildEnvironment, Command};
use configuration::{Configuration, Places, variable};
use messages::Messages;
use plan::{Facts, Plan};
use session::obtain;

pub use error::{Error, Failure};
pub use system::System;

/// Runs rolewrap with `arguments`, which are without the program's name, in the real world.
///
/// Returns only where no command was started: with 0 after one of rolewrap's own commands, or with
/// [`Failure`]'s codes.
pub fn main(arguments: Vec<OsString>) -> ExitCode {
    let outcome = match System::real() {
        Ok(system) => run(arguments, &system).map_err(|error| (error, system.terminal)),
        Err(error) => Err((Error::new("the working directory is gone").cause(error), false)),
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err((error, terminal)) => {
            output::error_text(&error.render(terminal));
            ExitCode::from(error.failure() as u8)
        }
    }
}

fn run(arguments: Vec<OsString>, system: &System) -> Result<(), Error> {
    match arguments::parse(arguments) {
        Ok(Invocation::Terraform(options, arguments)) => {
            run_command(&Run::new(options, What::Terraform(arguments), system)?).map(|never| match never {})
        }
        Ok(Invocation::Own(options, OwnCommand::Exec { command })) => {
            run_command(&Run::new(options, What::Any(command), system)?).map(|never| match never {})
        }
        Ok(Invocation::Own(options, command)) => print(&commands::run(options, command, system)?),
        Ok(Invocation::Nothing(help)) => Err(Error::help(&help, system.terminal)),
        Err(error) if !error.use_stderr() => print(&error.render().to_string()),
        Err(error) => Err(Error::usage(&error, system.terminal)),
    }
}

fn print(text: &str) -> Result<(), Error> {
    output::print(text).map_err(|error| Error::new("cannot write to standard output").cause(error))
}

/// The journey of one credential. It ends in the command, or in an error before the command has started.
fn run_command(run: &Run<'_>) -> Result<Infallible, Error> {
    let configuration = run.configuration()?;
    let command = run.find_command(&configuration)?;
    let kept = run.kept_variables()?;
    if let What::Terraform(arguments) = &run.what
        && !child::can_use_aws(arguments)
    {
        run.messages
            .step("this command cannot use AWS, so nobody is asked for a session");
        return child::run(&command, &ChildEnvironment::inherited_from_process(&[], &kept));
    }
    let plan = run.plan(&configuration)?;
    let source = sources::build(&configuration, &plan.sources, run.system)?;
    let session = obtain(&configuration, &plan, &*source, run.system, run.messages)?;
    let mut environment = ChildEnvironment::inherited_from_process(&source.environment_variables(), &kept);
    environment.deliver(
        &session,
        plan.region.as_ref().map(|region| &region.value),
        &plan.target(),
    );
    // Where this process stays beside the command, the environment alone keeps the secrets.
    drop(session);
    child::run(&command, &environment)
}

/// What is run.
#[derive(Debug)]
enum What {
    /// Terraform with these arguments.
    Terraform(Vec<OsString>),
    /// A command with its arguments.
    Any(Vec<OsString>),
    /// Nothing: one of rolewrap's own commands.
    Nothing(&'static str),
}

impl What {
    fn verb(&self) -> Option<String> {
        match self {
            Self::Terraform(arguments) => child::terraform_command(arguments),
            Self::Any(command) => Some(
                Path::new(command.first()?)
                    .file_name()?
                    .to_string_lossy()
                    .into_owned(),
            ),
            Self::Nothing(verb) => Some((*verb).to_owned()),
        }
    }
}

/// One run of rolewrap: what was asked for, and the world that it happens in.
#[derive(Debug)]
struct Run<'a> {
    options: Options,
    what: What,
    system: &'a System,
    messages: Messages,
    /// The directory that the command works in, which Terraform's `-chdir` changes.
    directory: PathBuf,
    /// What is done, in a word, for session names.
    verb: String,
}

impl<'a> Run<'a> {
    fn new(options: Options, what: What, system: &'a System) -> Result<Self, Error> {
        let messages = Messages::new(options.verbose, options.quiet, &*system.environment)?;
        let directory = match &what {
            What::Terraform(arguments) => changed_directory(arguments, &system.directory)?,
            _ => system.directory.clone(),
        };
        let verb = what.verb().unwrap_or_default();
        Ok(Self {
            options,
            what,
            system,
            messages,
            directory,
            verb,
        })
    }

    fn places(&self) -> Result<Places, Error> {
        let own_file = self.options.config.as_deref();
        Places::new(
            &*self.system.environment,
            own_file,
            &self.system.directory,
            &self.directory,
        )
    }

    fn configuration(&self) -> Result<Configuration, Error> {
        Configuration::load(&*self.system.environment, &self.places()?, &self.options.values())
    }

    fn plan(&self, configuration: &Configuration) -> Result<Plan, Error> {
        let selection = plan::select(configuration, &self.directory)?;
        Plan::new(configuration, &selection, &self.facts())
    }

    fn facts(&self) -> Facts<'_> {
        Facts {
            system: self.system,
            directory: &self.directory,
            verb: &self.verb,
        }
    }

    fn find_command(&self, configuration: &Configuration) -> Result<Command, Error> {
        let (environment, directory) = (&*self.system.environment, &self.system.directory);
        match &self.what {
            What::Terraform(arguments) => {
                let program = configuration.settings.terraform.clone().unwrap_or_default();
                Command::find(program.as_ref(), arguments.clone(), environment, directory).map_err(|error| {
                    error
                        .from(configuration.origin("terraform"))
                        .hint("install Terraform, or name the program: --terraform PATH (for OpenTofu: --terraform tofu)")
                })
            }
            What::Any(command) => match command.split_first() {
                Some((name, arguments)) => Command::find(name, arguments.to_vec(), environment, directory),
                None => Err(Error::new("there is no command to run")),
            },
            What::Nothing(_) => Err(Error::new("there is no command to run")),
        }
    }

    /// The variables that stay in the command's environment although rolewrap would remove them.
    fn kept_variables(&self) -> Result<Vec<String>, Error> {
        let environment = &*self.system.environment;
        let from_variable = variable(environment, "ROLEWRAP_KEEP_ENV")?.unwrap_or_default();
        let names = from_variable
            .split(',')
            .map(str::trim)
            .filter(|name| !name.is_empty());
        let kept: Vec<String> = self
            .options
            .keep_env
            .iter()
            .cloned()
            .chain(names.map(str::to_owned))
            .collect();
        for name in kept
            .iter()
            .filter(|name| child::is_about_identity(name) && environment.get(name).is_some())
        {
            self.messages.warning(&format!(
                "{name} stays in the command's environment, and some programs prefer it to the role"
            ));
        }
        Ok(kept)
    }
}

/// The directory that Terraform's `-chdir` leads to from `directory`. It is the real one: `live/dev/../prod` is a
/// directory of prod, whatever it looks like.
fn changed_directory(arguments: &[OsString], directory: &Path) -> Result<PathBuf, Error> {
    let change = match child::changed_directories(arguments).as_slice() {
        [] => return Ok(directory.to_owned()),
        [change] => change.clone(),
        _ => return Err(Error::new("Terraform's option -chdir is given more than once")),
    };
    directory.join(&change).canonicalize().map_err(|error| {
        Error::new(format!("cannot change to the directory {}", change.display()))
            .cause(error)
            .from("Terraform's option -chdir")
    })
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;
    use std::time::{Duration, UNIX_EPOCH};

    use rolewrap_core::{FixedClock, FixedEnvironment};

    use super::*;

    /// A world for tests, with these environment variables and no Git.
    pub(crate) fn system(variables: &[(&str, &str)]) -> System {
        System {
            environment: Arc::new(variables.iter().copied().collect::<FixedEnvironment>()),
            clock: Arc::new(FixedClock(UNIX_EPOCH + Duration::from_hours(500_000))),
            directory: PathBuf::from("/"),
            host_name: "laptop".to_owned(),
            user_id: Some(1000),
            process_id: 4711,
            terminal: false,
            git: |_, _, _| None,
        }
    }
}
