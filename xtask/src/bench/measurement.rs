use std::fmt;
use std::io::{self, Write};
use std::process::{Command, Stdio};
use std::str::FromStr;
use std::time::{Duration, Instant};

use rolewrap_lab::Invocation;
use wait4::Wait4;

use crate::Failure;

/// What one run of a command cost, with everything that it started and waited for.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Measurement {
    pub(crate) wall: Duration,
    pub(crate) cpu: Duration,
    /// In bytes.
    pub(crate) peak: u64,
}

impl Measurement {
    /// Measures in a process of its own.
    ///
    /// Until a new process has loaded its program it counts as large as the one that started it, and the kernel keeps
    /// that as its peak. A process that does nothing but measure is small.
    pub(crate) fn of(measurer: Invocation, words: &[&str]) -> Result<Self, Failure> {
        let outcome = measurer.args(["measure"]).args(words).run();
        if outcome.code() == 0 {
            outcome.stdout().parse()
        } else {
            Err(outcome.stderr().trim().into())
        }
    }

    /// The other side of [`of`](Self::of): runs the command and prints what it cost.
    pub(crate) fn print(words: &[&str]) -> Result<(), Failure> {
        let (program, args) = words.split_first().ok_or("usage: measure COMMAND…")?;
        let mut command = Command::new(program);
        command.args(args).stdin(Stdio::null()).stdout(Stdio::null());
        let begin = Instant::now();
        let child = command.spawn().map_err(|error| format!("{program}: {error}"))?;
        let used = child.wait4()?;
        let wall = begin.elapsed();
        if !used.status.success() {
            return Err(format!("{program} ended with {}", used.status).into());
        }
        let measurement = Self {
            wall,
            cpu: used.rusage.utime + used.rusage.stime,
            peak: used.rusage.maxrss,
        };
        Ok(writeln!(io::stdout(), "{measurement}")?)
    }
}

impl fmt::Display for Measurement {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { wall, cpu, peak } = self;
        write!(formatter, "{} {} {peak}", wall.as_nanos(), cpu.as_nanos())
    }
}

impl FromStr for Measurement {
    type Err = Failure;

    fn from_str(text: &str) -> Result<Self, Failure> {
        let numbers: Vec<u64> = text
            .split_whitespace()
            .map(str::parse)
            .collect::<Result<_, _>>()?;
        let &[wall, cpu, peak] = &numbers[..] else {
            return Err(format!("three numbers were expected: {text:?}").into());
        };
        Ok(Self {
            wall: Duration::from_nanos(wall),
            cpu: Duration::from_nanos(cpu),
            peak,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_measurement_is_read_as_it_is_written() {
        let measurement = Measurement {
            wall: Duration::from_micros(1_500),
            cpu: Duration::from_micros(700),
            peak: 4096,
        };
        assert_eq!(
            measurement.to_string().parse::<Measurement>().unwrap(),
            measurement
        );
        "1 2".parse::<Measurement>().unwrap_err();
    }
}
