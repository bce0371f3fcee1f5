//! The `rolewrap` program: see the library beside it.

use std::process::ExitCode;

fn main() -> ExitCode {
    rolewrap::main(std::env::args_os().skip(1).collect())
}
