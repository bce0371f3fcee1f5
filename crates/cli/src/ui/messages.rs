use rolewrap_core::Environment;

use crate::error::Error;
use crate::host::{truth, variable};

/// What is said on standard error besides errors, and how much of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Messages {
    /// Errors only.
    Quiet,
    /// Warnings too.
    Normal,
    /// What is done.
    Verbose,
    /// Every detail.
    Detailed,
}

impl Messages {
    /// The level that the options ask for, or else the variables `ROLEWRAP_VERBOSE` (0, 1, 2, true) and
    /// `ROLEWRAP_QUIET` (true).
    pub(crate) fn new(verbose: u8, quiet: bool, environment: &dyn Environment) -> Result<Self, Error> {
        let verbose = match variable(environment, "ROLEWRAP_VERBOSE")?.as_deref() {
            _ if verbose > 0 || quiet => verbose,
            None | Some("0" | "false") => 0,
            Some("1" | "true") => 1,
            Some("2") => 2,
            Some(other) => {
                return Err(Error::new("the value of ROLEWRAP_VERBOSE is none of 0, 1, 2")
                    .cause(format!("it is `{other}`"))
                    .hint("write 0, 1 or 2, or unset it: unset ROLEWRAP_VERBOSE"));
            }
        };
        let quiet = quiet || verbose == 0 && truth(environment, "ROLEWRAP_QUIET")? == Some(true);
        Ok(match (quiet, verbose) {
            (true, _) => Self::Quiet,
            (false, 0) => Self::Normal,
            (false, 1) => Self::Verbose,
            (false, _) => Self::Detailed,
        })
    }

    /// A warning: something that the user did not ask for and should know.
    pub(crate) fn warning(self, text: &str) {
        self.say(Self::Normal, "warning: ", text);
    }

    /// A warning that ends in lines to copy.
    pub(crate) fn warning_with_lines(self, text: &str, lines: &[String]) {
        self.warning(text);
        for line in lines {
            self.say(Self::Normal, "  ", line);
        }
    }

    /// A step of the work, for `-v`.
    pub(crate) fn step(self, text: &str) {
        self.say(Self::Verbose, "rolewrap: ", text);
    }

    /// A detail, for `-vv`.
    pub(crate) fn detail(self, text: &str) {
        self.say(Self::Detailed, "rolewrap:   ", text);
    }

    fn say(self, level: Self, label: &str, text: &str) {
        if self >= level {
            crate::ui::output::error_line(&format!("{label}{}", rolewrap_core::visible(text)));
        }
    }
}
