use std::fmt;
use std::str::FromStr;

use rolewrap_core::Environment;
use rolewrap_role::{AccountId, InvalidParameter, Partition, Region, RoleArn};

use super::nothing_chosen::nothing_chosen;
use super::{Chosen, Selection};
use crate::configuration::{AccountSection, Configuration, Flag, Layer, Origin, Settings};
use crate::error::Error;
use crate::host::truth_of;
use crate::plan::Delivery;

/// Chooses between an account's value and the one at the top.
pub(super) struct Choices<'a> {
    configuration: &'a Configuration,
    account: Option<&'a str>,
    is_target: bool,
}

impl<'a> Choices<'a> {
    /// The choices for what the command runs under.
    pub(super) fn of_target(configuration: &'a Configuration, account: Option<&'a Chosen<String>>) -> Self {
        Self {
            configuration,
            account: account.map(|account| account.value.as_str()),
            is_target: true,
        }
    }

    /// The choices for an account on the way to it. Options, variables and the top of the files are about the
    /// target, and nothing but its own section shapes such an account.
    pub(super) fn on_the_way(configuration: &'a Configuration, account: &'a Chosen<String>) -> Self {
        Self {
            is_target: false,
            ..Self::of_target(configuration, Some(account))
        }
    }

    /// The value of `key`: options and variables first, then the account, then the top of the files.
    pub(super) fn raw<T: Clone>(
        &self,
        key: &str,
        top: impl Fn(&Settings) -> &Option<T>,
        of_account: impl Fn(&AccountSection) -> &Option<T>,
    ) -> Option<Chosen<T>> {
        self.keyed(key, top, of_account).map(|(value, _)| value)
    }

    fn top<T: Clone>(&self, key: &str, top: impl Fn(&Settings) -> &Option<T>) -> Option<Chosen<T>> {
        let value = top(&self.configuration.settings).clone();
        value.filter(|_| self.is_target).map(|value| Chosen {
            value,
            origin: self.configuration.origin(key),
        })
    }

    /// As [`raw`](Self::raw), with the key where the value stands.
    pub(super) fn keyed<T: Clone>(
        &self,
        key: &str,
        top: impl Fn(&Settings) -> &Option<T>,
        of_account: impl Fn(&AccountSection) -> &Option<T>,
    ) -> Option<(Chosen<T>, String)> {
        let top = self.top(key, top).map(|top| (top, key.to_owned()));
        let own = self.own(key, of_account);
        let own = own.map(|own| {
            (
                own,
                format!("accounts.{}.{key}", self.account.unwrap_or_default()),
            )
        });
        match top {
            Some((top, key)) if top.origin.layer >= Layer::Variable => Some((top, key)),
            top => own.or(top),
        }
    }

    /// What the account's own section says.
    pub(super) fn own<T: Clone>(
        &self,
        key: &str,
        value: impl Fn(&AccountSection) -> &Option<T>,
    ) -> Option<Chosen<T>> {
        let name = self.account?;
        let value = value(self.configuration.settings.accounts.get(name)?).clone()?;
        Some(Chosen {
            value,
            origin: self.configuration.origin(&format!("accounts.{name}.{key}")),
        })
    }

    pub(super) fn text<T: Clone + fmt::Display>(
        &self,
        key: &str,
        top: impl Fn(&Settings) -> &Option<T>,
        of_account: impl Fn(&AccountSection) -> &Option<T>,
    ) -> Option<Chosen<String>> {
        let chosen = self.raw(key, top, of_account)?;
        Some(Chosen {
            value: chosen.value.to_string(),
            origin: chosen.origin,
        })
    }

    pub(super) fn parsed<Raw: Clone + fmt::Display, Parsed: FromStr<Err = InvalidParameter>>(
        &self,
        key: &str,
        top: impl Fn(&Settings) -> &Option<Raw>,
        of_account: impl Fn(&AccountSection) -> &Option<Raw>,
    ) -> Result<Option<Chosen<Parsed>>, Error> {
        self.text(key, top, of_account).map(parse).transpose()
    }

    pub(super) fn sources(&self) -> Result<Chosen<Vec<String>>, Error> {
        let order = self.raw("source", |settings| &settings.source, |account| &account.source);
        match order {
            Some(order) if !order.value.names().is_empty() => Ok(Chosen {
                value: order.value.names().to_vec(),
                origin: order.origin,
            }),
            other => {
                let error = Error::new("no source of base credentials is chosen");
                let error = other.iter().fold(error, |error, order| error.from(&order.origin));
                Err(error.hint("name one with --source, or with source = \"env\" in the configuration"))
            }
        }
    }

    /// How the session reaches the command: through its environment, unless something else is said.
    pub(super) fn delivery(&self) -> Result<Chosen<Delivery>, Error> {
        let chosen = self.text(
            "delivery",
            |settings| &settings.delivery,
            |account| &account.delivery,
        );
        let Some(chosen) = chosen else {
            return Ok(Chosen {
                value: Delivery::Env,
                origin: Origin::built_in(),
            });
        };
        let origin = chosen.origin;
        match chosen.value.parse() {
            Ok(value) => Ok(Chosen { value, origin }),
            Err(()) => Err(
                Error::new(format!("`{}` is not a way to deliver a session", chosen.value))
                    .from(&origin)
                    .hint("write env or endpoint"),
            ),
        }
    }

