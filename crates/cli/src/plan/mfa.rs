use rolewrap_role::{AskedDuration, MfaCode, MfaSerial, MfaSessionDuration, SessionDuration};

use super::choices::{Choices, parse};
use super::{Chosen, Hop};
use crate::configuration::{Configuration, Layer, MfaKeys, Origin, SourceSection};
use crate::error::Error;

/// The MFA that the owner of some base credentials shows, and where its code is.
#[derive(Debug, Clone)]
pub(crate) struct Mfa {
    /// The source of the base credentials.
    pub(crate) source: String,
    pub(crate) serial: Chosen<MfaSerial>,
    pub(crate) code: CodePlace,
    /// The variables that a program which prints the code needs, and the command must not have.
    pub(crate) variables: Vec<String>,
    /// How long one code is to be good for.
    pub(crate) duration: Option<Chosen<MfaSessionDuration>>,
}

/// Where the code of an MFA device is.
#[derive(Debug, Clone)]
pub(crate) enum CodePlace {
    /// It was given, by an option or a variable.
    Given(Chosen<MfaCode>),
    /// A program prints it.
    Command(Chosen<Vec<String>>),
    /// The TOTP engine of Vault knows it.
    Vault(Chosen<VaultCode>),
    /// A person is asked.
    Person,
}

impl CodePlace {
    /// Where it is, for people, and where that was said.
    pub(crate) fn shown(&self) -> (String, Option<&Origin>) {
        match self {
            Self::Given(code) => ("given with the command".to_owned(), Some(&code.origin)),
            // The arguments are never shown: people put into them what they should not.
            Self::Command(command) => (
                format!(
                    "from the program {}",
                    command.value.first().map_or("", String::as_str)
                ),
                Some(&command.origin),
            ),
            Self::Vault(key) => {
                let VaultCode {
                    source,
                    mount,
                    key: name,
                } = &key.value;
                (
                    format!("from {mount}/code/{name} of source {source}"),
                    Some(&key.origin),
                )
            }
            Self::Person => ("asked for on the terminal".to_owned(), None),
        }
    }
}

/// A key of Vault's TOTP engine.
#[derive(Debug, Clone)]
pub(crate) struct VaultCode {
    /// The source whose server and login are used.
    pub(crate) source: String,
    pub(crate) mount: String,
    pub(crate) key: String,
}

/// What is planned for each of `sources` whose owner shows MFA. `accounts` are those of the chain, and the base
/// credentials sign for the first of them.
pub(super) fn of_sources(
    configuration: &Configuration,
    accounts: &[Chosen<String>],
    sources: &[String],
    given: Option<&Chosen<MfaCode>>,
) -> Result<Vec<Mfa>, Error> {
    refuse_unused_device(configuration, accounts)?;
    let first = Choices::of_target(configuration, accounts.first());
    let duration = first.parsed("mfa_duration", |settings| &settings.mfa_duration, |_| &None)?;
    let mut planned = Vec::new();
    for source in sources {
        let own = MfaSection::of_source(configuration, source);
        if let Some(serial) = serial(&first, &own)? {
            planned.push(Mfa {
                source: source.clone(),
                serial,
                code: code(configuration, &own, given)?,
                variables: variables(configuration, &own),
                duration: duration.clone(),
            });
        }
    }
    match given {
        Some(given) if planned.is_empty() => Err(Error::new("an MFA code needs an MFA device")
            .from(&given.origin)
            .hint("name the device with --mfa-serial, or with mfa_serial in the account or the source")),
        _ => Ok(planned),
    }
}

/// The device: of an option or a variable, the account, the source, the top of the files, in this order.
fn serial(first: &Choices<'_>, own: &MfaSection<'_>) -> Result<Option<Chosen<MfaSerial>>, Error> {
    let chosen = first.raw(
        "mfa_serial",
        |settings| &settings.mfa_serial,
        |account| &account.mfa_serial,
    );
    let is_of_account = first.own("mfa_serial", |account| &account.mfa_serial).is_some();
    let of_source = own.keys.serial.clone().map(|value| Chosen {
        value,
        origin: own.origin("mfa_serial"),
    });
    match chosen {
        Some(chosen) if chosen.origin.layer >= Layer::Variable || is_of_account => Some(chosen),
        top => of_source.or(top),
    }
    .map(parse)
    .transpose()
}

