use rolewrap_core::Environment;
use rolewrap_role::cache::Freshness;

use crate::configuration::Configuration;
use crate::error::Error;
use crate::host::{truth, truth_of};

/// Where the key of the cache is kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum CacheStore {
    /// In the kernel's keyring.
    Kernel,
    /// In the operating system's keyring.
    Keyring,
}

impl CacheStore {
    /// The one that needs no other program and asks nobody.
    const AUTOMATIC: Self = if cfg!(target_os = "linux") {
        Self::Kernel
    } else {
        Self::Keyring
    };

    /// Whether another program has the key, and a person behind it: it may take its time to answer.
    #[cfg(unix)]
    pub(crate) fn may_wait(self) -> bool {
        self == Self::Keyring
    }
}

/// The `cache` section, with the options and variables beside it.
#[derive(Debug, Clone)]
pub(crate) struct CacheSettings {
    pub(crate) enabled: bool,
    pub(crate) store: CacheStore,
    /// Down to how much of its life a session is used, where that was said.
    pub(crate) freshness: Option<Freshness>,
}

impl CacheSettings {
    /// Reads the section. What it says wrong is found before anything is started.
    pub(crate) fn new(configuration: &Configuration, environment: &dyn Environment) -> Result<Self, Error> {
        let section = &configuration.settings.cache;
        let is_off = truth(environment, "ROLEWRAP_NO_CACHE")? == Some(true);
        let enabled = match &section.enabled {
            Some(flag) => truth_of(&flag.to_string()).ok_or_else(|| {
                invalid(
                    configuration,
                    "cache.enabled",
                    "is neither on nor off",
                    "write true or false",
                )
            })?,
            None => true,
        };
        let freshness = match &section.min_remaining {
            Some(text) => Some(Freshness::AtLeast(text.duration().ok_or_else(|| {
                invalid(
                    configuration,
                    "cache.min_remaining",
                    "is not a valid time",
                    "write it like \"20m\"",
                )
            })?)),
            None => None,
        };
        Ok(Self {
            enabled: enabled && !is_off,
            store: store(configuration)?,
            freshness,
        })
    }
}

fn store(configuration: &Configuration) -> Result<CacheStore, Error> {
    match configuration.settings.cache.store.as_deref() {
        None | Some("auto") => Ok(CacheStore::AUTOMATIC),
        Some("keyring") => Ok(CacheStore::Keyring),
        Some("kernel") if cfg!(target_os = "linux") => Ok(CacheStore::Kernel),
        Some("kernel") => Err(invalid(
            configuration,
            "cache.store",
            "is not on this system",
            "write auto or keyring",
        )),
        Some(_) => Err(invalid(
            configuration,
            "cache.store",
            "is no place for the key of the cache",
            "write auto, kernel or keyring",
        )),
    }
}

fn invalid(configuration: &Configuration, key: &str, reason: &str, hint: &str) -> Error {
    let value = configuration.values().into_iter().find(|(known, _)| known == key);
    let value = value.map_or_else(String::new, |(_, value)| value);
    Error::new(format!("the value {value} of {key} {reason}"))
        .from(configuration.origin(key))
        .hint(hint)
}
