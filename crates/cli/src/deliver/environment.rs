use std::collections::BTreeMap;
use std::ffi::{OsStr, OsString};
use std::path::Path;
use std::sync::Arc;

use rolewrap_core::{Environment, Secret};

use super::identity_variables::{SURROUNDINGS, is_about_identity, is_delivered};
use crate::deliver::SessionVariables;
use crate::host::hidden_profiles::{ENDPOINT_ADDRESS, HiddenProfiles, LOAD_CONFIG, NO_FILE, PROFILES};
use crate::host::outer_session::SESSION;
use crate::host::program::{Command, Started};
use crate::host::{CARRIED, MarkedRegion, SESSION_HIDES, SESSION_REGION, STARTED};
use crate::plan::Delivery;

/// What keeps the command from asking the machine it runs on for that machine's own role. The first is known to AWS's SDKs.
/// Rust's `object_store` does not know it, and asks at the address of the second, where nobody listens.
const NO_METADATA: [(&str, &str); 2] = [
    ("AWS_EC2_METADATA_DISABLED", "true"),
    ("AWS_METADATA_ENDPOINT", "http://127.0.0.1:1"),
];

/// Whether the variable is set for every command, whatever was kept.
pub(crate) fn is_always_set(name: &str) -> bool {
    NO_METADATA.iter().any(|(set, _)| *set == name)
}

/// The environment of the command.
///
/// Names are the keys of a map, so a variable that stood twice in ours stands once in the command's.
pub(crate) struct ChildEnvironment(BTreeMap<OsString, OsString>);

