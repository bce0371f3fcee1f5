//! rolewrap's command line. The journey of one credential can be read in `run_command`: configuration, plan,
//! base credentials, session, delivery, child.
//!
//! [`main`] is all that the program needs of it. What others build on is `rolewrap-core` and `rolewrap-role`.

mod arguments;
mod commands;
mod configuration;
mod deliver;
mod diagnose;
mod error;
#[cfg(any(test, fuzzing))]
#[doc(hidden)]
pub mod fuzzing;
mod host;
mod plan;
mod run;
mod session;
mod ui;

use std::convert::Infallible;
use std::ffi::OsString;
use std::panic;
use std::process::ExitCode;

use arguments::{Invocation, evaluated};
#[cfg(unix)]
use deliver::endpoint;
use deliver::endpoint::StartingEndpoint;
use deliver::{ChildEnvironment, SessionMarks, SessionVariables, java_properties};
use diagnose::misplaced;
use error::Error;
#[cfg(unix)]
use host::core_dumps;
#[cfg(target_os = "linux")]
use host::file_size_limit;
use host::system::System;
use plan::{Delivery, delivery};
use run::{Run, What, auth_provider, child, terraform_variables, unsaved_state, warnings};
use session::{Journey, inside, obtain, sources};
use ui::{copied, output};

/// Runs rolewrap in the real world, with `arguments`, the first of which is the name that it was started by.
///
/// Returns only where no command was started: with 0 after one of rolewrap's own commands, or with
/// 125, 126 or 127 after a failure of its own.
pub fn main(mut arguments: Vec<OsString>) -> ExitCode {
    #[cfg(unix)]
    core_dumps::forbid();
    #[cfg(target_os = "linux")]
    file_size_limit::outlive();
    let name = (!arguments.is_empty()).then(|| arguments.remove(0));
    #[cfg(unix)]
    if name.is_some_and(|name| name == endpoint::NAME) {
        return endpoint::run(&arguments);
    }
    #[cfg(not(unix))]
    drop(name);
    // A defect of ours is a failure of ours: its exit code must not be taken for the command's.
    let outcome = panic::catch_unwind(|| match System::real() {
        Ok(system) => dispatch(arguments.clone(), &system).map_err(|error| (error, system.terminal)),
        Err(error) => {
            let gone = Error::new("the working directory is gone")
                .cause(error)
                .hint("change to one that is there");
            Err((gone, false))
        }
    });
    let (error, terminal) = match outcome {
        Ok(Ok(())) => return ExitCode::SUCCESS,
        Ok(Err(failed)) => failed,
        Err(_) => {
            let defect = Error::new("rolewrap has a defect, and nothing was started")
                .hint("report the message above, after a look that nothing secret is in it");
            (defect, false)
        }
    };
    if let Some(refusal) = evaluated::refusal(&arguments)
        && !output::is_shown()
    {
        // The error itself is what is reported.
        let _ = output::print(refusal);
    }
    report(&error, terminal)
}

fn report(error: &Error, terminal: bool) -> ExitCode {
    output::error_text(&error.render(terminal));
    ExitCode::from(error.failure() as u8)
}

fn dispatch(arguments: Vec<OsString>, system: &System) -> Result<(), Error> {
    match arguments::parse(arguments) {
        Ok(Invocation::Terraform(options, arguments)) => {
            run_command(&Run::new(options, What::Terraform(arguments), system)?).map(|never| match never {})
        }
        Ok(Invocation::Exec(options, command)) => {
            run_command(&Run::new(options, What::Any(command), system)?).map(|never| match never {})
        }
        Ok(Invocation::Misspelt { word, meant, before }) => {
            let terraforms = ["--".into()]
                .into_iter()
                .chain(before)
                .chain([word.clone().into()]);
            let terraforms = copied::to_copy(&terraforms.collect::<Vec<OsString>>());
            Err(Error::misspelt(&word, &meant, &terraforms))
        }
        Ok(Invocation::Misplaced {
            options,
            before,
            command,
        }) => Err(misplaced::own_command(&options, &before, &command)),
        Ok(Invocation::Own(options, command)) => commands::run(options, command, system),
        Ok(Invocation::Nothing(help)) => Err(Error::help(&help, system.terminal)),
        Err(error) if !error.use_stderr() => output::print_all(&error.render().to_string()),
        Err(error) => Err(Error::usage(&error)),
    }
}

/// The journey of one credential. It ends in the command, or in an error before the command has started.
fn run_command(run: &Run<'_>) -> Result<Infallible, Error> {
    unsaved_state::warn(run);
    let configuration = run.configuration()?;
    auth_provider::refuse(&*run.world.system.environment)?;
    misplaced::refuse(run, &configuration)?;
    let mut command = run.find_command(&configuration)?;
    if let What::Terraform(arguments) = &run.what
        && !child::can_use_aws(arguments)
    {
        let kept = run.kept_variables(Delivery::Env)?;
        run.world
            .messages
            .step("this command cannot use AWS, so nobody is asked for a session");
        let fed_by = sources::everybody_fed_by(&configuration, run.world.system);
        let mut environment = ChildEnvironment::inherited_from_process(&fed_by, &kept);
        environment.hide_profiles(&kept);
        environment.remember(&command, &run.world.system.directory);
        return child::run(&command, &environment, None);
    }
    let plan = run.plan(&configuration)?;
    let kept = run.kept_variables(plan.delivery.value)?;
    java_properties::refuse(&*run.world.system.environment, &kept)?;
    let source = sources::build(
        &configuration,
        &plan.base.sources,
        run.world.system,
        &run.world.prompt,
    )?;
    let endpoint = StartingEndpoint::where_chosen(&plan.delivery, &run.world)?;
    let journey = Journey::new(&run.world, &configuration, &plan);
    terraform_variables::warn(run);
    warnings::of_logged_session(run, plan.delivery.value);
    let fed_by = sources::fed_by(journey, &source)?;
    let obtained = obtain(journey, &source)?;
    let mut environment = ChildEnvironment::inherited_from_process(&fed_by, &kept);
    let region = plan.base.region.as_ref().map(|region| &region.value);
    let marks = SessionMarks::new(&plan, &*run.world.system.environment);
    let variables = SessionVariables::new(&obtained.session, region, marks);
    environment.surround(&variables);
    environment.remember(&command, &run.world.system.directory);
    let is_in_variables = plan.delivery.value == Delivery::Env;
    let session = Some(&obtained.session).filter(|_| is_in_variables);
    environment.mark(inside::marks(journey, session, environment.seen_from_inside()));
    let guard = match endpoint {
        None => {
            delivery::refuse_ending(&obtained.session, run.world.system.clock.now())?;
            warnings::of_short_session(run, &obtained.session);
            environment.deliver(&variables);
            if plan.hides_profiles {
                environment.hide_profiles(&kept);
            }
            None
        }
        Some(endpoint) => {
            let endpoint = endpoint.serve(journey, &run.facts(), &obtained)?;
            environment.deliver_endpoint(&endpoint.url(), &endpoint.token, &kept);
            Some(endpoint.guard)
        }
    };
    unsaved_state::remember(run, &plan);
    // Where this process stays beside the command, the environment alone keeps the secrets.
    drop(obtained);
    run.keep_directory(&mut command);
    child::run(&command, &environment, guard.as_ref())
}

#[cfg(test)]
mod tests {
    pub(crate) use crate::fuzzing::system;
}
