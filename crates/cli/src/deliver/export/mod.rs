//! A session as text for other programs, in the format that each of them reads.

mod document;
mod format;
pub(crate) mod github;
mod statements;

use rolewrap_core::Secret;
use zeroize::Zeroizing;

use crate::deliver::SessionVariables;
use crate::error::Error;
use crate::ui::quote;
use statements::Statements;

pub(crate) use format::Format;

/// The room for everything in a text but the values: names, quotes, punctuation.
const FRAME_BYTES: usize = 4096;

/// What is exported.
pub(crate) struct Exported<'a> {
    pub(crate) variables: SessionVariables<'a>,
    /// The account that the session acts in.
    pub(crate) account_id: &'a str,
    /// The session's own ARN.
    pub(crate) arn: &'a str,
    /// What a profile of the session is called.
    pub(crate) profile: &'a str,
    /// Variables that are set where the export was asked for, and that some programs prefer to the session.
    pub(crate) rivals: Vec<String>,
}

/// A value that a format cannot hold. It is never shown.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Unwritable {
    /// The variable that has the value.
    name: &'static str,
    format: Format,
}

impl Unwritable {
    /// The error as a person reads it.
    pub(crate) fn explained(&self) -> Error {
        let Self { name, format } = self;
        Error::new(format!(
            "{name} cannot be exported in the format {}",
            format.name()
        ))
        .cause("its value has a character that this format cannot hold")
        .hint("choose another --format, such as json")
    }
}

impl Exported<'_> {
    /// The text for standard output. For GitHub Actions it is what hides the secrets; the rest is [`Self::for_github`].
    pub(crate) fn text(&self, format: Format) -> Result<Secret, Unwritable> {
        if let Some(statements) = Statements::of(format) {
            return self.lines(&statements).map(secret);
        }
        Ok(secret(match format {
            Format::Process => document::process(self),
            Format::Terragrunt => document::terragrunt(self),
            Format::Ini => self.ini()?,
            Format::Github => github::mask_commands(self),
            _ => document::json(self),
        }))
    }

    /// What is added to the file that GitHub Actions reads variables from.
    pub(crate) fn for_github(&self) -> Result<Secret, Unwritable> {
        github::assignments(self).map(secret)
    }

    /// The rivals that the text removes in no way, so that a person has to.
    pub(crate) fn remaining_rivals(&self, format: Format) -> &[String] {
        if format.joins_other_variables() {
            &self.rivals
        } else {
            &[]
        }
    }

    fn lines(&self, statements: &Statements) -> Result<Zeroizing<String>, Unwritable> {
        let mut text = Zeroizing::new(String::with_capacity(self.room()));
        for (name, value) in self.variables.pairs() {
            statements.set(name, value, &mut text)?;
        }
        for name in &self.rivals {
            statements.remove(name, &mut text);
        }
        Ok(text)
    }

    /// A profile as boto3 and the other SDKs read it from `~/.aws/credentials`.
    fn ini(&self) -> Result<Zeroizing<String>, Unwritable> {
        let variables = &self.variables;
        let mut text = Zeroizing::new(String::with_capacity(self.room()));
        let mut line = |before: &str, name: &'static str, value: &str, behind: &str| {
            let format = Format::Ini;
            text.push_str(before);
            quote::plain(value, &mut text).map_err(|quote::CannotHold| Unwritable { name, format })?;
            text.push_str(behind);
            Ok(())
        };
        line("[", "the name of the profile", self.profile, "]\n")?;
        line(
            "# expires at ",
            "the end of the session",
            &variables.expiration,
            "\n",
        )?;
        for (key, name, value) in [
            (
                "aws_access_key_id = ",
                "AWS_ACCESS_KEY_ID",
                variables.access_key_id,
            ),
            (
                "aws_secret_access_key = ",
                "AWS_SECRET_ACCESS_KEY",
                variables.secret_access_key,
            ),
            (
                "aws_session_token = ",
                "AWS_SESSION_TOKEN",
                variables.session_token,
            ),
        ] {
            line(key, name, value, "\n")?;
        }
        if let Some(region) = variables.region {
            line("region = ", "AWS_REGION", region, "\n")?;
        }
        Ok(text)
    }

    /// Room for any of the texts, so that none grows: growing would leave a copy behind in memory that nobody
    /// overwrites. No format takes more than six bytes for one, which is how JSON has control characters.
    fn room(&self) -> usize {
        let values: usize = self.variables.pairs().map(|(_, value)| value.len()).sum();
        let others = self.profile.len() + self.arn.len() + self.account_id.len();
        let rivals: usize = self.rivals.iter().map(|name| name.len() + 32).sum();
        FRAME_BYTES + 6 * (values + others) + rivals
    }
}

/// A text that is complete, which nothing prints by mistake. It is moved, not copied.
fn secret(mut text: Zeroizing<String>) -> Secret {
    Secret::new(std::mem::take(&mut *text))
}

#[cfg(test)]
mod tests;
