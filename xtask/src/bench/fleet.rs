use std::fmt::Write;
use std::fs;
use std::process::{Command, Stdio};

use rolewrap_lab::{StsStub, workspace};

use crate::bench::Target;
use crate::cargo::{cargo, expect_success};
use crate::{Failure, announce};

/// As many CI jobs start within one second.
const RUNNERS: u32 = 10_000;
/// As many requests AWS lets through in a second, for an account and region.
const PER_SECOND: u32 = 600;
/// In so many processes, because each has a limit of open connections.
const PROCESSES: u32 = 4;

const WIDTH: f64 = 720.0;
const HEIGHT: f64 = 260.0;
const LEFT: f64 = 64.0;
const TOP: f64 = 56.0;
const BOTTOM: f64 = 40.0;
const CAME: &str = "#9ca3af";
const THROUGH: &str = "#0b6e4f";

/// What became of a fleet that was throttled.
#[derive(Debug)]
pub(crate) struct Fleet {
    succeeded: u32,
    longest_milliseconds: u32,
    /// Of each second: how many requests came, and how many were let through.
    seconds: Vec<(u32, u32)>,
}

impl Fleet {
    /// Lets it run against a stub that throttles, with clients that are built with `profile`.
    pub(crate) fn run(profile: &str) -> Result<Self, Failure> {
        let mut build = cargo();
        build.args([
            "build",
            "--quiet",
            "--package",
            "rolewrap-role",
            "--example",
            "fleet",
        ]);
        build.args(["--profile", profile]);
        build.arg("--target-dir").arg(workspace().join("target"));
        expect_success(&mut build)?;
        let folder = if profile == "dev" { "debug" } else { profile };
        let program = workspace().join("target").join(folder).join("examples/fleet");

        announce(&format!("starting {RUNNERS} runners …"));
        let stub = StsStub::start()?;
        stub.throttle(PER_SECOND);
        let count = (RUNNERS / PROCESSES).to_string();
        let members = (0..PROCESSES).map(|_| {
            let mut member = Command::new(&program);
            member.args([&stub.url(), &count]).stdout(Stdio::piped()).spawn()
        });
        let members = members.collect::<Result<Vec<_>, _>>()?;
        let mut fleet = Self {
            succeeded: 0,
            longest_milliseconds: 0,
            seconds: Vec::new(),
        };
        for member in members {
            let output = String::from_utf8(member.wait_with_output()?.stdout)?;
            let numbers: Vec<u32> = output
                .split_whitespace()
                .map(str::parse)
                .collect::<Result<_, _>>()?;
            let &[succeeded, _, longest] = &numbers[..] else {
                return Err(format!("three numbers were expected: {output:?}").into());
            };
            fleet.succeeded += succeeded;
            fleet.longest_milliseconds = fleet.longest_milliseconds.max(longest);
        }
        fleet.seconds = stub.seconds();
        Ok(fleet)
    }

    pub(crate) fn targets(&self) -> [Target; 3] {
        let requests: u32 = self.seconds.iter().map(|(came, _)| came).sum();
        // A storm would grow, or come back.
        let later = self.seconds.iter().skip(10).map(|(came, _)| *came).max();
        [
            Target::at_least(
                "runners of 10,000 with a session",
                f64::from(RUNNERS),
                self.succeeded.into(),
                "",
            ),
            Target::at_most(
                "requests of each runner",
                6.0,
                f64::from(requests) / f64::from(RUNNERS),
                "",
            ),
            Target::at_most(
                "requests in a second, after ten",
                f64::from(2 * PER_SECOND),
                later.unwrap_or_default().into(),
                "",
            ),
        ]
    }

    /// Draws what came and what was let through, second by second, in `docs/fleet.svg`.
    pub(crate) fn draw(&self) -> Result<(), Failure> {
        fs::write(workspace().join("docs").join("fleet.svg"), self.svg())?;
        announce("drawn in docs/fleet.svg");
        Ok(())
    }

    fn svg(&self) -> String {
        let most = self.seconds.iter().map(|(came, _)| *came).max().unwrap_or(1);
        let scale = (HEIGHT - TOP - BOTTOM) / f64::from(most.max(1));
        let base = HEIGHT - BOTTOM;
        let step = (WIDTH - LEFT - 24.0) / f64::from(u32::try_from(self.seconds.len().max(1)).unwrap_or(1));
        let mut svg = format!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {WIDTH} {HEIGHT}\" width=\"{WIDTH}\" \
             height=\"{HEIGHT}\" font-family=\"system-ui, sans-serif\" font-size=\"12\">\n\
             <rect width=\"100%\" height=\"100%\" fill=\"#ffffff\"/>\n\
             <text x=\"16\" y=\"24\" font-size=\"15\" font-weight=\"600\" fill=\"#111827\">{} runners that start within a \
             second, {PER_SECOND} requests let through per second</text>\n\
             <text x=\"16\" y=\"44\" fill=\"#6b7280\">requests per second: grey came, green was let through; {} have a \
             session, the last after {:.0} s</text>\n",
            RUNNERS,
            self.succeeded,
            f64::from(self.longest_milliseconds) / 1000.0
        );
        let mut x = LEFT;
        for (number, (came, through)) in self.seconds.iter().enumerate() {
            for (count, colour) in [(came, CAME), (through, THROUGH)] {
                let height = f64::from(*count) * scale;
                let _ = writeln!(
                    svg,
                    "<rect x=\"{x:.1}\" y=\"{:.1}\" width=\"{:.1}\" height=\"{height:.1}\" fill=\"{colour}\"/>",
                    base - height,
                    step * 0.8
                );
            }
            if number % 5 == 0 {
                let _ = writeln!(
                    svg,
                    "<text x=\"{:.1}\" y=\"{:.1}\" text-anchor=\"middle\" fill=\"#6b7280\">{number} s</text>",
                    x + step * 0.4,
                    base + 18.0
                );
            }
            x += step;
        }
        for count in [0, PER_SECOND, most] {
            let y = base - f64::from(count) * scale;
            let _ = writeln!(
                svg,
                "<text x=\"{:.1}\" y=\"{:.1}\" text-anchor=\"end\" fill=\"#6b7280\">{count}</text>",
                LEFT - 8.0,
                y + 4.0
            );
        }
        svg + "</svg>\n"
    }
}
