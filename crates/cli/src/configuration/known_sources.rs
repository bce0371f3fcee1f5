use super::{Configuration, MfaKeys, Origin, SourceSection, WEB_IDENTITY};

/// Kinds of sources that need no configuration. Their kind is also their name, unless a section has it.
const WITHOUT_CONFIGURATION: [(&str, SourceSection); 3] = [
    ("env", SourceSection::Env { mfa: MfaKeys::NONE }),
    (
        "keyring",
        SourceSection::Keyring {
            entry: None,
            timeout: None,
            mfa: MfaKeys::NONE,
        },
    ),
    (
        WEB_IDENTITY,
        SourceSection::WebIdentity {
            provider: None,
            token_file: None,
            token_variable: None,
            audience: None,
        },
    ),
];

impl Configuration {
    /// What is said about the source called `name`, where there is one.
    pub(crate) fn source(&self, name: &str) -> Option<&SourceSection> {
        self.settings.sources.get(name).or_else(|| {
            WITHOUT_CONFIGURATION
                .iter()
                .find(|(built_in, _)| *built_in == name)
                .map(|(_, section)| section)
        })
    }

    /// The names that a source may have, sorted.
    pub(crate) fn source_names(&self) -> Vec<&str> {
        let configured = self.settings.sources.keys().map(String::as_str);
        let built_in = WITHOUT_CONFIGURATION.iter().map(|(name, _)| *name);
        let mut names: Vec<&str> = configured.chain(built_in).collect();
        names.sort_unstable();
        names.dedup();
        names
    }

    /// Where the source called `name` is configured.
    pub(crate) fn source_origin(&self, name: &str) -> Origin {
        if self.settings.sources.contains_key(name) {
            self.origin(&format!("sources.{name}.type"))
        } else {
            Origin::built_in()
        }
    }

    /// Whether one of these sources gives a web identity, with which the first role is asked for.
    pub(crate) fn is_web_identity<Name: AsRef<str>>(&self, order: &[Name]) -> bool {
        order.iter().any(|name| {
            matches!(
                self.source(name.as_ref()),
                Some(SourceSection::WebIdentity { .. })
            )
        })
    }
}

impl SourceSection {
    /// Its type, as a file says it.
    pub(crate) fn kind(&self) -> &'static str {
        match self {
            Self::Env { .. } => "env",
            Self::Keyring { .. } => "keyring",
            Self::Process { .. } => "process",
            Self::Vault(_) => "vault",
            Self::WebIdentity { .. } => "web-identity",
        }
    }
}
