use std::collections::BTreeMap;
use std::ffi::OsString;
use std::fmt;
use std::sync::Arc;

use rolewrap_core::Environment;

/// An environment in which some variables are others than in the one below.
pub(crate) struct ChangedEnvironment {
    below: Arc<dyn Environment>,
    /// `None` for those that are not set.
    changed: BTreeMap<String, Option<OsString>>,
}

impl ChangedEnvironment {
    /// One that is as the one `below` so far.
    pub(crate) fn new(below: Arc<dyn Environment>) -> Self {
        Self {
            below,
            changed: BTreeMap::new(),
        }
    }

    /// The same with `value` for the variable `name`.
    pub(crate) fn with(mut self, name: impl Into<String>, value: OsString) -> Self {
        self.changed.insert(name.into(), Some(value));
        self
    }

    /// The same without the variable `name`.
    pub(crate) fn without(mut self, name: impl Into<String>) -> Self {
        self.changed.insert(name.into(), None);
        self
    }
}

impl Environment for ChangedEnvironment {
    fn get(&self, name: &str) -> Option<OsString> {
        match self.changed.get(name) {
            Some(value) => value.clone(),
            None => self.below.get(name),
        }
    }

    fn names(&self) -> Vec<String> {
        let mut names = self.below.names();
        names.retain(|name| !self.changed.contains_key(name));
        let set = self.changed.iter().filter(|(_, value)| value.is_some());
        names.extend(set.map(|(name, _)| name.clone()));
        names
    }
}

impl fmt::Debug for ChangedEnvironment {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Values may be secret.
        formatter.debug_set().entries(self.changed.keys()).finish()
    }
}
