use std::fmt::Display;
use std::io::{self, IsTerminal, Write};

use crate::Failure;

const BOLD: &str = "\x1b[1m";
const DIM: &str = "\x1b[2m";
const GREEN: &str = "\x1b[32m";
const RED: &str = "\x1b[31m";
const CYAN: &str = "\x1b[36m";
/// The most characters of an observed line, so that the story stays on one screen.
const WIDEST: usize = 110;
const PLAIN: &str = "\x1b[0m";

/// Where the demo tells its story, with colour on a terminal and without one elsewhere.
#[derive(Debug)]
pub(crate) struct Screen<Out> {
    out: Out,
    colour: bool,
    steps: usize,
}

impl Screen<io::Stdout> {
    pub(crate) fn stdout() -> Self {
        let out = io::stdout();
        let colour = out.is_terminal();
        Self {
            out,
            colour,
            steps: 0,
        }
    }
}

impl<Out: Write> Screen<Out> {
    /// What this is about.
    pub(crate) fn title(&mut self, text: &str) -> Result<(), Failure> {
        self.line("", BOLD, text)
    }

    /// Begins the next numbered step.
    pub(crate) fn step(&mut self, text: &str) -> Result<(), Failure> {
        self.steps += 1;
        writeln!(self.out)?;
        let numbered = format!("{}. {text}", self.steps);
        self.line("", BOLD, &numbered)
    }

    /// A command that is about to run.
    pub(crate) fn command(&mut self, text: &str) -> Result<(), Failure> {
        self.line("   $ ", CYAN, text)
    }

    /// Something that was observed, word for word, with the ends of long lines cut off.
    pub(crate) fn observed(&mut self, text: &str) -> Result<(), Failure> {
        text.lines()
            .try_for_each(|line| self.line("     ", DIM, &shortened(line)))
    }

    /// Ends a step: what it proved when `shown` is true. Otherwise that it did not, with the evidence.
    pub(crate) fn proves(&mut self, claim: &str, shown: bool, evidence: &dyn Display) -> Result<(), Failure> {
        if shown {
            self.line("   ", GREEN, &format!("✔ {claim}"))
        } else {
            self.line("   ", RED, &format!("✘ not shown: {claim}"))?;
            Err(evidence.to_string().into())
        }
    }

    fn line(&mut self, indent: &str, colour: &str, text: &str) -> Result<(), Failure> {
        let (colour, plain) = if self.colour { (colour, PLAIN) } else { ("", "") };
        Ok(writeln!(self.out, "{indent}{colour}{text}{plain}")?)
    }
}

fn shortened(line: &str) -> String {
    match line.char_indices().nth(WIDEST) {
        Some((end, _)) => format!("{}…", &line[..end]),
        None => line.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn screen(colour: bool) -> Screen<Vec<u8>> {
        Screen {
            out: Vec::new(),
            colour,
            steps: 0,
        }
    }

    fn text(screen: Screen<Vec<u8>>) -> String {
        String::from_utf8(screen.out).unwrap()
    }

    #[test]
    fn steps_are_numbered_and_end_with_what_they_prove() {
        let mut screen = screen(false);
        screen.step("First").unwrap();
        screen.command("true").unwrap();
        screen.proves("It works.", true, &"").unwrap();
        screen.step("Second").unwrap();
        assert_eq!(
            text(screen),
            "\n1. First\n   $ true\n   ✔ It works.\n\n2. Second\n"
        );
    }

    #[test]
    fn a_claim_that_was_not_shown_fails_with_the_evidence() {
        let mut screen = screen(false);
        let failure = screen.proves("It works.", false, &"exit code 1").unwrap_err();
        assert_eq!(failure.to_string(), "exit code 1");
        assert_eq!(text(screen), "   ✘ not shown: It works.\n");
    }

    #[test]
    fn a_long_line_is_cut_and_shows_it() {
        let mut screen = screen(false);
        screen.observed(&"é".repeat(WIDEST)).unwrap();
        screen.observed(&"é".repeat(WIDEST + 1)).unwrap();
        let line = format!("     {}", "é".repeat(WIDEST));
        assert_eq!(text(screen), format!("{line}\n{line}…\n"));
    }

    #[test]
    fn colour_is_for_terminals() {
        let mut screen = screen(true);
        screen.title("Title").unwrap();
        assert_eq!(text(screen), "\x1b[1mTitle\x1b[0m\n");
    }
}
