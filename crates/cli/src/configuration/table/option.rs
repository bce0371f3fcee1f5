/// Where `--help` shows an option.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Heading {
    Choosing,
    Shaping,
    Running,
}

impl Heading {
    pub(crate) const fn title(self) -> &'static str {
        match self {
            Self::Choosing => "Choosing the role",
            Self::Shaping => "Shaping the session",
            Self::Running => "Running the command",
        }
    }
}

/// The option that sets a key.
#[derive(Debug)]
pub(crate) struct SettingOption {
    /// With its two dashes.
    pub(crate) name: &'static str,
    pub(crate) short: Option<char>,
    pub(crate) value_name: &'static str,
    pub(crate) heading: Heading,
    /// The first line of its help.
    pub(crate) help: &'static str,
    /// What `--help` says besides.
    pub(crate) more: Option<&'static str>,
    /// Another name that help shows.
    pub(crate) alias: Option<&'static str>,
    /// Other names, for people who come from other tools.
    pub(crate) hidden_aliases: &'static [&'static str],
    /// Whether it may be given several times. Its values are then a list, which its variable separates by commas.
    pub(crate) is_repeatable: bool,
    /// Whether it is yes without a value. A value stands behind `=`.
    pub(crate) is_switch: bool,
}

impl SettingOption {
    pub(super) const fn new(
        name: &'static str,
        value_name: &'static str,
        heading: Heading,
        help: &'static str,
    ) -> Self {
        Self {
            name,
            short: None,
            value_name,
            heading,
            help,
            more: None,
            alias: None,
            hidden_aliases: &[],
            is_repeatable: false,
            is_switch: false,
        }
    }

    pub(super) const fn short(mut self, short: char) -> Self {
        self.short = Some(short);
        self
    }

    pub(super) const fn more(mut self, more: &'static str) -> Self {
        self.more = Some(more);
        self
    }

    pub(super) const fn alias(mut self, alias: &'static str) -> Self {
        self.alias = Some(alias);
        self
    }

    pub(super) const fn hidden_aliases(mut self, aliases: &'static [&'static str]) -> Self {
        self.hidden_aliases = aliases;
        self
    }

    pub(super) const fn repeatable(mut self) -> Self {
        self.is_repeatable = true;
        self
    }

    pub(super) const fn switch(mut self) -> Self {
        self.is_switch = true;
        self
    }

    /// The name without its dashes.
    pub(crate) fn long(&self) -> &'static str {
        self.name.trim_start_matches('-')
    }
}
