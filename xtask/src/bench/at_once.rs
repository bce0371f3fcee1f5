use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use rolewrap_lab::{Sandbox, StsStub};

use crate::Failure;
use crate::bench::line_up::{ROLE, TRUE, variables};
use crate::bench::{StsEndpoint, Target};

/// As many start at once.
const RUNS: u32 = 200;
/// Each number is the median of so many.
const ROUNDS: usize = 3;

/// Many cold runs that want the same session, beside one of them and beside as many starts of the program.
#[derive(Debug)]
pub(crate) struct AtOnce {
    one: Duration,
    starts: Duration,
    all: Duration,
    calls: usize,
}

impl AtOnce {
    pub(crate) fn measure(rolewrap: &Path) -> Result<Self, Failure> {
        let under_the_role = ["--iam-role", ROLE, "exec", "--", TRUE];
        let mut calls = 0;
        let mut cold = |count| {
            median(|| {
                // An empty cache, and a stub that has not been asked.
                let (machine, stub) = (Sandbox::new(), StsStub::start()?);
                let endpoint = StsEndpoint {
                    url: stub.url(),
                    bundle: None,
                };
                let machine = machine.envs(variables(&endpoint));
                let took = together(count, &machine, rolewrap, &under_the_role)?;
                calls = calls.max(stub.count());
                Ok(took)
            })
        };
        let (one, all) = (cold(1)?, cold(RUNS)?);
        let starts = median(|| together(RUNS, &Sandbox::new(), rolewrap, &["--version"]))?;
        Ok(Self {
            one,
            starts,
            all,
            calls,
        })
    }

    pub(crate) fn targets(&self) -> [Target; 2] {
        let beside = (self.one + self.starts).as_secs_f64();
        [
            Target::at_most(
                "calls of STS for 200 cold runs at once",
                1.0,
                f64::from(u32::try_from(self.calls).unwrap_or(u32::MAX)),
                "",
            ),
            Target::at_most(
                "their wall time beside one run and 200 starts",
                1.5,
                self.all.as_secs_f64() / beside,
                "×",
            ),
        ]
    }
}

/// Starts the program so many times without waiting, and waits for all.
fn together(count: u32, machine: &Sandbox, program: &Path, words: &[&str]) -> Result<Duration, Failure> {
    let begun = Instant::now();
    let children = (0..count).map(|_| {
        let mut command: Command = machine.command(program).args(words).into_command();
        command
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
    });
    let children = children.collect::<Result<Vec<Child>, _>>()?;
    for mut child in children {
        let status = child.wait()?;
        if !status.success() {
            return Err(format!("{} ended with {status}", program.display()).into());
        }
    }
    Ok(begun.elapsed())
}

fn median(mut measure: impl FnMut() -> Result<Duration, Failure>) -> Result<Duration, Failure> {
    let mut all = (0..ROUNDS).map(|_| measure()).collect::<Result<Vec<_>, _>>()?;
    all.sort_unstable();
    Ok(all[ROUNDS / 2])
}
