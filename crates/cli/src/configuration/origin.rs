use std::fmt;

use serde::{Deserialize, Serialize};

/// The six layers of the configuration, and what is named beside it. A later one overrides an earlier one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub(crate) enum Layer {
    /// `config/default.toml`, built into the binary.
    BuiltIn,
    /// The machine's file.
    System,
    /// The user's file, or the one that `--config` names.
    User,
    /// `rolewrap.toml`, found walking up from the working directory.
    Project,
    /// An environment variable.
    Variable,
    /// An option on the command line.
    Option,
    /// An argument of one of rolewrap's own commands.
    Argument,
}

impl Layer {
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::BuiltIn => "built-in default",
            Self::System => "system file",
            Self::User => "user file",
            Self::Project => "project file",
            Self::Variable => "variable",
            Self::Option => "option",
            Self::Argument => "argument of",
        }
    }
}

/// Where a value came from, precisely enough to go there and change it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Origin {
    pub(crate) layer: Layer,
    /// The option, the variable, or the file with its line.
    pub(crate) place: String,
}

impl Origin {
    pub(crate) fn built_in() -> Self {
        Self {
            layer: Layer::BuiltIn,
            place: String::new(),
        }
    }
}

impl fmt::Display for Origin {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.layer.name())?;
        if self.place.is_empty() {
            Ok(())
        } else {
            write!(formatter, " {}", self.place)
        }
    }
}
