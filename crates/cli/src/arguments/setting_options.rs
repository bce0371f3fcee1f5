use clap::{Arg, ArgAction, ArgMatches, Args, Command, FromArgMatches};

use crate::configuration::{FILE, Key, SettingOption};

/// The options that set a key of the configuration, as the table of settings has them.
#[derive(Debug, Clone, Default)]
pub(crate) struct SettingOptions(Vec<Given>);

/// One that was given, with its values.
#[derive(Debug, Clone)]
struct Given {
    key: &'static str,
    option: &'static str,
    values: Vec<String>,
}

impl SettingOptions {
    /// Whether the option that sets `key` was given.
    pub(crate) fn has(&self, key: &str) -> bool {
        self.0.iter().any(|given| given.key == key)
    }

    /// Key, option and value of each. Several values are one, as the variable has them.
    pub(super) fn values(&self) -> Vec<(&'static str, &'static str, String)> {
        let value = |given: &Given| (given.key, given.option, given.values.join(","));
        self.0.iter().map(value).collect()
    }
}

/// The keys that an option sets.
fn keys() -> impl Iterator<Item = (&'static Key, &'static SettingOption)> {
    let keys = FILE.keys().iter();
    keys.filter_map(|key| Some((key, key.option.as_ref()?)))
}

impl Args for SettingOptions {
    fn augment_args(command: Command) -> Command {
        command.args(keys().map(|(key, option)| argument(key, option)))
    }

    fn augment_args_for_update(command: Command) -> Command {
        Self::augment_args(command)
    }
}

impl FromArgMatches for SettingOptions {
    fn from_arg_matches(matches: &ArgMatches) -> Result<Self, clap::Error> {
        let given = keys().filter_map(|(key, option)| {
            let values = matches.get_many::<String>(key.name)?;
            Some(Given {
                key: key.name,
                option: option.name,
                values: values.cloned().collect(),
            })
        });
        Ok(Self(given.collect()))
    }

    fn update_from_arg_matches(&mut self, matches: &ArgMatches) -> Result<(), clap::Error> {
        *self = Self::from_arg_matches(matches)?;
        Ok(())
    }
}

fn argument(key: &Key, option: &SettingOption) -> Arg {
    let variable = key.variables.first();
    let variable = variable.map_or_else(String::new, |name| {
        let how = if option.is_repeatable {
            ", separated by commas"
        } else {
            ""
        };
        format!(" [variable: {name}{how}]")
    });
    let help = format!("{}{variable}", option.help);
    let action = if option.is_repeatable {
        ArgAction::Append
    } else {
        ArgAction::Set
    };
    let argument = Arg::new(key.name)
        .long(option.long())
        .value_name(option.value_name)
        .help_heading(option.heading.title())
        .global(true)
        .action(action)
        .aliases(option.hidden_aliases.iter().copied());
    let argument = if option.is_switch {
        argument
            .num_args(0..=1)
            .require_equals(true)
            .default_missing_value("true")
    } else {
        argument
    };
    let argument = match option.more {
        Some(more) => argument.long_help(format!("{help}\n\n{more}")),
        None => argument,
    };
    let argument = match option.alias {
        Some(alias) => argument.visible_alias(alias),
        None => argument,
    };
    let argument = match option.short {
        Some(short) => argument.short(short),
        None => argument,
    };
    argument.help(help)
}
