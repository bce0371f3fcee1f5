use std::time::Duration;

use rolewrap_role::cache::Freshness;

use crate::configuration::{Configuration, truth};
use crate::error::Error;
use crate::run::Run;

/// Where the key of the cache is kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Store {
    /// In the kernel's keyring.
    Kernel,
    /// In the operating system's keyring.
    Keyring,
}

impl Store {
    /// The one that needs no other program and asks nobody.
    const AUTOMATIC: Self = if cfg!(target_os = "linux") {
        Self::Kernel
    } else {
        Self::Keyring
    };

    /// Whether another program has the key, and a person behind it: it may take its time to answer.
    pub(super) fn may_wait(self) -> bool {
        self == Self::Keyring
    }
}

/// The `cache` section, with the options and variables beside it.
#[derive(Debug)]
pub(super) struct CacheSettings {
    pub(super) enabled: bool,
    pub(super) refresh: bool,
    pub(super) store: Store,
    /// Down to how much of its life a session is used, where that was said.
    pub(super) freshness: Option<Freshness>,
}

impl CacheSettings {
    pub(super) fn new(run: &Run<'_>, configuration: &Configuration) -> Result<Self, Error> {
        let environment = &*run.system.environment;
        let section = &configuration.settings.cache;
        let is_off = truth(environment, "ROLEWRAP_NO_CACHE")? == Some(true);
        let enabled = match &section.enabled {
            Some(flag) => enabled(&flag.to_string()).ok_or_else(|| {
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
            Some(text) => Some(Freshness::AtLeast(duration(&text.to_string()).ok_or_else(
                || {
                    invalid(
                        configuration,
                        "cache.min_remaining",
                        "is no time",
                        "write it like \"20m\"",
                    )
                },
            )?)),
            None => None,
        };
        Ok(Self {
            enabled: enabled && !is_off,
            refresh: is_refreshed(run)?,
            store: store(configuration)?,
            freshness,
        })
    }
}

/// Whether what is remembered is passed over, and replaced.
pub(crate) fn is_refreshed(run: &Run<'_>) -> Result<bool, Error> {
    let by_variable = truth(&*run.system.environment, "ROLEWRAP_REFRESH")?;
    Ok(run.options.refresh || by_variable == Some(true))
}

fn store(configuration: &Configuration) -> Result<Store, Error> {
    match configuration.settings.cache.store.as_deref() {
        None | Some("auto") => Ok(Store::AUTOMATIC),
        Some("keyring") => Ok(Store::Keyring),
        Some("kernel") if cfg!(target_os = "linux") => Ok(Store::Kernel),
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

fn enabled(text: &str) -> Option<bool> {
    match text.to_ascii_lowercase().as_str() {
        "true" | "on" | "1" => Some(true),
        "false" | "off" | "0" => Some(false),
        _ => None,
    }
}

/// A time like `20m`, or a number of seconds.
fn duration(text: &str) -> Option<Duration> {
    match text.trim().parse() {
        Ok(seconds) => Some(Duration::from_secs(seconds)),
        Err(_) => humantime::parse_duration(text.trim()).ok(),
    }
}

fn invalid(configuration: &Configuration, key: &str, reason: &str, hint: &str) -> Error {
    let value = configuration.values().into_iter().find(|(known, _)| known == key);
    let value = value.map_or_else(String::new, |(_, value)| value);
    Error::new(format!("the value {value} of {key} {reason}"))
        .from(configuration.origin(key))
        .hint(hint)
}
