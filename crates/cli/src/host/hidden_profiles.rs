use std::collections::BTreeMap;
use std::ffi::OsString;

use base64::Engine;
use base64::engine::general_purpose::STANDARD as BASE64;
use rolewrap_core::Environment;
use serde::{Deserialize, Serialize};

use crate::host::SESSION_HIDES;

/// A file without profiles and keys.
pub(crate) const NO_FILE: &str = if cfg!(windows) { "NUL" } else { "/dev/null" };

/// Where a credentials endpoint is.
pub(crate) const ENDPOINT_ADDRESS: &str = "AWS_CONTAINER_CREDENTIALS_FULL_URI";

/// Whether some SDKs look into the user's configuration at all.
pub(crate) const LOAD_CONFIG: &str = "AWS_SDK_LOAD_CONFIG";

/// Where the user's profiles and keys are looked for in files: by the SDKs, by version 1 of that for Java, and by boto,
/// whose file is also that of other programs.
pub(crate) const PROFILES: [&str; 4] = [
    "AWS_CONFIG_FILE",
    "AWS_SHARED_CREDENTIALS_FILE",
    "AWS_CREDENTIAL_PROFILES_FILE",
    "BOTO_CONFIG",
];

/// The variables with which a run hides the user's profiles from its command, each with the value that it had before: a run
/// inside of that command has sources of its own, which need them.
#[derive(Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub(crate) struct HiddenProfiles(BTreeMap<String, Hidden>);

/// What a variable was set to, and what it was before.
#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Hidden {
    now: String,
    before: Option<String>,
}

impl HiddenProfiles {
    /// Those that the run around this one left.
    pub(crate) fn of(environment: &dyn Environment) -> Option<Self> {
        Self::read(&environment.get(SESSION_HIDES)?.into_string().ok()?)
    }

    /// What a mark says.
    pub(crate) fn read(mark: &str) -> Option<Self> {
        let plain = || serde_json::from_slice(&BASE64.decode(mark).ok()?).ok();
        serde_json::from_str(mark).ok().or_else(plain)
    }

    /// Notes that the variable `name` is set to `now`, and was `before`.
    pub(crate) fn hide(&mut self, name: &str, now: &str, before: Option<OsString>) {
        let before = match before.map(OsString::into_string) {
            // What is not text cannot be written down, and so stays hidden.
            Some(Err(_)) => return,
            Some(Ok(before)) => Some(before),
            None => None,
        };
        let now = now.to_owned();
        self.0.insert(name.to_owned(), Hidden { now, before });
    }

    /// The mark for runs inside.
    pub(crate) fn written(&self) -> Option<String> {
        serde_json::to_string(self).ok().filter(|_| !self.0.is_empty())
    }

    /// Each variable that still has the value it was hidden by, with the one from before.
    pub(crate) fn given_back<'a>(
        &'a self,
        environment: &'a dyn Environment,
    ) -> impl Iterator<Item = (&'a str, Option<&'a str>)> {
        let is_hidden = move |(name, hidden): &(&String, &Hidden)| {
            may_be_hidden(name) && environment.get(name).is_some_and(|now| *now == *hidden.now)
        };
        let hidden = self.0.iter().filter(is_hidden);
        hidden.map(|(name, hidden)| (&**name, hidden.before.as_deref()))
    }
}

/// The variables that hide the profiles of `environment`, but for those that are `kept`, and what they leave for runs inside. The
/// values are plain: some formats have no quotes.
pub(crate) fn hiding(environment: &dyn Environment, kept: &[String]) -> Vec<(&'static str, String)> {
    let mut hidden = HiddenProfiles::default();
    let mut variables = Vec::new();
    for name in PROFILES {
        if !kept.iter().any(|kept| kept == name) {
            hidden.hide(name, NO_FILE, environment.get(name));
            variables.push((name, NO_FILE.to_owned()));
        }
    }
    let mark = hidden.written().map(|mark| BASE64.encode(mark));
    variables.extend(mark.map(|mark| (SESSION_HIDES, mark)));
    variables
}

/// A mark that somebody wrote changes nothing but what rolewrap hides.
fn may_be_hidden(name: &str) -> bool {
    name == ENDPOINT_ADDRESS || name == LOAD_CONFIG || PROFILES.contains(&name)
}

#[cfg(test)]
mod tests {
    use rolewrap_core::FixedEnvironment;

    use super::*;

    #[test]
    fn what_was_hidden_is_given_back_unless_somebody_set_it_again() {
        let mut hidden = HiddenProfiles::default();
        assert_eq!(hidden.written(), None);
        hidden.hide("AWS_CONFIG_FILE", NO_FILE, Some("/home/me/aws config".into()));
        hidden.hide("AWS_SHARED_CREDENTIALS_FILE", NO_FILE, None);
        hidden.hide("AWS_SDK_LOAD_CONFIG", "1", None);
        // Somebody else wrote this.
        hidden.hide("PATH", "/bin", Some("/evil".into()));
        let mark = hidden.written().unwrap();
        let environment: FixedEnvironment = [
            (SESSION_HIDES, &*mark),
            ("AWS_CONFIG_FILE", NO_FILE),
            ("AWS_SHARED_CREDENTIALS_FILE", "/somebody/elses"),
            ("AWS_SDK_LOAD_CONFIG", "1"),
            ("PATH", "/bin"),
        ]
        .into_iter()
        .collect();
        let read = HiddenProfiles::of(&environment).unwrap();
        assert_eq!(read, hidden);
        let given_back: Vec<_> = read.given_back(&environment).collect();
        assert_eq!(
            given_back,
            [
                ("AWS_CONFIG_FILE", Some("/home/me/aws config")),
                ("AWS_SDK_LOAD_CONFIG", None)
            ]
        );
    }

    #[test]
    fn a_mark_that_is_none_gives_nothing_back() {
        for mark in ["", "x", "[]", "{\"AWS_CONFIG_FILE\": 1}"] {
            let environment: FixedEnvironment = [(SESSION_HIDES, mark)].into_iter().collect();
            assert_eq!(HiddenProfiles::of(&environment), None, "{mark}");
        }
    }
}
