/// A number that is to be reached, and what was measured.
#[derive(Debug)]
pub(crate) struct Target {
    what: &'static str,
    limit: Limit,
    measured: f64,
    unit: &'static str,
}

#[derive(Debug, Clone, Copy)]
enum Limit {
    AtMost(f64),
    AtLeast(f64),
}

impl Target {
    pub(crate) fn at_most(what: &'static str, limit: f64, measured: f64, unit: &'static str) -> Self {
        Self {
            what,
            limit: Limit::AtMost(limit),
            measured,
            unit,
        }
    }

    pub(crate) fn at_least(what: &'static str, limit: f64, measured: f64, unit: &'static str) -> Self {
        Self {
            what,
            limit: Limit::AtLeast(limit),
            measured,
            unit,
        }
    }

    pub(crate) fn what(&self) -> &'static str {
        self.what
    }

    /// The verdict, from the number as measured and not as rounded for the reader.
    pub(crate) fn verdict(&self) -> String {
        let Self { measured, unit, .. } = self;
        let (reached, relation, limit) = match self.limit {
            Limit::AtMost(limit) => (*measured <= limit, "at most", limit),
            Limit::AtLeast(limit) => (*measured >= limit, "at least", limit),
        };
        if measured.is_nan() {
            return format!("not measured; {relation} {limit}{unit} is wanted");
        }
        let measured = significant(*measured);
        if reached {
            format!("reached: {measured}{unit}, {relation} {limit}{unit} is wanted")
        } else {
            format!("not reached: {measured}{unit} instead of {relation} {limit}{unit}")
        }
    }
}

/// As many decimals as the size of a number makes worth reading.
fn significant(number: f64) -> String {
    match number.abs() {
        size if size >= 100.0 => format!("{number:.0}"),
        size if size >= 10.0 => format!("{number:.1}"),
        _ => format!("{number:.2}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_verdict_is_what_was_measured() {
        let cpu = |measured| Target::at_most("", 1.0, measured, "×").verdict();
        assert_eq!(cpu(0.744), "reached: 0.74×, at most 1× is wanted");
        assert_eq!(cpu(1.4), "not reached: 1.40× instead of at most 1×");
        assert_eq!(cpu(1.001), "not reached: 1.00× instead of at most 1×");
        assert_eq!(cpu(f64::NAN), "not measured; at most 1× is wanted");

        let wall = |measured| Target::at_least("", 100.0, measured, "×").verdict();
        assert_eq!(wall(123.4), "reached: 123×, at least 100× is wanted");
        assert_eq!(wall(56.78), "not reached: 56.8× instead of at least 100×");
    }
}
