use rolewrap_core::{Environment, Secret};
use rolewrap_role::{Region, StsSettings};

use crate::configuration::{Configuration, Flag};
use crate::error::Error;
use crate::host::system::System;
use crate::host::{aws_truth_of, variable};

/// How STS is reached, from the `sts` section and the usual proxy variables.
pub(super) fn sts_settings(
    configuration: &Configuration,
    system: &System,
    region: Option<Region>,
) -> Result<StsSettings, Error> {
    let sts = &configuration.settings.sts;
    let environment = &*system.environment;
    // A path in a file starts at that file, and one in a variable where the user is.
    let bundle_from = configuration
        .directory_of("sts.ca_bundle")
        .unwrap_or(&system.directory);
    let flag = |value: &Option<Flag>, key| {
        value
            .as_ref()
            .map_or(Ok(false), |flag| truth(configuration, flag, key))
    };
    let (attempts, usual) = (max_attempts(configuration)?, StsSettings::default());
    Ok(StsSettings {
        region,
        endpoint_url: sts.endpoint_url.clone(),
        use_fips: flag(&sts.use_fips, "sts.use_fips")?,
        use_dual_stack: flag(&sts.use_dual_stack, "sts.use_dual_stack")?,
        use_global_endpoint: use_global_endpoint(configuration)?,
        ca_bundle: sts.ca_bundle.as_ref().map(|bundle| bundle_from.join(bundle)),
        http_proxy: proxy(environment, &["http_proxy", "HTTP_PROXY"])?,
        https_proxy: proxy(environment, &["https_proxy", "HTTPS_PROXY"])?,
        no_proxy: first(environment, &["no_proxy", "NO_PROXY"])?,
        max_attempts: attempts.unwrap_or(usual.max_attempts),
        max_throttled_attempts: attempts.unwrap_or(usual.max_throttled_attempts),
        ..usual
    })
}

fn truth(configuration: &Configuration, flag: &Flag, key: &str) -> Result<bool, Error> {
    match flag {
        Flag::Bool(flag) => Ok(*flag),
        Flag::Text(text) => aws_truth_of(text).ok_or_else(|| {
            Error::new(format!("`{text}` is neither true nor false"))
                .from(configuration.origin(key))
                .hint("write true or false")
        }),
    }
}

fn use_global_endpoint(configuration: &Configuration) -> Result<bool, Error> {
    match configuration.settings.sts.regional_endpoints.as_deref() {
        None | Some("regional") => Ok(false),
        Some("legacy") => Ok(true),
        Some(other) => Err(
            Error::new(format!("`{other}` is not a valid choice of STS endpoints"))
                .from(configuration.origin("sts.regional_endpoints"))
                .hint("write regional or legacy"),
        ),
    }
}

fn max_attempts(configuration: &Configuration) -> Result<Option<u32>, Error> {
    let Some(text) = &configuration.settings.sts.max_attempts else {
        return Ok(None);
    };
    match text.to_string().parse() {
        Ok(attempts) if attempts > 0 => Ok(Some(attempts)),
        _ => Err(Error::new(format!("`{text}` is not a valid number of attempts"))
            .from(configuration.origin("sts.max_attempts"))
            .hint("write a whole number from 1 on")),
    }
}

/// A proxy's URL can hold a password, so it is a secret as a whole.
fn proxy(environment: &dyn Environment, names: &[&str]) -> Result<Option<Secret>, Error> {
    Ok(first(environment, names)?.map(Secret::new))
}

fn first(environment: &dyn Environment, names: &[&str]) -> Result<Option<String>, Error> {
    for name in names {
        if let Some(value) = variable(environment, name)? {
            return Ok(Some(value));
        }
    }
    Ok(None)
}