impl ChildEnvironment {
    /// What is inherited of this process's environment.
    #[expect(
        clippy::disallowed_methods,
        reason = "the command's environment is made from the whole of ours"
    )]
    pub(crate) fn inherited_from_process(fed_by: &[String], kept: &[String]) -> Self {
        Self::inherited(std::env::vars_os(), fed_by, kept)
    }

    /// What is inherited of `ours`: everything but what is about AWS identity and `fed_by`, the variables that
    /// fed the source. Those named in `kept` stay.
    fn inherited(
        ours: impl IntoIterator<Item = (OsString, OsString)>,
        fed_by: &[String],
        kept: &[String],
    ) -> Self {
        let removed = |name: &OsStr| {
            let Some(name) = name.to_str() else { return false };
            let is_among = |names: &[String]| names.iter().any(|other| is_same_variable(other, name));
            let as_known = if cfg!(windows) {
                name.to_uppercase()
            } else {
                name.to_owned()
            };
            !is_among(kept)
                && !CARRIED.contains(&&*as_known)
                && (is_about_identity(&as_known) || is_among(fed_by))
        };
        let mut variables = BTreeMap::new();
        let mut hidden = None;
        let mut marked = None;
        for (name, value) in ours {
            if name == SESSION_REGION {
                marked = value.to_str().and_then(MarkedRegion::read);
            }
            if name == SESSION_HIDES {
                hidden = value.to_str().and_then(HiddenProfiles::read);
            }
            if !removed(&name) {
                // The first of two equal names is the one that `getenv` finds.
                variables.entry(name).or_insert(value);
            }
        }
        for (name, value) in NO_METADATA {
            variables.insert(name.into(), value.into());
        }
        let mut environment = Self(variables);
        environment.remove_region(marked.as_ref());
        environment.give_back(hidden.as_ref());
        environment
    }

    /// Gives back the profiles that a run around this one hid from this process.
    fn give_back(&mut self, hidden: Option<&HiddenProfiles>) {
        let Some(hidden) = hidden else { return };
        let given_back: Vec<_> = hidden.given_back(self).collect();
        let given_back = given_back
            .into_iter()
            .map(|(name, before)| (name.to_owned(), before.map(OsString::from)));
        for (name, before) in given_back.collect::<Vec<_>>() {
            match before {
                Some(before) => self.0.insert(name.into(), before),
                None => self.0.remove(OsStr::new(&name)),
            };
        }
    }

    /// Removes the region of a session around this run, which may be that of another account.
    fn remove_region(&mut self, marked: Option<&MarkedRegion>) {
        let Some(marked) = marked else { return };
        self.0.retain(|name, value| {
            let (name, value) = (name.to_str().unwrap_or_default(), value.to_str());
            !value.is_some_and(|value| marked.is_in(name, value))
        });
    }

    /// Hides the user's AWS configuration: for a command that is taken to need no AWS, so that it reaches none under
    /// an identity that nobody chose should it try.
    pub(crate) fn hide_profiles(&mut self, kept: &[String]) {
        self.hide(&PROFILES.map(|name| (name, NO_FILE)), kept);
    }

    /// Sets these variables, but for those that are `kept`, and leaves for runs inside what each was before.
    fn hide(&mut self, variables: &[(&str, &str)], kept: &[String]) {
        let mut hidden = HiddenProfiles::default();
        for (name, now) in variables {
            if !kept.iter().any(|kept| kept == name) {
                hidden.hide(name, now, self.0.get(OsStr::new(name)).cloned());
                self.set(name, now);
            }
        }
        if let Some(mark) = hidden.written() {
            self.set(SESSION_HIDES, &mark);
        }
    }

    /// Leaves for runs inside of `command` that it was started, from `directory`.
    pub(crate) fn remember(&mut self, command: &Command, directory: &Path) {
        let list = self.0.remove(OsStr::new(STARTED)).unwrap_or_default();
        let list = Started::read(&list).with(&command.program, directory);
        if !list.is_empty() {
            self.0.insert(STARTED.into(), list);
        }
    }

    /// Adds marks.
    pub(crate) fn mark(&mut self, marks: Vec<(&'static str, String)>) {
        for (name, value) in marks {
            self.set(name, &value);
        }
    }

    /// What a run inside sees of it, before a session is delivered.
    pub(crate) fn seen_from_inside(&self) -> Arc<dyn Environment> {
        let mut variables = self.0.clone();
        variables.retain(|name, _| !SESSION.iter().any(|session| name == session));
        Arc::new(Self(variables))
    }

    /// Adds what every delivery has: the region, where one is known, and the marks of the session.
    pub(crate) fn surround(&mut self, variables: &SessionVariables<'_>) {
        for name in SURROUNDINGS {
            self.0.remove(OsStr::new(name));
        }
        for (name, value) in variables.surroundings() {
            self.set(name, value);
        }
    }

    /// Adds the address of the credentials endpoint and what to show there. What the SDKs prefer to it is hidden: keys
    /// in variables, and the user's profiles but for those that are `kept`. No proxy is asked for the way there, because
    /// it would be shown the token.
    pub(crate) fn deliver_endpoint(&mut self, url: &str, token: &Secret, kept: &[String]) {
        self.0.retain(|name, _| {
            let name = name.to_str().unwrap_or_default();
            SURROUNDINGS.contains(&name) || !is_delivered(name, Delivery::Endpoint)
        });
        self.set("AWS_CONTAINER_AUTHORIZATION_TOKEN", token.expose());
        // Without the last one, version 2 of the SDK for JavaScript does not look which files were named, and takes those of
        // the user.
        let mut hidden = PROFILES.map(|name| (name, NO_FILE)).to_vec();
        hidden.extend([(ENDPOINT_ADDRESS, url), (LOAD_CONFIG, "1")]);
        self.hide(&hidden, kept);
        self.except_this_machine_from_proxies();
    }

    /// Sets both cases of the variable. Some programs read one, some the other: where one was not set, it gets what the
    /// other one excepts, so that no program asks a proxy that it did not ask before.
    fn except_this_machine_from_proxies(&mut self) {
        let [upper, lower] = ["NO_PROXY", "no_proxy"].map(|name| {
            let hosts = self.0.get(OsStr::new(name)).cloned();
            hosts.filter(|hosts| !hosts.is_empty())
        });
        let by_upper = upper.clone().or_else(|| lower.clone());
        for (name, hosts) in [("NO_PROXY", by_upper), ("no_proxy", lower.or(upper))] {
            let excepted = match hosts {
                // Everything is excepted already, and nothing else may stand beside the asterisk.
                Some(all) if all == "*" => all,
                Some(mut hosts) => {
                    hosts.push(",127.0.0.1,localhost");
                    hosts
                }
                None => "127.0.0.1,localhost".into(),
            };
            self.0.insert(name.into(), excepted);
        }
    }

    /// Adds the session itself, so that every SDK finds it: delivery through the environment.
    pub(crate) fn deliver(&mut self, variables: &SessionVariables<'_>) {
        for (name, value) in variables.pairs() {
            self.set(name, value);
        }
    }

    /// The variables, each name once.
    pub(crate) fn variables(&self) -> impl Iterator<Item = (&OsStr, &OsStr)> {
        self.0
            .iter()
            .map(|(name, value)| (name.as_os_str(), value.as_os_str()))
    }

    fn set(&mut self, name: &str, value: &str) {
        self.0.insert(name.into(), value.into());
    }
}

/// Whether two names are of the same variable. Windows does not tell upper and lower case apart.
fn is_same_variable(one: &str, other: &str) -> bool {
    if cfg!(windows) {
        one.to_uppercase() == other.to_uppercase()
    } else {
        one == other
    }
}

