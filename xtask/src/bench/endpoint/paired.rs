use crate::bench::{Contender, Samples};

/// Two commands that ran in turn, and how the wall times of each round compare.
#[derive(Debug, Clone, Copy)]
pub(super) struct Paired {
    pub(super) median: f64,
    /// Where the median of many more rounds would lie, in 19 of 20 cases.
    pub(super) between: (f64, f64),
}

impl Paired {
    /// The wall time of the one in that of the other.
    pub(super) fn ratio(of: &Contender, to: &Contender) -> Self {
        Self::over(of.samples(), to.samples(), |of, to| of / to)
    }

    /// By how many milliseconds the one takes longer than the other.
    pub(super) fn difference(of: &Contender, to: &Contender) -> Self {
        Self::over(of.samples(), to.samples(), |of, to| of - to)
    }

    fn over(of: &Samples, to: &Samples, compare: fn(f64, f64) -> f64) -> Self {
        let values = of.walls().zip(to.walls());
        Self::of(values.map(|(of, to)| compare(of, to)).collect())
    }

    /// Where one of them is missing.
    pub(super) fn none() -> Self {
        Self::of(Vec::new())
    }

    /// The interval is that of the sign test: it needs nothing to be known of how the noise is distributed.
    fn of(mut values: Vec<f64>) -> Self {
        values.sort_by(f64::total_cmp);
        let at = |place: usize| values.get(place).copied().unwrap_or(f64::NAN);
        #[expect(
            clippy::cast_precision_loss,
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "there are some dozens of rounds"
        )]
        let margin = (0.98 * (values.len() as f64).sqrt()).ceil() as usize;
        let (last, middle) = (values.len().saturating_sub(1), values.len() / 2);
        Self {
            median: f64::midpoint(at(last / 2), at(middle)),
            between: (at(middle.saturating_sub(margin)), at((middle + margin).min(last))),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_interval_is_narrow_where_the_rounds_agree_and_lies_around_the_median() {
        let paired = Paired::of((0..100).map(f64::from).collect());
        assert!((paired.median - 49.5).abs() < 1e-9, "{paired:?}");
        assert_eq!(paired.between, (40.0, 60.0));
        let agreeing = Paired::of(vec![1.0; 20]);
        assert_eq!(agreeing.between, (1.0, 1.0));
    }

    #[test]
    fn without_rounds_nothing_was_measured() {
        assert!(Paired::of(Vec::new()).median.is_nan());
    }
}
