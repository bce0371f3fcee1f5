use super::{SettingOption, Shape};
use crate::configuration::trust::Trust;

/// A key that a table of a configuration file may have.
#[derive(Debug)]
pub(crate) struct Key {
    pub(crate) name: &'static str,
    /// What a project file may say with it.
    pub(crate) trust: Trust,
    pub(crate) shape: Shape,
    /// What it means, for editors and the reference.
    pub(crate) help: &'static str,
    /// Whether its table makes no sense without it.
    pub(crate) is_required: bool,
    /// The variables that set it. The first that is set counts: ours, then AWS's own, then Terragrunt's.
    pub(crate) variables: &'static [&'static str],
    /// The option that sets it.
    pub(crate) option: Option<SettingOption>,
}

impl Key {
    /// The key `name`. Without a class of trust there is no key.
    pub(super) const fn new(name: &'static str, trust: Trust, shape: Shape, help: &'static str) -> Self {
        Self {
            name,
            trust,
            shape,
            help,
            is_required: false,
            variables: &[],
            option: None,
        }
    }

    /// A key of a table that is sorted as a whole, such as a source.
    pub(super) const fn inner(name: &'static str, shape: Shape, help: &'static str) -> Self {
        Self::new(name, Trust::AsItsTable, shape, help)
    }

    pub(super) const fn variables(mut self, variables: &'static [&'static str]) -> Self {
        self.variables = variables;
        self
    }

    pub(super) const fn option(mut self, option: SettingOption) -> Self {
        self.option = Some(option);
        self
    }

    /// Whether a file may say it. What no file says is chosen by options and variables alone.
    pub(crate) fn is_for_files(&self) -> bool {
        self.trust != Trust::NoFile
    }

    pub(super) const fn required(mut self) -> Self {
        self.is_required = true;
        self
    }
}
