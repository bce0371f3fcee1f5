use rolewrap_core::{PromptError, Question, Secret, SecretProgram, SourceError};
use rolewrap_role::MfaCode;

use super::next_code::next_code;
use crate::configuration::{Configuration, Origin};
use crate::error::Error;
use crate::plan::{Chosen, CodePlace, Mfa, VaultCode};
use crate::session::World;
use crate::session::asking::{self, SourceProgram};
use crate::session::sources;
use crate::ui::output;

/// How often a person is asked for a code at most.
const QUESTIONS: u32 = 3;

/// The codes that there are to show, one after the other.
pub(super) struct Codes<'a> {
    world: &'a World<'a>,
    configuration: &'a Configuration,
    mfa: &'a Mfa,
    /// How many a person was asked for.
    asked: u32,
    /// Whether the next one of a program or of Vault was waited for.
    has_waited: bool,
}

impl<'a> Codes<'a> {
    pub(super) fn new(world: &'a World<'a>, configuration: &'a Configuration, mfa: &'a Mfa) -> Self {
        Self {
            world,
            configuration,
            mfa,
            asked: 0,
            has_waited: false,
        }
    }

    /// The first code.
    pub(super) async fn first(&mut self) -> Result<MfaCode, Error> {
        match &self.mfa.code {
            CodePlace::Given(code) => Ok(code.value.clone()),
            CodePlace::Command(_) | CodePlace::Vault(_) => self.read().await,
            CodePlace::Person => self.typed().await,
        }
    }

    /// Another code than `refused`, which AWS does not take; `None` where there is none. A person may have mistyped it.
    /// What a program or Vault gave is right as a rule, and another run was first to use it.
    pub(super) async fn after(&mut self, refused: &MfaCode) -> Result<Option<MfaCode>, Error> {
        let once = "AWS does not take this code; it takes each code once";
        match &self.mfa.code {
            CodePlace::Person if self.asked < QUESTIONS => {
                self.world
                    .messages
                    .warning(&format!("{once}, so wait for the next one"));
                self.typed().await.map(Some)
            }
            CodePlace::Command(_) | CodePlace::Vault(_) if !self.has_waited => {
                self.has_waited = true;
                self.world
                    .messages
                    .warning(&format!("{once}, so rolewrap waits for the next one"));
                let clock = &*self.world.system.clock;
                next_code(refused, clock, async || self.read().await).await
            }
            _ => Ok(None),
        }
    }

    /// What a program prints or Vault says now.
    async fn read(&self) -> Result<MfaCode, Error> {
        match &self.mfa.code {
            CodePlace::Command(command) => parsed(&self.printed(command).await?, &command.origin),
            CodePlace::Vault(key) => parsed(&self.read_from_vault(key).await?, &key.origin),
            CodePlace::Given(code) => Ok(code.value.clone()),
            CodePlace::Person => Err(Error::new("there is nothing to read an MFA code from")),
        }
    }

    async fn printed(&self, command: &Chosen<Vec<String>>) -> Result<Secret, Error> {
        let failed = |error: SourceError| {
            Error::new("the program of mfa_command gives no code")
                .cause(error.reason())
                .from(&command.origin)
                .hint(
                    "run the program by itself: it has to print the six digits on one line, and nothing else",
                )
        };
        let environment = asking::environment(SourceProgram::MfaCommand, &self.mfa.source, self.world.system);
        let here = &self.world.system.directory;
        let directory = self.configuration.program_directory(&command.origin, here);
        let program = SecretProgram::new(
            &self.mfa.source,
            "mfa_command",
            command.value.clone(),
            environment,
        )
        .map_err(failed)?
        .with_directory(directory)
        .with_messages_to(output::error_text);
        program.read().await.map_err(failed)
    }

    async fn read_from_vault(&self, key: &Chosen<VaultCode>) -> Result<Secret, Error> {
        let VaultCode {
            source,
            mount,
            key: name,
        } = &key.value;
        let (system, prompt) = (self.world.system, &self.world.prompt);
        let vault = sources::vault(self.configuration, source, &key.origin, system, prompt)?;
        vault.totp_code(mount, name).await.map_err(|error| {
            let failed = Error::new(format!("Vault gives no MFA code for {}", self.mfa.serial.value));
            failed.cause(error.reason()).causes_of(&error).from(&key.origin).hint(format!(
                "check the key and the mount of mfa_vault, and that the login of source {source} may read {mount}/code/{name}"
            ))
        })
    }

    async fn typed(&mut self) -> Result<MfaCode, Error> {
        loop {
            self.asked += 1;
            let question = Question::secret(format!("MFA code of {}: ", self.mfa.serial.value));
            let typed = self.world.prompt.ask(&question).await;
            let typed = typed.map_err(|error| self.unanswered(&error))?;
            match typed.expose().parse() {
                Ok(code) => return Ok(code),
                Err(_) if self.asked < QUESTIONS => {
                    self.world.messages.warning("an MFA code is six digits");
                }
                Err(error) => {
                    return Err(Error::new("the MFA code is not valid")
                        .causes(&error)
                        .hint("type the six digits that the device shows now"));
                }
            }
        }
    }

    fn unanswered(&self, error: &PromptError) -> Error {
        Error::new("there is no MFA code, so nothing was started")
            .cause(error)
            .with("device", format!("{} ({})", self.mfa.serial.value, self.mfa.serial.origin))
            .hint("give the code with --mfa-token or ROLEWRAP_MFA_TOKEN; or set mfa_command, a program that prints it, or mfa_vault in your own file")
    }
}

fn parsed(code: &Secret, origin: &Origin) -> Result<MfaCode, Error> {
    code.expose().parse().map_err(|error| {
        Error::new("what was read as an MFA code is not one")
            .causes(&error)
            .from(origin)
            .hint("an MFA code is six digits, and nothing else may be on its line")
    })
}