    /// Whether the command is to find no profiles of the user's.
    pub(super) fn hides_profiles(&self) -> Result<bool, Error> {
        let chosen = self.raw(
            "hide_profiles",
            |settings| &settings.hide_profiles,
            |account| &account.hide_profiles,
        );
        let Some(chosen) = chosen else { return Ok(false) };
        match &chosen.value {
            Flag::Bool(flag) => Ok(*flag),
            Flag::Text(text) => truth_of(text).ok_or_else(|| {
                Error::new(format!("`{text}` is neither true nor false"))
                    .from(&chosen.origin)
                    .hint("write true or false")
            }),
        }
    }

    /// The role: the one that was named, or else the account's.
    pub(super) fn role(
        &self,
        selection: &Selection,
        region: Option<&Chosen<Region>>,
        environment: &dyn Environment,
    ) -> Result<Chosen<RoleArn>, Error> {
        let account = selection.account.as_ref();
        let id = self.own("id", |account| &account.id);
        let id = id.map(parse::<AccountId>).transpose()?;
        let text = selection
            .role
            .clone()
            .or_else(|| self.own("role", |account| &account.role));
        let Some(text) = text else {
            return Err(match account {
                Some(account) => no_role(account),
                None => nothing_chosen(self.configuration, environment),
            });
        };
        let role = match account {
            Some(account) if !text.value.starts_with("arn:") => {
                in_account(text, &account.value, id.as_ref(), self.partition(region)?)?
            }
            _ => whole(text)?,
        };
        match (&id, account) {
            (Some(id), Some(account)) if id.value != *role.value.account() => Err(Error::new(format!(
                "the role {} is not in the account `{}`, which has the id {}",
                role.value, account.value, id.value
            ))
            .from(&role.origin)
            .from(&id.origin)
            .hint("correct one of the two, so that no other account is changed by mistake")),
            _ => Ok(role),
        }
    }

    /// The partition that an account is in: that of its own region, and otherwise of the region that was chosen. A
    /// variable for the region moves no account to another partition.
    fn partition(&self, region: Option<&Chosen<Region>>) -> Result<Partition, Error> {
        let own = self.own("region", |account| &account.region);
        let own = own.map(parse::<Region>).transpose()?;
        let region = own.as_ref().or(region);
        Ok(region.map_or(Partition::Aws, |region| region.value.partition()))
    }
}

/// A role that is given by its ARN. Of which account a bare name is, nothing says.
fn whole(role: Chosen<String>) -> Result<Chosen<RoleArn>, Error> {
    let hint = (!role.value.contains(':')).then(|| {
        format!(
            "a bare name needs an account of the configuration: --account NAME --iam-role {}; or write the full ARN",
            role.value
        )
    });
    parse::<RoleArn>(role).map_err(|error| match hint {
        Some(hint) => error.hint_instead(&hint),
        None => error,
    })
}

/// A role that is given by its name, in the account that was selected and in `partition`.
fn in_account(
    role: Chosen<String>,
    name: &str,
    id: Option<&Chosen<AccountId>>,
    partition: Partition,
) -> Result<Chosen<RoleArn>, Error> {
    if role.value.starts_with("role/") {
        return Err(Error::new(format!(
            "the role of the account `{name}` begins with `role/`, which its ARN has already"
        ))
        .from(&role.origin)
        .hint("write the name alone; where it has a path that begins so, write the full ARN"));
    }
    let Some(id) = id else {
        return Err(
            Error::new(format!("the account `{name}` has a role name and no id"))
                .from(&role.origin)
                .hint(format!(
                    "add id = \"…\" to [accounts.{name}], or write the role's full ARN"
                )),
        );
    };
    let value =
        RoleArn::new(partition, &id.value, &role.value).map_err(|error| invalid(&error, &role.origin))?;
    let origin = if role.origin.layer == id.origin.layer {
        role.origin
    } else {
        Origin {
            place: format!("{}, with the id from {}", role.origin.place, id.origin),
            ..role.origin
        }
    };
    Ok(Chosen { value, origin })
}

fn no_role(account: &Chosen<String>) -> Error {
    let name = &account.value;
    Error::new(format!("the account `{name}` has no role"))
        .from(&account.origin)
        .hint(format!(
            "add id and role to [accounts.{name}], or name the role with --iam-role"
        ))
}

pub(super) fn parse<Parsed: FromStr<Err = InvalidParameter>>(
    text: Chosen<String>,
) -> Result<Chosen<Parsed>, Error> {
    match text.value.parse() {
        Ok(value) => Ok(Chosen {
            value,
            origin: text.origin,
        }),
        Err(error) => Err(invalid(&error, &text.origin)),
    }
}

pub(super) fn invalid(error: &InvalidParameter, origin: &Origin) -> Error {
    Error::new(format!("the {} is not valid", error.parameter))
        .causes(error)
        .from(origin)
        .hint("correct the value where it comes from; `rolewrap config show` lists all of them")
}
