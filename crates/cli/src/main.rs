//! The `rolewrap` program: see the library beside it.

use std::process::ExitCode;

fn main() -> ExitCode {
    rolewrap::main(std::env::args_os().collect())
}
