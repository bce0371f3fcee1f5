use std::fmt::Write;

use crate::bench::{Contender, Samples};

const NAMES_WIDTH: f64 = 250.0;
const PANEL_WIDTH: f64 = 170.0;
/// Between panels, where the last value of a panel is written.
const GAP: f64 = 70.0;
const TOP: f64 = 76.0;
const ROW: f64 = 26.0;
const OURS: &str = "#0b6e4f";
const OTHERS: &str = "#6b7280";

/// One quantity, on a logarithmic axis of its own: the contenders lie three orders of magnitude apart.
struct Panel {
    title: &'static str,
    unit: &'static str,
    value: fn(&Samples) -> f64,
}

const PANELS: [Panel; 3] = [
    Panel {
        title: "wall time",
        unit: "ms",
        value: Samples::wall,
    },
    Panel {
        title: "processor time",
        unit: "ms",
        value: Samples::cpu,
    },
    Panel {
        title: "peak memory",
        unit: "MiB",
        value: Samples::peak,
    },
];

/// Draws the medians as SVG.
pub(crate) fn svg(title: &str, contenders: &[Contender]) -> String {
    let shown: Vec<_> = contenders
        .iter()
        .filter(|contender| contender.absence().is_none())
        .collect();
    let width = NAMES_WIDTH + 3.0 * (PANEL_WIDTH + GAP);
    let bottom = (0..shown.len()).fold(TOP, |bottom, _| bottom + ROW);
    let height = bottom + 34.0;
    let mut drawing = Drawing(format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {width} {height}\" width=\"{width}\" \
         height=\"{height}\" font-family=\"system-ui, sans-serif\" font-size=\"13\">\n\
         <rect width=\"100%\" height=\"100%\" fill=\"#ffffff\"/>\n"
    ));
    drawing.text(
        16.0,
        28.0,
        "start",
        "#111827\" font-weight=\"600\" font-size=\"15",
        title,
    );
    let rows = || std::iter::successors(Some(TOP + ROW / 2.0), |y| Some(y + ROW));
    for (y, contender) in rows().zip(&shown) {
        drawing.text(16.0, y + 4.0, "start", colour(contender), contender.name());
    }
    let mut left = NAMES_WIDTH;
    for panel in &PANELS {
        let values: Vec<_> = shown
            .iter()
            .map(|contender| (panel.value)(contender.samples()))
            .collect();
        let axis = Axis::over(&values);
        drawing.frame(panel, &axis, left, bottom);
        for ((y, contender), value) in rows().zip(&shown).zip(&values) {
            drawing.value(left, left + axis.place(*value), y, colour(contender), *value);
        }
        left += PANEL_WIDTH + GAP;
    }
    drawing.0 + "</svg>\n"
}

fn colour(contender: &Contender) -> &'static str {
    if contender.name().starts_with("rolewrap") {
        OURS
    } else {
        OTHERS
    }
}

/// Whole decades around all values.
struct Axis {
    first: i32,
    last: i32,
}

impl Axis {
    fn over(values: &[f64]) -> Self {
        let smallest = values
            .iter()
            .copied()
            .fold(f64::INFINITY, f64::min)
            .log10()
            .floor();
        let largest = values
            .iter()
            .copied()
            .fold(f64::NEG_INFINITY, f64::max)
            .log10()
            .ceil();
        #[expect(
            clippy::cast_possible_truncation,
            reason = "logarithms of measured values are small"
        )]
        let (first, last) = (smallest as i32, largest as i32);
        Self {
            first,
            last: last.max(first + 1),
        }
    }

    fn place(&self, value: f64) -> f64 {
        PANEL_WIDTH * (value.log10() - f64::from(self.first)) / f64::from(self.last - self.first)
    }
}

struct Drawing(String);

impl Drawing {
    /// The title, the decades and their lines.
    fn frame(&mut self, panel: &Panel, axis: &Axis, left: f64, bottom: f64) {
        let title = format!("{}, {}", panel.title, panel.unit);
        self.text(left, TOP - 14.0, "start", "#111827", &title);
        for decade in axis.first..=axis.last {
            let value = 10_f64.powi(decade);
            let x = left + axis.place(value);
            self.line(x, TOP, x, bottom, "#e5e7eb");
            self.text(
                x,
                bottom + 18.0,
                "middle",
                "#6b7280\" font-size=\"11",
                &value.to_string(),
            );
        }
    }

    fn value(&mut self, left: f64, x: f64, y: f64, colour: &str, value: f64) {
        self.line(left, y, x, y, colour);
        // Writing to a string cannot fail.
        let _ = writeln!(
            self.0,
            "<circle cx=\"{x:.1}\" cy=\"{y:.1}\" r=\"4\" fill=\"{colour}\"/>"
        );
        let digits = usize::from(value < 10.0);
        self.text(x + 8.0, y + 4.0, "start", colour, &format!("{value:.digits$}"));
    }

    fn line(&mut self, x1: f64, y1: f64, x2: f64, y2: f64, colour: &str) {
        let _ = writeln!(
            self.0,
            "<path d=\"M{x1:.1} {y1:.1}L{x2:.1} {y2:.1}\" stroke=\"{colour}\"/>"
        );
    }

    fn text(&mut self, x: f64, y: f64, anchor: &str, fill: &str, text: &str) {
        let text = text.replace('&', "&amp;").replace('<', "&lt;");
        let _ = writeln!(
            self.0,
            "<text x=\"{x:.1}\" y=\"{y:.1}\" text-anchor=\"{anchor}\" fill=\"{fill}\">{text}</text>"
        );
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_axis_spans_whole_decades_around_the_values() {
        let axis = Axis::over(&[0.4, 12.0, 700.0]);
        assert_eq!((axis.first, axis.last), (-1, 3));
        assert!(axis.place(0.1).abs() < 1e-9);
        assert!((axis.place(1000.0) - PANEL_WIDTH).abs() < 1e-9);
        assert!((axis.place(10.0) - PANEL_WIDTH / 2.0).abs() < 1e-9);
    }

    #[test]
    fn values_in_one_decade_still_make_an_axis() {
        let axis = Axis::over(&[10.0, 10.0]);
        assert_eq!((axis.first, axis.last), (1, 2));
    }

    #[test]
    fn names_are_text_and_not_markup() {
        let mut drawing = Drawing(String::new());
        drawing.text(0.0, 0.0, "start", "black", "<a> & b");
        assert!(drawing.0.contains(">&lt;a> &amp; b<"), "{}", drawing.0);
    }
}
