use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use rolewrap_lab::{Sandbox, StsStub};

use crate::Failure;
use crate::bench::variables::{ROLE, TRUE, variables};
use crate::bench::{StsEndpoint, Target};

/// As many start at once.
const RUNS: u32 = 200;
/// So many rounds, each of which measures all three after one another: what else the machine does changes from second to
/// second.
const ROUNDS: usize = 15;

/// Many cold runs that want the same session, beside one of them and beside as many starts of the program.
#[derive(Debug)]
pub(crate) struct AtOnce {
    /// The wall time of all beside that of one and the starts, of each round, the least first.
    ratios: Vec<f64>,
    calls: usize,
}

impl AtOnce {
    pub(crate) fn measure(rolewrap: &Path) -> Result<Self, Failure> {
        let (mut ratios, mut most_calls) = (Vec::new(), 0);
        for _ in 0..ROUNDS {
            let (one, calls_of_one) = cold(1, rolewrap)?;
            let starts = together(RUNS, &Sandbox::new(), rolewrap, &["--version"])?;
            let (all, calls) = cold(RUNS, rolewrap)?;
            most_calls = most_calls.max(calls_of_one).max(calls);
            ratios.push(all.as_secs_f64() / (one + starts).as_secs_f64());
        }
        ratios.sort_by(f64::total_cmp);
        Ok(Self {
            ratios,
            calls: most_calls,
        })
    }

    pub(crate) fn targets(&self) -> [Target; 2] {
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
                self.ratios[ROUNDS / 2],
                "×",
            ),
        ]
    }
}

/// So many runs with an empty cache and a stub that has not been asked: how long they take, and its calls.
fn cold(count: u32, rolewrap: &Path) -> Result<(Duration, usize), Failure> {
    let (machine, stub) = (Sandbox::new(), StsStub::start()?);
    let endpoint = StsEndpoint {
        url: stub.url(),
        bundle: None,
    };
    let machine = machine.envs(variables(&endpoint));
    let under_the_role = ["--iam-role", ROLE, "exec", "--", TRUE];
    let took = together(count, &machine, rolewrap, &under_the_role)?;
    Ok((took, stub.count()))
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
