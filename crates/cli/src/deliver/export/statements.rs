//! The formats that are one line for each variable.

use super::{Format, Unwritable};
use crate::ui::quote::{CannotHold, Quote, fish, plain, posix, powershell};

/// How a format sets a variable, and how it removes one where it can.
pub(super) struct Statements {
    format: Format,
    before: &'static str,
    between: &'static str,
    quote: Quote,
    /// What ends the statement, besides the line: without quotes around `$(…)` a POSIX shell makes one line of all.
    end: &'static str,
    /// What stands before and behind the name of a variable that is removed.
    remove: Option<(&'static str, &'static str)>,
}

impl Statements {
    /// Those of `format`, unless it is a document.
    pub(super) fn of(format: Format) -> Option<Self> {
        let (before, between, quote, remove): (_, _, Quote, _) = match format {
            Format::Env => ("export ", "=", posix, Some(("unset ", ""))),
            Format::EnvNoExport => ("", "=", posix, None),
            Format::Fish => ("set -gx ", " ", fish, Some(("set -e ", ""))),
            Format::Powershell => ("$Env:", "=", powershell, Some(("$Env:", "=$null"))),
            Format::WindowsCmd => ("set ", "=", plain, Some(("set ", "="))),
            Format::Dotenv => ("", "=", plain, None),
            Format::Json | Format::Process | Format::Github | Format::Ini | Format::Terragrunt => {
                return None;
            }
        };
        let end = if format == Format::Env { ";" } else { "" };
        Some(Self {
            format,
            before,
            between,
            quote,
            end,
            remove,
        })
    }

    /// Writes the line that sets the variable `name`.
    pub(super) fn set(&self, name: &'static str, value: &str, text: &mut String) -> Result<(), Unwritable> {
        text.push_str(self.before);
        text.push_str(name);
        text.push_str(self.between);
        (self.quote)(value, text).map_err(|CannotHold| Unwritable {
            name,
            format: self.format,
        })?;
        text.extend([self.end, "\n"]);
        Ok(())
    }

    /// Writes the line that removes the variable `name`, where the format has one.
    pub(super) fn remove(&self, name: &str, text: &mut String) {
        if let Some((before, behind)) = self.remove {
            text.extend([before, name, behind, self.end, "\n"]);
        }
    }
}
