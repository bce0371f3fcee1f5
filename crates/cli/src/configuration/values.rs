//! Values that can be written in more than one way.

use std::time::Duration;

use serde::Deserialize;

/// One source, or several in the order in which they are tried.
#[derive(Debug, Clone, Deserialize)]
#[serde(untagged, expecting = "expected a source's name, or a list of names")]
pub(crate) enum SourceOrder {
    /// One source.
    One(String),
    /// Several, first to last.
    Several(Vec<String>),
}

impl SourceOrder {
    pub(crate) fn names(&self) -> &[String] {
        match self {
            Self::One(name) => std::slice::from_ref(name),
            Self::Several(names) => names,
        }
    }
}

/// A number, or text.
#[derive(Debug, Clone, Deserialize)]
#[serde(untagged, expecting = "expected a number, or text")]
pub(crate) enum Scalar {
    /// A number.
    Number(u64),
    /// Text.
    Text(String),
}

impl Scalar {
    /// The time that it says: a number of seconds, or text like `20m`. `None` where it says none.
    pub(crate) fn duration(&self) -> Option<Duration> {
        let text = self.to_string();
        let text = text.trim();
        match text.parse() {
            Ok(seconds) => Some(Duration::from_secs(seconds)),
            Err(_) => humantime::parse_duration(text).ok(),
        }
    }
}

impl std::fmt::Display for Scalar {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Number(number) => number.fmt(formatter),
            Self::Text(text) => formatter.write_str(text),
        }
    }
}

/// Yes or no.
#[derive(Debug, Clone, Deserialize)]
#[serde(untagged, expecting = "expected true or false")]
pub(crate) enum Flag {
    /// True or false.
    Bool(bool),
    /// The same as text, as a variable gives it.
    Text(String),
}

impl std::fmt::Display for Flag {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Bool(flag) => flag.fmt(formatter),
            Self::Text(text) => formatter.write_str(text),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_is_a_number_of_seconds_or_has_units() {
        let said = |text: &str| Scalar::Text(text.to_owned()).duration();
        let quarter = Some(Duration::from_mins(15));
        for text in ["900", " 900 ", "15m", " 15m\n", "14m 60s"] {
            assert_eq!(said(text), quarter, "{text:?}");
        }
        assert_eq!(Scalar::Number(900).duration(), quarter);
        for text in ["", "soon", "-1", "1.5"] {
            assert_eq!(said(text), None, "{text:?}");
        }
    }
}
