//! From settings and variables to a connection.

use std::collections::HashMap;
use std::path::Path;
use std::sync::Mutex;
use std::time::Duration;

use super::address::{Address, checked_path};
use super::connection::Connection;
use super::engine::{KvVersion, VaultEngine};
use super::error::VaultError;
use super::exchange::Exchange;
use super::login_method::VaultLoginMethod;
use super::open_to_all::is_open_to_all;
use super::proxies::Proxies;
use super::settings::VaultSettings;
use super::tls::TlsReady;
use super::variables::Variables;
use crate::Environment;

/// How long a load, a release or a change may take with all of its requests, servers and retries.
pub(super) const LONGEST: Duration = Duration::from_mins(1);
/// How long one request may take where nobody says so. The AWS engine waits for IAM meanwhile.
const DEFAULT_TIMEOUT: Duration = Duration::from_secs(15);

/// Checks what needs no server, file or variable.
pub(super) fn check(settings: &VaultSettings) -> Result<(), VaultError> {
    configured_addresses(settings)?;
    if settings.timeout.is_some_and(|timeout| timeout > LONGEST) {
        return Err(VaultError::invalid(
            "timeout",
            format!(
                "it is longer than the {} seconds in which a whole load ends",
                LONGEST.as_secs()
            ),
        ));
    }
    match &settings.engine {
        VaultEngine::Kv {
            mount,
            path,
            kv_version,
            version,
            ..
        } => {
            checked_path(mount, "mount")?;
            checked_path(path, "path")?;
            if version.is_some() && *kv_version == KvVersion::V1 {
                return Err(VaultError::invalid(
                    "version",
                    "version 1 of the key-value engine has no versions of a secret",
                ));
            }
        }
        VaultEngine::Aws { mount, role, .. } => {
            checked_path(mount, "mount")?;
            checked_path(role, "role")?;
        }
    }
    match &settings.login {
        VaultLoginMethod::Token { .. } => Ok(()),
        VaultLoginMethod::UserPass { mount, username, .. }
        | VaultLoginMethod::Ldap { mount, username, .. } => {
            checked_path(username, "username")?;
            checked_path(mount, "mount")
        }
        VaultLoginMethod::AppRole { mount, .. }
        | VaultLoginMethod::Kubernetes { mount, .. }
        | VaultLoginMethod::Jwt { mount, .. }
        | VaultLoginMethod::Cert { mount, .. } => checked_path(mount, "mount"),
    }
}

/// The connection, with all that its settings name read. Relative paths in variables begin at `directory`.
pub(super) fn connect(
    settings: &VaultSettings,
    environment: &dyn Environment,
    directory: &Path,
) -> Result<Connection, VaultError> {
    check(settings)?;
    let variables = Variables(environment);
    let namespace = match &settings.namespace {
        Some(namespace) => Some(namespace.clone()),
        None => variables.text("NAMESPACE")?.map(|(namespace, _)| namespace),
    };
    let exchange = Exchange {
        tls: TlsReady::read(&settings.tls, &variables, directory)?,
        proxies: Proxies::read(&variables)?,
        namespace,
        timeout: timeout(settings, &variables)?,
        clients: Mutex::new(HashMap::new()),
    };
    Ok(Connection::new(addresses(settings, &variables)?, exchange))
}

/// What makes the way to the server, or what is needed there, less safe than it looks.
pub(super) fn warnings(settings: &VaultSettings, environment: &dyn Environment) -> Vec<String> {
    let variables = Variables(environment);
    // What cannot be read is an error when the server is asked.
    let addresses = addresses(settings, &variables).unwrap_or_default();
    let in_the_clear = addresses
        .iter()
        .filter(|address| !address.is_tls() && !address.is_this_machine());
    let mut warnings: Vec<String> = in_the_clear
        .map(|address| format!("{address} is not encrypted: whoever is on the way can read the key"))
        .collect();
    if addresses.iter().any(Address::is_tls) && variables.truth("SKIP_VERIFY").unwrap_or_default() {
        warnings.push(
            "certificates are not verified (BAO_SKIP_VERIFY or VAULT_SKIP_VERIFY): anybody can answer in the server's place"
                .to_owned(),
        );
    }
    let login = settings.login.lasting_file();
    let client_key = settings
        .tls
        .client_key
        .as_deref()
        .map(|path| ("client_key", path));
    for (key, path) in login.into_iter().chain(client_key) {
        if is_open_to_all(path) {
            warnings.push(format!(
                "{} ({key}) can be read by every user of this machine: take that right away, with chmod 600",
                path.display()
            ));
        }
    }
    warnings
}

fn addresses(settings: &VaultSettings, variables: &Variables<'_>) -> Result<Vec<Address>, VaultError> {
    let configured = configured_addresses(settings)?;
    if !configured.is_empty() {
        return Ok(configured);
    }
    match variables.text("ADDR")? {
        Some((address, variable)) => Ok(vec![Address::parse(&address, &variable)?]),
        None => Err(VaultError::invalid(
            "address",
            "there is no address, and neither BAO_ADDR nor VAULT_ADDR is set",
        )),
    }
}

fn configured_addresses(settings: &VaultSettings) -> Result<Vec<Address>, VaultError> {
    let addresses = &settings.addresses;
    let key = if addresses.len() > 1 {
        "addresses"
    } else {
        "address"
    };
    addresses
        .iter()
        .map(|address| Address::parse(address, key))
        .collect()
}

fn timeout(settings: &VaultSettings, variables: &Variables<'_>) -> Result<Duration, VaultError> {
    if let Some(timeout) = settings.timeout {
        return Ok(timeout);
    }
    let Some((text, variable)) = variables.text("CLIENT_TIMEOUT")? else {
        return Ok(DEFAULT_TIMEOUT);
    };
    match text.strip_suffix('s').unwrap_or(&text).parse() {
        Ok(seconds) if seconds > 0 => Ok(Duration::from_secs(seconds)),
        _ => Err(VaultError::invalid(
            &variable,
            format!("{variable} is not a number of seconds"),
        )),
    }
}