/// The place of the code: what was given, then the source's own, then that at the top of the files.
fn code(
    configuration: &Configuration,
    own: &MfaSection<'_>,
    given: Option<&Chosen<MfaCode>>,
) -> Result<CodePlace, Error> {
    if let Some(given) = given {
        return Ok(CodePlace::Given(given.clone()));
    }
    if let Some(place) = own.code_place()? {
        return Ok(place);
    }
    let top = MfaKeys {
        serial: None,
        command: configuration.settings.mfa_command.clone(),
        variables: None,
        vault: configuration.settings.mfa_vault.clone(),
    };
    let top = MfaSection {
        configuration,
        source: None,
        keys: &top,
    };
    Ok(top.code_place()?.unwrap_or(CodePlace::Person))
}

/// Those of the source and those at the top of the files, wherever the code is.
fn variables(configuration: &Configuration, own: &MfaSection<'_>) -> Vec<String> {
    let all = [&own.keys.variables, &configuration.settings.mfa_variables];
    all.into_iter().flatten().flatten().cloned().collect()
}

/// The keys about MFA of a source, or without one those at the top of the files.
struct MfaSection<'a> {
    configuration: &'a Configuration,
    source: Option<&'a str>,
    keys: &'a MfaKeys,
}

impl<'a> MfaSection<'a> {
    fn of_source(configuration: &'a Configuration, source: &'a str) -> Self {
        let section = configuration.settings.sources.get(source);
        Self {
            configuration,
            source: Some(source),
            keys: section.map_or(&MfaKeys::NONE, |section| section.mfa()),
        }
    }

    fn origin(&self, key: &str) -> Origin {
        match self.source {
            Some(source) => self.configuration.origin(&format!("sources.{source}.{key}")),
            None => self.configuration.origin(key),
        }
    }

    fn code_place(&self) -> Result<Option<CodePlace>, Error> {
        let command = self.keys.command.as_ref();
        match (command, &self.keys.vault) {
            (None, None) => Ok(None),
            (Some(command), None) => Ok(Some(CodePlace::Command(Chosen {
                value: command.clone(),
                origin: self.origin("mfa_command"),
            }))),
            (Some(_), Some(_)) => Err(Error::new("the MFA code has two places, a command and Vault")
                .from(self.origin("mfa_command"))
                .from(self.origin("mfa_vault"))
                .hint("keep one of mfa_command and mfa_vault")),
            (None, Some(vault)) => {
                let origin = self.origin("mfa_vault");
                let source = vault.source.as_deref().or(self.source);
                let Some(source) = source else {
                    return Err(Error::new("mfa_vault does not say whose login is used")
                        .from(origin)
                        .hint("add source = \"…\", a source of type vault, to mfa_vault"));
                };
                if !matches!(
                    self.configuration.settings.sources.get(source),
                    Some(SourceSection::Vault(_))
                ) {
                    return Err(Error::new(format!("`{source}` is not a source of type vault"))
                        .from(origin)
                        .hint(
                            "name a source of type vault, whose server has the TOTP engine, in mfa_vault",
                        ));
                }
                let value = VaultCode {
                    source: source.to_owned(),
                    mount: vault.mount.clone().unwrap_or_else(|| "totp".to_owned()),
                    key: vault.key.clone(),
                };
                Ok(Some(CodePlace::Vault(Chosen { value, origin })))
            }
        }
    }
}

/// Refuses the device of an account that is reached through another one: a session proves no MFA to the next role.
fn refuse_unused_device(configuration: &Configuration, accounts: &[Chosen<String>]) -> Result<(), Error> {
    for Chosen { value: name, .. } in accounts.iter().skip(1) {
        let section = configuration.settings.accounts.get(name);
        if section.is_some_and(|section| section.mfa_serial.is_some()) {
            return Err(Error::new(format!(
                "the account `{name}` is reached through another role, and MFA counts for the first role alone"
            ))
            .from(configuration.origin(&format!("accounts.{name}.mfa_serial")))
            .from(configuration.origin(&format!("accounts.{name}.via")))
            .hint(format!(
                "move mfa_serial to [accounts.{}], whose role the base credentials assume",
                accounts[0].value
            )));
        }
    }
    Ok(())
}

/// Whether the code goes to AWS with the request for the first role, and not into an MFA session: such a session can
/// have a role for an hour at most, and more was asked for.
pub(super) fn is_direct(hops: &[Hop]) -> bool {
    let duration = hops.first().and_then(|hop| hop.duration.as_ref());
    duration.is_some_and(|duration| match duration.value {
        AskedDuration::Exactly(duration) => duration > SessionDuration::LONGEST_CHAINED,
        AskedDuration::Longest => true,
    })
}
