mod at_once;
mod contender;
#[cfg(target_os = "linux")]
mod endpoint;
#[cfg(not(target_os = "linux"))]
#[path = "no_endpoint.rs"]
mod endpoint;
mod fleet;
mod line_up;
mod measurement;
mod plot;
mod samples;
mod stores;
mod sts_endpoint;
mod table;
mod target;
mod variables;
mod wrappers;

use std::fs;
use std::io::{self, Write};
use std::path::Path;

use rolewrap_lab::workspace;

pub(crate) use contender::Contender;
pub(crate) use endpoint::observe;
pub(crate) use fleet::Fleet;
pub(crate) use measurement::Measurement;
pub(crate) use samples::Samples;
pub(crate) use sts_endpoint::StsEndpoint;
pub(crate) use target::Target;

use crate::bench::at_once::AtOnce;
use crate::bench::endpoint::Endpoint;
use crate::bench::line_up::{
    BARE, C_PROGRAM, COLD_HTTP, COLD_TLS, CURL_HTTP, CURL_TLS, SCRIPT, VERSION, WARM,
};
use crate::bench::stores::{KEYRING, SECRET_TOOL, VAULT, VAULT_CURL};
use crate::cargo::build_rolewrap;
use crate::{Failure, announce};

const ROUNDS: usize = 40;
/// In megabytes of ten to the sixth.
const BINARY_LIMIT: f64 = 12.0;

/// Measures what rolewrap costs beside the other ways to do the same, prints it and draws it.
pub(crate) fn run() -> Result<(), Failure> {
    announce("building the release binary, which takes some minutes the first time …");
    let rolewrap = build_rolewrap("release")?;
    let folder = tempfile::tempdir()?;
    let stubs = sts_endpoint::Stubs::start(folder.path())?;
    let stores = stores::Stores::start()?;
    let mut contenders = line_up::line_up(&rolewrap, folder.path(), &stubs.http, &stubs.tls)?;
    contenders.extend(stores.line_up(&rolewrap, &stubs.http, &stubs.tls));

    announce(&format!("measuring {ROUNDS} rounds …"));
    contenders.iter_mut().for_each(Contender::warm_up);
    for round in 0..ROUNDS {
        // In turn, so that whatever else the machine does meets all of them.
        contenders
            .iter_mut()
            .try_for_each(|contender| contender.run(round))?;
    }

    announce("measuring the credentials endpoint …");
    let endpoint = Endpoint::measure(&rolewrap, folder.path(), &stubs)?;
    announce("measuring 200 runs at once …");
    let at_once = AtOnce::measure(&rolewrap)?;
    let fleet = Fleet::run("release")?;

    let mut targets = targets(&contenders, &rolewrap)?;
    targets.extend(endpoint.targets());
    targets.extend(at_once.targets());
    targets.extend(fleet.targets());
    report(&contenders, &endpoint, &targets)?;
    draw(&contenders)?;
    fleet.draw()
}

/// Measures only what becomes of runs that start at once and of a fleet, with programs that are built with `profile`, and
/// draws the fleet.
pub(crate) fn crowds(profile: &str) -> Result<(), Failure> {
    let at_once = AtOnce::measure(&build_rolewrap(profile)?)?;
    let fleet = Fleet::run(profile)?;
    let targets: Vec<_> = at_once.targets().into_iter().chain(fleet.targets()).collect();
    write!(io::stdout(), "{}", table::targets(&targets))?;
    fleet.draw()
}

/// Measures the credentials endpoint alone, and prints that.
pub(crate) fn run_endpoint() -> Result<(), Failure> {
    let rolewrap = build_rolewrap("release")?;
    let folder = tempfile::tempdir()?;
    let stubs = sts_endpoint::Stubs::start(folder.path())?;
    let endpoint = Endpoint::measure(&rolewrap, folder.path(), &stubs)?;
    let (text, targets) = (endpoint.text(), table::targets(&endpoint.targets()));
    Ok(write!(io::stdout(), "{text}\n{targets}")?)
}

fn targets(contenders: &[Contender], rolewrap: &Path) -> Result<Vec<Target>, Failure> {
    let of = |name: &str, value: fn(&Samples) -> f64| {
        let found = contenders.iter().find(|contender| contender.name() == name);
        found.map_or(f64::NAN, |contender| value(contender.samples()))
    };
    #[expect(clippy::cast_precision_loss, reason = "shown with two decimals")]
    let binary = fs::metadata(rolewrap)?.len() as f64 / 1e6;
    Ok(vec![
        Target::at_most(
            "CPU, cold, beside curl's, http",
            1.0,
            of(COLD_HTTP, Samples::cpu) / of(CURL_HTTP, Samples::cpu),
            "×",
        ),
        Target::at_most(
            "CPU, cold, beside curl's, TLS",
            1.0,
            of(COLD_TLS, Samples::cpu) / of(CURL_TLS, Samples::cpu),
            "×",
        ),
        Target::at_least(
            "wall time of the aws script beside ours",
            100.0,
            of(SCRIPT, Samples::wall) / of(COLD_HTTP, Samples::wall),
            "×",
        ),
        Target::at_most(
            "--version, longer than a C program's start",
            3.0,
            of(VERSION, Samples::wall) - of(C_PROGRAM, Samples::wall),
            " ms",
        ),
        Target::at_most(
            "wall time with Vault beside curl's two requests",
            1.3,
            of(VAULT, Samples::wall) / of(VAULT_CURL, Samples::wall),
            "×",
        ),
        Target::at_most(
            "with the keyring, longer than secret-tool",
            5.0,
            of(KEYRING, Samples::wall) - of(SECRET_TOOL, Samples::wall),
            " ms",
        ),
        Target::at_most(
            "warm, longer than the bare command",
            5.0,
            of(WARM, Samples::wall) - of(BARE, Samples::wall),
            " ms",
        ),
        Target::at_most("peak memory, http", 16.0, of(COLD_HTTP, Samples::peak), " MiB"),
        Target::at_most("peak memory, TLS", 16.0, of(COLD_TLS, Samples::peak), " MiB"),
        Target::at_most("release binary", BINARY_LIMIT, binary, " MB"),
    ])
}

fn report(contenders: &[Contender], endpoint: &Endpoint, targets: &[Target]) -> Result<(), Failure> {
    let table = table::contenders(contenders, COLD_HTTP);
    let (endpoint, targets) = (endpoint.text(), table::targets(targets));
    let text = format!(
        "{table}\nMedians of alternating runs; the ratio is to the wall time of \"{COLD_HTTP}\". CPU is user and system, of\n\
         everything that was started. STS is a stub on this machine, and its time is in the wall time of all that ask it.\n\
         A peak below that of the C program cannot be seen: it is that of the process that measures.\n\n\
         {endpoint}\n{targets}",
    );
    write!(io::stdout(), "{text}")?;
    let page = format!(
        "# What it costs\n\nWritten by `cargo xtask bench`, which measures it on your machine.\n\n\
         ![Wall time, processor time and memory of one command under a role](benchmark.svg)\n\n\
         ```text\n{text}```\n"
    );
    Ok(fs::write(workspace().join("docs").join("benchmark.md"), page)?)
}

fn draw(contenders: &[Contender]) -> Result<(), Failure> {
    let path = workspace().join("docs").join("benchmark.svg");
    let title = "One command under a role, cold: medians of alternating runs, logarithmic axes";
    fs::create_dir_all(workspace().join("docs"))?;
    fs::write(&path, plot::svg(title, contenders))?;
    announce("written to docs/benchmark.md, and drawn in docs/benchmark.svg");
    Ok(())
}
