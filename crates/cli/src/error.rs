use std::fmt;

use clap::error::ContextKind;
use rolewrap_core::visible;
use rolewrap_role::cache::{FailureReach, FlightFailure};

/// Where our own hint stands in an error of clap's, which shows nothing of this kind by itself.
pub(crate) const HINT: ContextKind = ContextKind::Custom;

/// What the exit code says about a failure of rolewrap's own. The numbers are those of `env`, `timeout` and
/// the shells (POSIX 2.8.2, GNU coreutils).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Failure {
    /// rolewrap failed before the command started.
    Own = 125,
    /// The command was found and cannot be executed.
    NotExecutable = 126,
    /// The command was not found.
    NotFound = 127,
}

/// What the layers of the AWS SDK and of hyper say when the one below them knows what happened.
const SAYING_NOTHING: [&str; 5] = [
    "io error",
    "client error",
    "dispatch failure",
    "error trying to connect",
    "tcp connect error",
];

/// An error as people read it: what failed, the causes, where the values in question came from, and what to do
/// next.
///
/// Text given to it is made safe for a terminal here, so nobody else has to.
#[derive(Debug)]
pub(crate) struct Error {
    failure: Failure,
    what: String,
    details: Vec<(&'static str, String)>,
    about_the_key: bool,
    reach: FailureReach,
}

impl Error {
    /// An error that begins with what failed, in one sentence without a full stop.
    pub(crate) fn new(what: impl Into<String>) -> Self {
        Self {
            failure: Failure::Own,
            what: what.into(),
            details: Vec::new(),
            about_the_key: false,
            reach: FailureReach::Alike,
        }
    }

    /// The same error with another exit code.
    #[must_use]
    pub(crate) fn exits(mut self, failure: Failure) -> Self {
        self.failure = failure;
        self
    }

    /// The error of another process that asked for the same, as that process says it: its text, without colour.
    pub(crate) fn of_another_process(text: &str) -> Self {
        let (what, rest) = text.split_once('\n').unwrap_or((text, ""));
        // A line of its own, and not a cause that speaks of one.
        let hint = match rest.strip_prefix("hint:") {
            Some(_) => 0,
            None => rest.find("\nhint:").map_or(rest.len(), |end| end + 1),
        };
        let (said, hint) = rest.split_at(hint);
        let by = "  asked by: another rolewrap, which this one waited for\n";
        Self::new(what.trim_start_matches("error: ")).snippet(format!("{said}{by}{hint}"))
    }

    /// Adds what the other side said, or what the system reported.
    #[must_use]
    pub(crate) fn cause(self, cause: impl fmt::Display) -> Self {
        self.detail("cause", cause.to_string())
    }

    /// Adds `error` and everything that caused it, each once and without the layers that say nothing.
    #[must_use]
    pub(crate) fn causes(mut self, error: &dyn std::error::Error) -> Self {
        let mut next = Some(error);
        while let Some(error) = next {
            let text = error.to_string();
            // Many libraries repeat the cause in their own message.
            let said = self.details.iter().any(|(_, said)| said.contains(&text));
            if !said && !SAYING_NOTHING.iter().any(|start| text.starts_with(start)) {
                self = self.cause(text);
            }
            next = error.source();
        }
        self
    }

    /// Adds everything that caused `error`, and not `error` itself, as with [`causes`](Self::causes).
    #[must_use]
    pub(crate) fn causes_of(self, error: &dyn std::error::Error) -> Self {
        match error.source() {
            Some(cause) => self.causes(cause),
            None => self,
        }
    }

    /// Adds where a value came from: an option, a variable, a file and line.
    #[must_use]
    pub(crate) fn from(self, origin: impl fmt::Display) -> Self {
        self.detail("from", origin.to_string())
    }

    /// Adds a circumstance under a `label` of its own.
    #[must_use]
    pub(crate) fn with(self, label: &'static str, text: impl fmt::Display) -> Self {
        self.detail(label, text.to_string())
    }

    /// A command line that clap refused, in clap's own words, with our exit code: clap's own is 2, which is
    /// Terraform's for `plan -detailed-exitcode`.
    pub(crate) fn usage(error: &clap::Error) -> Self {
        // Without colour, because clap repeats the arguments, and in them every control character is made visible.
        let lines = error.render().to_string();
        let lines = lines.lines().map(|line| format!("{}\n", visible(line)));
        let usage = Self::new("").snippet(lines.collect::<String>());
        match error.get(HINT) {
            Some(hint) => usage.hint(hint.to_string()),
            None => usage,
        }
    }

