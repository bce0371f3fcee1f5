use crate::bench::Measurement;

/// All measurements of one contender. What is reported are medians, which a disturbed run does not move.
#[derive(Debug, Default)]
pub(crate) struct Samples(Vec<Measurement>);

impl Samples {
    pub(crate) fn add(&mut self, measurement: Measurement) {
        self.0.push(measurement);
    }

    pub(crate) fn count(&self) -> usize {
        self.0.len()
    }

    /// Milliseconds from start to end, run by run.
    pub(crate) fn walls(&self) -> impl Iterator<Item = f64> {
        self.0
            .iter()
            .map(|measurement| measurement.wall.as_secs_f64() * 1e3)
    }

    /// Milliseconds from start to end.
    pub(crate) fn wall(&self) -> f64 {
        self.median(|measurement| measurement.wall.as_secs_f64() * 1e3)
    }

    /// Milliseconds of processor time, of the user and of the system.
    pub(crate) fn cpu(&self) -> f64 {
        self.median(|measurement| measurement.cpu.as_secs_f64() * 1e3)
    }

    /// MiB of memory at the highest.
    pub(crate) fn peak(&self) -> f64 {
        #[expect(clippy::cast_precision_loss, reason = "shown with one decimal")]
        self.median(|measurement| measurement.peak as f64 / f64::from(1 << 20))
    }

    fn median(&self, value: impl Fn(&Measurement) -> f64) -> f64 {
        let mut values: Vec<_> = self.0.iter().map(value).collect();
        values.sort_by(f64::total_cmp);
        match (values.len(), values.len() / 2) {
            (0, _) => f64::NAN,
            (count, middle) if count % 2 == 0 => f64::midpoint(values[middle - 1], values[middle]),
            (_, middle) => values[middle],
        }
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    fn samples(walls: &[u64]) -> Samples {
        let mut samples = Samples::default();
        for &wall in walls {
            samples.add(Measurement {
                wall: Duration::from_millis(wall),
                cpu: Duration::from_millis(wall * 2),
                peak: wall << 20,
            });
        }
        samples
    }

    fn same(left: f64, right: f64) -> bool {
        (left - right).abs() < 1e-9
    }

    #[test]
    fn one_disturbed_run_does_not_move_the_median() {
        let samples = samples(&[3, 900, 1, 2, 3]);
        assert!(same(samples.wall(), 3.0), "{samples:?}");
        assert!(same(samples.cpu(), 6.0), "{samples:?}");
        assert!(same(samples.peak(), 3.0), "{samples:?}");
    }

    #[test]
    fn the_median_of_an_even_count_lies_between_the_middle_two() {
        assert!(same(samples(&[1, 2, 4, 100]).wall(), 3.0));
    }
}
