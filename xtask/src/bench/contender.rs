use rolewrap_lab::{Invocation, Sandbox};

use crate::Failure;
use crate::bench::{Measurement, Samples};

/// One command that takes part, and what was measured of it.
#[derive(Debug)]
pub(crate) struct Contender {
    name: &'static str,
    words: Vec<String>,
    variables: Vec<(&'static str, String)>,
    /// It runs in every round, or in every fifth when one run takes as long as fifty of another.
    slow: bool,
    /// What starts the measurement, and is not measured.
    around: Vec<String>,
    /// It finds what its earlier runs have kept.
    warm: bool,
    sandbox: Sandbox,
    samples: Samples,
    /// Why there is nothing to measure.
    absence: Option<String>,
}

/// How much more often the fast ones run.
const SLOW_EVERY: usize = 5;

impl Contender {
    pub(crate) fn new(name: &'static str, words: &[&str]) -> Self {
        Self {
            name,
            words: words.iter().map(|&word| word.to_owned()).collect(),
            variables: Vec::new(),
            slow: false,
            around: Vec::new(),
            warm: false,
            sandbox: Sandbox::new(),
            samples: Samples::default(),
            absence: None,
        }
    }

    /// One that cannot take part.
    pub(crate) fn absent(name: &'static str, reason: &str) -> Self {
        Self {
            absence: Some(reason.to_owned()),
            ..Self::new(name, &[])
        }
    }

    pub(crate) fn variables(mut self, variables: &[(&'static str, String)]) -> Self {
        self.variables.extend_from_slice(variables);
        self
    }

    /// Runs in this sandbox, in place of an empty one.
    pub(crate) fn sandbox(mut self, sandbox: Sandbox) -> Self {
        self.sandbox = sandbox;
        self
    }

    /// Is started by this command, which is not measured itself.
    pub(crate) fn started_by(mut self, words: &[&str]) -> Self {
        self.around = words.iter().map(|&word| word.to_owned()).collect();
        self
    }

    /// Finds what its earlier runs have kept.
    pub(crate) fn warm(mut self) -> Self {
        self.warm = true;
        self
    }

    pub(crate) fn slow(mut self) -> Self {
        self.slow = true;
        self
    }

    pub(crate) fn name(&self) -> &'static str {
        self.name
    }

    pub(crate) fn samples(&self) -> &Samples {
        &self.samples
    }

    pub(crate) fn absence(&self) -> Option<&str> {
        self.absence.as_deref()
    }

    /// Runs once to fill the system's caches. One that fails does not take part.
    pub(crate) fn warm_up(&mut self) {
        if self.absence.is_none() {
            self.absence = self.measure().err().map(|failure| format!("failed: {failure}"));
        }
    }

    /// Takes part in a round.
    pub(crate) fn run(&mut self, round: usize) -> Result<(), Failure> {
        let rests = self.slow && !round.is_multiple_of(SLOW_EVERY);
        if self.absence.is_none() && !rests {
            let measurement = self.measure()?;
            self.samples.add(measurement);
        }
        Ok(())
    }

    fn measure(&self) -> Result<Measurement, Failure> {
        // Cold: nothing that an earlier run may have kept is there.
        let emptied = if self.warm {
            &[][..]
        } else {
            &["cache", "runtime", "state"]
        };
        for folder in emptied {
            let path = self.sandbox.root().join(folder);
            std::fs::remove_dir_all(&path)?;
            std::fs::create_dir(&path)?;
        }
        let words: Vec<_> = self.words.iter().map(String::as_str).collect();
        Measurement::of(self.measurer()?, &words)
    }

    fn measurer(&self) -> Result<Invocation, Failure> {
        let variables = self.variables.iter().map(|(name, value)| (*name, value));
        let own = std::env::current_exe()?;
        let measurer = match self.around.split_first() {
            Some((program, words)) => self.sandbox.command(program).args(words).args([own]),
            None => self.sandbox.command(own),
        };
        Ok(measurer.env("PATH", "/usr/bin:/bin").envs(variables))
    }
}
