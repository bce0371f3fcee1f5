use std::ffi::OsString;
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};

use rolewrap_core::{Environment, Secret};
use rolewrap_role::MfaCode;

use crate::arguments::{Options, WEB_IDENTITY_TOKEN};
use crate::configuration::{
    Configuration, Digest, Layer, MFA_TOKEN, Origin, Places, TRUST, WEB_IDENTITY_TOKENS,
};
use crate::deliver;
use crate::error::Error;
use crate::host::program::Command;
use crate::host::system::System;
use crate::host::work_directory::WorkDirectory;
use crate::host::{truth, variable};
use crate::plan::Delivery;
use crate::plan::{self, Chosen, Facts, Plan};
use crate::plan::{misspelt_region, overridden_region};
use crate::run::child::{self, Tool};
use crate::run::no_program::no_program;
use crate::run::started_tool::StartedTool;
use crate::session::World;
use crate::ui::messages::Messages;
use crate::ui::terminal::{self, Person};

/// What is run.
#[derive(Debug)]
pub(crate) enum What {
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
pub(crate) struct Run<'a> {
    pub(crate) options: Options,
    pub(crate) what: What,
    /// Terraform or Terragrunt, where one of them is started.
    pub(crate) tool: Option<StartedTool>,
    pub(crate) world: World<'a>,
    /// The directory that the command works in, which Terraform's `-chdir` changes.
    pub(crate) directory: WorkDirectory,
    /// The configuration of where the user is, where it was needed to know what is started.
    read_here: Mutex<Option<Configuration>>,
    /// What is done, in a word, for session names.
    verb: String,
    /// The code of an MFA device, where it was given with the command.
    mfa_code: Option<Chosen<MfaCode>>,
}

impl<'a> Run<'a> {
    pub(crate) fn new(options: Options, what: What, system: &'a System) -> Result<Self, Error> {
        let messages = Messages::new(options.verbose, options.quiet, &*system.environment)?;
        let person = Arc::new(Person::new(options.non_interactive, &*system.environment)?);
        let verb = what.verb().unwrap_or_default();
        let is_refreshed = options.refresh || truth(&*system.environment, "ROLEWRAP_REFRESH")? == Some(true);
        let mfa_code = mfa_code(&options, &*system.environment)?;
        refuse_token(&options, &system.directory)?;
        let mut run = Self {
            options,
            what,
            tool: None,
            world: World {
                system,
                messages,
                prompt: person.clone(),
                person: Some(person),
                is_refreshed,
            },
            directory: WorkDirectory::of_process(&system.directory, &*system.environment),
            read_here: Mutex::default(),
            verb,
            mfa_code,
        };
        run.tool = StartedTool::of(&run)?;
        if let Some(tool) = run.tool
            && let Some(directory) = tool.directory(&run)?
        {
            run.directory = directory;
        }
        Ok(run)
    }

    /// Whether somebody types at the two streams who may be asked.
    pub(crate) fn is_interactive(&self) -> bool {
        let person = self.world.person.as_ref();
        person.is_some_and(|person| person.may_be_asked()) && terminal::is_interactive()
    }

    pub(crate) fn places(&self) -> Result<Places, Error> {
        self.places_from(self.directory.deciding()[0])
    }

    /// Where the files are read from for `directory`, and what this run trusts in them.
    fn places_from(&self, directory: &Path) -> Result<Places, Error> {
        let mut places = Places::new(
            &*self.world.system.environment,
            self.options.config.as_deref(),
            &self.world.system.directory,
            directory,
        )?;
        places.trust.trust_for_this_run(self.trusted()?);
        Ok(places)
    }

    /// What the command line and the environment trust for this run.
    fn trusted(&self) -> Result<Vec<Digest>, Error> {
        let from_variable = variable(&*self.world.system.environment, TRUST)?.unwrap_or_default();
        let of_option = self.options.trust.iter().map(|digest| (&**digest, "--trust"));
        let of_variable = from_variable.split(',').filter(|digest| !digest.is_empty());
        let of_variable = of_variable.map(|digest| (digest, TRUST));
        let digests = of_option.chain(of_variable);
        let digests = digests.map(|(digest, place)| {
            digest.trim().parse().map_err(|error| {
                Error::new(format!("`{digest}` is not what can be trusted"))
                    .cause(error)
                    .from(place)
                    .hint("`rolewrap trust show` prints the digest of what a project file says")
            })
        });
        digests.collect()
    }

    /// Terraform's arguments, where this run starts Terraform: by itself, or behind `exec`.
    pub(crate) fn terraform(&self) -> Option<&[OsString]> {
        match (&self.what, self.tool) {
            (What::Terraform(arguments), _) => Some(arguments),
            (What::Any(command), Some(started)) if started.tool == Tool::Terraform => {
                command.get(started.first_argument..)
            }
            _ => None,
        }
    }

    /// The program that stands in the place of Terraform where the user is.
    pub(crate) fn named_terraform(&self) -> Result<String, Error> {
        let configuration = self.load(&self.places_from(&self.world.system.directory)?)?;
        let program = configuration.settings.terraform.clone().unwrap_or_default();
        *self.read_here.lock().unwrap_or_else(PoisonError::into_inner) = Some(configuration);
        Ok(program)
    }

    pub(crate) fn configuration(&self) -> Result<Configuration, Error> {
        let read = self
            .read_here
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .take();
        match read {
            Some(read) if self.directory.real == self.world.system.directory => Ok(read),
            _ => self.load(&self.places()?),
        }
    }