    /// A first word that is nearly one of our commands, and none of Terraform's.
    /// `terraforms` is the command line that leaves it to Terraform.
    pub(crate) fn misspelt(word: &str, meant: &str, terraforms: &str) -> Self {
        Self::new(format!("there is no command `{word}`, so nothing was started"))
            .cause("it is not a command of rolewrap, nor one of Terraform's that rolewrap knows")
            .hint(format!(
                "did you mean `{meant}`? For Terraform, write two dashes before it: {terraforms}"
            ))
    }

    /// Help that nobody asked for: a command line that says nothing.
    pub(crate) fn help(text: &clap::builder::StyledStr, colour: bool) -> Self {
        let text = if colour {
            text.ansi().to_string()
        } else {
            text.to_string()
        };
        Self::new("").snippet(text)
    }

    /// Adds a place that takes several lines, such as a piece of a file. The caller makes its text safe.
    #[must_use]
    pub(crate) fn snippet(self, snippet: impl Into<String>) -> Self {
        self.detail("", snippet.into())
    }

    /// Adds what to do next.
    #[must_use]
    pub(crate) fn hint(self, hint: impl Into<String>) -> Self {
        self.detail("hint", hint.into())
    }

    /// Adds what to do next, unless that has been said.
    #[must_use]
    pub(crate) fn hint_by_default(self, hint: &str) -> Self {
        if self.details.iter().any(|(label, _)| *label == "hint") {
            self
        } else {
            self.hint(hint)
        }
    }

    /// Says what to do next, in place of what was said before.
    #[must_use]
    pub(crate) fn hint_instead(mut self, hint: &str) -> Self {
        self.details.retain(|(label, _)| *label != "hint");
        self.hint(hint)
    }

    /// The same error, known to say that AWS no longer takes the key that signed.
    #[must_use]
    pub(crate) fn about_the_key(mut self) -> Self {
        self.about_the_key = true;
        self
    }

    /// Whether AWS no longer takes the key that signed, so that only another key helps.
    #[cfg_attr(not(unix), expect(dead_code, reason = "only an endpoint asks again"))]
    pub(crate) fn is_about_the_key(&self) -> bool {
        self.about_the_key
    }

    /// The same error, known to concern so many of those that want the same session. Without it, those that would ask in
    /// the same manner.
    #[must_use]
    pub(crate) fn reaches(mut self, reach: FailureReach) -> Self {
        self.reach = reach;
        self
    }

    /// What failed and why, for a place that has one line.
    pub(crate) fn in_one_line(&self) -> String {
        let causes = self.details.iter().filter(|(label, _)| *label == "cause");
        std::iter::once(&self.what)
            .chain(causes.map(|(_, text)| text))
            .map(|text| visible(text))
            .collect::<Vec<_>>()
            .join(": ")
    }

    /// The exit code that goes with it.
    pub(crate) fn failure(&self) -> Failure {
        self.failure
    }

    fn detail(mut self, label: &'static str, text: String) -> Self {
        let length_of = |labels: &[&str], details: &[(&str, String)]| {
            let is_one = |(label, _): &&(&str, String)| labels.contains(label);
            details.iter().take_while(is_one).count()
        };
        // The first two lines say what failed and what to do next, also where somebody further out knows another hint.
        let hints = length_of(&["hint"], &self.details);
        let place = match label {
            // Where the text begins with a snippet, it says what failed.
            "hint" if self.what.is_empty() => self.details.len(),
            "hint" => hints,
            // Why it failed is read before the circumstances, also where those were known before.
            "cause" => hints + length_of(&["", "cause"], &self.details[hints..]),
            _ => self.details.len(),
        };
        self.details.insert(place, (label, text));
        self
    }

    /// The text, with colour where the terminal has it.
    pub(crate) fn render(&self, colour: bool) -> String {
        let paint = |code: &str, text: &str| {
            if colour {
                format!("\x1b[{code}m{text}\x1b[0m")
            } else {
                text.to_owned()
            }
        };
        let mut text = String::new();
        if !self.what.is_empty() {
            text = format!("{} {}\n", paint("1;31", "error:"), visible(&self.what));
        }
        for (label, detail) in &self.details {
            let detail = if label.is_empty() {
                detail.clone()
            } else {
                visible(detail)
            };
            let line = match *label {
                "" => detail,
                "hint" => format!("{} {detail}\n", paint("1;36", "hint:")),
                label => format!("  {} {detail}\n", paint("1", &format!("{label}:"))),
            };
            text.push_str(&line);
        }
        text
    }
}

impl fmt::Display for Error {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.render(false))
    }
}

impl std::error::Error for Error {}

impl FlightFailure for Error {
    fn reach(&self) -> FailureReach {
        self.reach
    }
}