impl Environment for ChildEnvironment {
    fn get(&self, name: &str) -> Option<OsString> {
        self.0.get(OsStr::new(name)).cloned()
    }

    fn names(&self) -> Vec<String> {
        self.0
            .keys()
            .filter_map(|name| Some(name.to_str()?.to_owned()))
            .collect()
    }
}

impl std::fmt::Debug for ChildEnvironment {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_set().entries(self.0.keys()).finish()
    }
}

#[cfg(test)]
mod tests {
    use super::super::identity_variables::IDENTITY;
    use super::*;

    const ALWAYS_SET: [&str; 2] = ["AWS_EC2_METADATA_DISABLED", "AWS_METADATA_ENDPOINT"];

    fn inherited(names: &[&str], fed_by: &[&str], kept: &[&str]) -> Vec<String> {
        let ours = names
            .iter()
            .map(|name| (OsString::from(name), OsString::from("value")));
        let [fed_by, kept] =
            [fed_by, kept].map(|names| names.iter().map(ToString::to_string).collect::<Vec<_>>());
        let environment = ChildEnvironment::inherited(ours, &fed_by, &kept);
        environment
            .variables()
            .map(|(name, _)| name.to_string_lossy().into_owned())
            .collect()
    }

    #[test]
    fn everything_about_an_aws_identity_is_removed() {
        let mut names = IDENTITY.to_vec();
        names.extend([
            "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI",
            "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE",
            "AWS_BEARER_TOKEN_BEDROCK",
            "TG_AUTH_PROVIDER_CMD",
        ]);
        names.extend(["ROLEWRAP_ACCOUNT", "TERRAGRUNT_IAM_ROLE", "TG_IAM_ASSUME_ROLE"]);
        assert_eq!(inherited(&names, &[], &[]), ALWAYS_SET);
    }

    #[test]
    fn what_is_not_about_identity_stays() {
        let names = [
            "AWS_CONFIG_FILE",
            "HOME",
            "PATH",
            "TF_CLI_CONFIG_FILE",
            "TF_VAR_region",
            "VAULT_ADDR",
        ];
        for name in names {
            assert!(inherited(&names, &[], &[]).contains(&name.to_owned()), "{name}");
        }
    }

    #[test]
    fn what_fed_the_source_is_removed_and_what_is_kept_by_name_stays() {
        assert_eq!(
            inherited(
                &["AWS_PROFILE", "VAULT_TOKEN"],
                &["VAULT_TOKEN"],
                &["AWS_PROFILE"]
            ),
            [
                "AWS_EC2_METADATA_DISABLED",
                "AWS_METADATA_ENDPOINT",
                "AWS_PROFILE"
            ]
        );
    }

    #[test]
    fn no_host_is_asked_through_a_proxy_that_was_not_before() {
        let excepted = |ours: &[(&str, &str)]| {
            let ours = ours.iter().map(|(name, value)| (name.into(), value.into()));
            let mut environment = ChildEnvironment::inherited(ours, &[], &[]);
            environment.except_this_machine_from_proxies();
            ["NO_PROXY", "no_proxy"]
                .map(|name| environment.0[OsStr::new(name)].to_string_lossy().into_owned())
        };
        let both = |hosts: &str| [hosts.to_owned(), hosts.to_owned()];
        assert_eq!(excepted(&[]), both("127.0.0.1,localhost"));
        assert_eq!(excepted(&[("NO_PROXY", "a.b")]), both("a.b,127.0.0.1,localhost"));
        assert_eq!(excepted(&[("no_proxy", "a.b")]), both("a.b,127.0.0.1,localhost"));
        assert_eq!(excepted(&[("NO_PROXY", "*"), ("no_proxy", "")]), both("*"));
        let [upper, lower] = excepted(&[("NO_PROXY", "a"), ("no_proxy", "b")]);
        assert_eq!(
            (&*upper, &*lower),
            ("a,127.0.0.1,localhost", "b,127.0.0.1,localhost")
        );
    }

    #[test]
    fn of_a_duplicate_name_the_first_stays() {
        let ours = [("A", "first"), ("A", "second")].map(|(name, value)| (name.into(), value.into()));
        let environment = ChildEnvironment::inherited(ours, &[], &[]);
        assert_eq!(environment.0[OsStr::new("A")], "first");
    }

    #[test]
    fn debug_shows_names_and_no_values() {
        let ours = [(OsString::from("TF_VAR_password"), OsString::from("canary"))];
        assert!(!format!("{:?}", ChildEnvironment::inherited(ours, &[], &[])).contains("canary"));
    }
}
