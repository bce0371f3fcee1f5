use std::collections::BTreeMap;
use std::ffi::OsString;
use std::fmt;

/// The environment variables that a source or a setting may read, injected so that tests bring their own.
pub trait Environment: fmt::Debug + Send + Sync {
    /// The raw value of `name`, or `None` when it is not set.
    fn get(&self, name: &str) -> Option<OsString>;

    /// The names of all variables that are set, in no particular order. Names that are not UTF-8 are left out.
    fn names(&self) -> Vec<String>;
}

/// A given set of variables, for tests.
///
/// `Debug` shows names only: in a test as in earnest, values may be secrets.
#[derive(Clone, Default)]
pub struct FixedEnvironment(BTreeMap<String, OsString>);

impl<Name: Into<String>, Value: Into<OsString>> FromIterator<(Name, Value)> for FixedEnvironment {
    fn from_iter<Pairs: IntoIterator<Item = (Name, Value)>>(pairs: Pairs) -> Self {
        Self(
            pairs
                .into_iter()
                .map(|(name, value)| (name.into(), value.into()))
                .collect(),
        )
    }
}

impl Environment for FixedEnvironment {
    fn get(&self, name: &str) -> Option<OsString> {
        self.0.get(name).cloned()
    }

    fn names(&self) -> Vec<String> {
        self.0.keys().cloned().collect()
    }
}

impl fmt::Debug for FixedEnvironment {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_set().entries(self.0.keys()).finish()
    }
}
