//! The project's own commands: `cargo xtask demo`, `test`, `platforms` and `bench`.

mod bench;
mod cargo;
mod demo;
mod packages;
mod platforms;
mod screen;
mod test;

use std::error::Error;
use std::io::{self, Write};
use std::process::ExitCode;

const USAGE: &str = "\
usage: cargo xtask COMMAND

  demo    run Terraform under an assumed role against a local AWS, and show what each step proves
  test    set up what the tests need, and run all of them
  bench   measure what rolewrap costs beside the other ways to do the same, write docs/benchmark.md, draw docs/benchmark.svg
          and docs/fleet.svg; `bench endpoint` measures and prints what is about the credentials endpoint alone, and
          `bench crowds` what becomes of runs that start at once
  platforms
          check that it compiles for macOS, build it for Windows, and try that out in Wine; needs Linux
";

/// What a command fails with: a text for a person.
type Failure = Box<dyn Error>;

fn main() -> ExitCode {
    let words: Vec<_> = std::env::args().skip(1).collect();
    let words: Vec<_> = words.iter().map(String::as_str).collect();
    let result = match words[..] {
        ["demo"] => demo::run(),
        ["test"] => test::run(),
        ["platforms"] => platforms::run(),
        ["bench"] => bench::run(),
        ["bench", "endpoint"] => bench::run_endpoint(),
        ["bench", "crowds"] => bench::crowds("release"),
        // Without the minutes that a release takes to build, and slower.
        ["bench", "crowds", "debug"] => bench::crowds("dev"),
        // Not for people: the benchmark starts itself with these.
        ["measure", ref words @ ..] => bench::Measurement::print(words),
        ["observe", renewals] => bench::observe(renewals),
        _ => Err(USAGE.into()),
    };
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            // With standard error gone, the exit code has to do.
            let _ = writeln!(io::stderr(), "{failure}");
            ExitCode::FAILURE
        }
    }
}

/// Says on standard error what takes a while.
fn announce(what: &str) {
    // Not worth failing for.
    let _ = writeln!(io::stderr(), "{what}");
}