    fn load(&self, places: &Places) -> Result<Configuration, Error> {
        Configuration::load(&*self.world.system.environment, places, &self.options.values())
    }

    pub(crate) fn plan(&self, configuration: &Configuration) -> Result<Plan, Error> {
        self.plan_with(configuration, &self.facts())
    }

    /// The plan for a session that is given away once, however a command would get it: nobody renews it.
    pub(crate) fn plan_to_give_away(&self, configuration: &Configuration) -> Result<Plan, Error> {
        let facts = Facts {
            delivery: Some(Delivery::Env),
            ..self.facts()
        };
        self.plan_with(configuration, &facts)
    }

    fn plan_with(&self, configuration: &Configuration, facts: &Facts<'_>) -> Result<Plan, Error> {
        let selection = plan::select(configuration, &self.directory)?;
        let plan = Plan::new(configuration, selection, facts)?;
        misspelt_region::warn(self.world.messages, &plan.base);
        overridden_region::warn(self.world.messages, configuration, &plan);
        Ok(plan)
    }

    pub(crate) fn facts(&self) -> Facts<'_> {
        Facts {
            system: self.world.system,
            directory: &self.directory.real,
            verb: &self.verb,
            mfa_code: self.mfa_code.as_ref(),
            delivery: None,
        }
    }

    pub(crate) fn find_command(&self, configuration: &Configuration) -> Result<Command, Error> {
        let (environment, directory) = (&*self.world.system.environment, &self.world.system.directory);
        match &self.what {
            What::Terraform(arguments) => {
                let program = configuration.settings.terraform.clone().unwrap_or_default();
                Command::find_terraform(program.as_ref(), arguments.clone(), environment, directory).map_err(|error| {
                    error
                        .from(configuration.origin("terraform"))
                        .hint_by_default("install Terraform, or name the program: --terraform PATH (for OpenTofu: --terraform tofu)")
                })
            }
            What::Any(command) => match command.split_first() {
                Some((name, arguments)) => Command::find(name, arguments.to_vec(), environment, directory)
                    .map_err(|error| match no_program(command, configuration) {
                        Some(hint) => error.hint_instead(&hint),
                        None => error.hint_by_default("install it, or give its path"),
                    }),
                None => Err(Error::new("there is no command to run")),
            },
            What::Nothing(_) => Err(Error::new("there is no command to run")),
        }
    }

    /// Has Terraform change to the directory that was found, whatever becomes of the links on the way to it.
    pub(crate) fn keep_directory(&self, command: &mut Command) {
        let Some(tool) = self.tool.filter(|tool| tool.tool == Tool::Terraform) else {
            return;
        };
        // The first word behind `exec` is the program.
        let program = usize::from(matches!(self.what, What::Any(_)));
        let first = tool.first_argument.saturating_sub(program);
        if let Some(arguments) = command.arguments.get_mut(first..)
            && let Some(path) = self.directory.path_to_enter()
        {
            child::replace_changed_directory(arguments, &path);
        }
    }

    /// The variables that stay in the command's environment although rolewrap would remove them.
    pub(crate) fn kept_variables(&self, delivery: Delivery) -> Result<Vec<String>, Error> {
        let environment = &*self.world.system.environment;
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
        for name in kept.iter().filter(|name| environment.get(name).is_some()) {
            if deliver::is_delivered(name, delivery) {
                self.world.messages.warning(&format!(
                    "{name} cannot be kept: it is how the session reaches the command"
                ));
            } else if deliver::is_always_set(name) && !matches!(self.what, What::Nothing(_)) {
                self.world.messages.warning(&format!(
                    "{name} cannot be kept: with it the command could take this machine's own role"
                ));
            } else if deliver::is_about_identity(name) {
                let place = match self.what {
                    What::Nothing(_) => "where the session is used",
                    _ => "in the command's environment",
                };
                self.world.messages.warning(&format!(
                    "{name} stays {place}, and some programs prefer it to the role"
                ));
            }
        }
        Ok(kept)
    }
}

/// Refuses a web identity token itself where the path of its file is meant: arguments can be read by every process. What
/// is no file is not shown, since it may be a token.
fn refuse_token(options: &Options, directory: &Path) -> Result<(), Error> {
    match &options.web_identity_token {
        Some(file) if !directory.join(file.expose()).exists() => Err(Error::new(format!(
            "{WEB_IDENTITY_TOKEN} names no file that is there"
        ))
        .cause(
            "it takes the path of a file, and no token: other processes can read the arguments of a command",
        )
        .hint(format!(
            "put the token into a file, or into the variable {}",
            WEB_IDENTITY_TOKENS[0]
        ))),
        _ => Ok(()),
    }
}

/// The MFA code of the option, or else of the variable. Neither is a layer of the configuration, which can be printed.
fn mfa_code(options: &Options, environment: &dyn Environment) -> Result<Option<Chosen<MfaCode>>, Error> {
    let given = match &options.mfa_token {
        Some(code) => Some((code.clone(), Layer::Option, "--mfa-token")),
        None => variable(environment, MFA_TOKEN)?.map(|code| (Secret::new(code), Layer::Variable, MFA_TOKEN)),
    };
    let Some((code, layer, place)) = given else {
        return Ok(None);
    };
    let origin = Origin {
        layer,
        place: place.to_owned(),
    };
    match code.expose().parse() {
        Ok(value) => Ok(Some(Chosen { value, origin })),
        Err(error) => Err(Error::new("the MFA code is not valid")
            .causes(&error)
            .from(origin)
            .hint("give the six digits that the device shows now")),
    }
}
