use std::fmt::Write;

use crate::bench::{Contender, Target};

/// The contenders with their medians, as text. The last column is the ratio of wall times to the first contender that
/// makes the same call as `reference`.
pub(crate) fn contenders(contenders: &[Contender], reference: &str) -> String {
    let base = contenders
        .iter()
        .find(|contender| contender.name() == reference)
        .map_or(f64::NAN, |contender| contender.samples().wall());
    let width = contenders
        .iter()
        .map(|contender| contender.name().chars().count())
        .max()
        .unwrap_or(0);
    let mut text = format!(
        "{:width$} {:>11} {:>11} {:>11} {:>9} {:>5}\n",
        "", "wall", "CPU", "peak", "wall", "runs"
    );
    for contender in contenders {
        let name = contender.name();
        // Writing to a string cannot fail.
        let _ = match contender.absence() {
            Some(reason) => writeln!(text, "{name:width$} {reason}"),
            None => writeln!(text, "{name:width$} {}", numbers(contender, base)),
        };
    }
    text
}

fn numbers(contender: &Contender, base: f64) -> String {
    let samples = contender.samples();
    format!(
        "{:>8.2} ms {:>8.2} ms {:>7.1} MiB {:>8.2}× {:>5}",
        samples.wall(),
        samples.cpu(),
        samples.peak(),
        samples.wall() / base,
        samples.count(),
    )
}

/// The targets with their verdicts, as text.
pub(crate) fn targets(targets: &[Target]) -> String {
    let width = targets
        .iter()
        .map(|target| target.what().chars().count())
        .max()
        .unwrap_or(0);
    targets.iter().fold(String::new(), |mut text, target| {
        // Writing to a string cannot fail.
        let _ = writeln!(text, "{:width$}  {}", target.what(), target.verdict());
        text
    })
}
