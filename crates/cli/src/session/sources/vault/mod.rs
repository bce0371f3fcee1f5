//! Vault sources: from a section of the configuration to the library's settings, and what to do about errors.

mod hint;
mod login;

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use rolewrap_core::{
    AwsEndpoint, KvVersion, Prompt, SourceError, VaultEngine, VaultFields, VaultLoginMethod, VaultSettings,
    VaultSource, VaultTls,
};

use crate::configuration::{Configuration, Scalar, VaultSection};
use crate::error::Error;
use crate::host::system::System;

pub(super) use hint::hint;

/// The source called `name`, checked as far as that needs nobody else.
pub(super) fn build(
    name: &str,
    section: &VaultSection,
    configuration: &Configuration,
    system: &System,
    prompt: &Arc<dyn Prompt>,
) -> Result<VaultSource, Error> {
    let settings = Section {
        name,
        keys: section,
        configuration,
    }
    .settings()?;
    let source = VaultSource::new(name, settings, system.environment.clone(), system.clock.clone())
        .with_prompt(prompt.clone())
        .with_directory(&system.directory);
    source.check().map_err(|error| {
        let invalid = Error::new(format!("the source `{name}` cannot be used")).cause(error.reason());
        let invalid = match &error {
            SourceError::InvalidConfiguration { key, .. } => {
                invalid.from(configuration.origin(&format!("sources.{name}.{key}")))
            }
            _ => invalid,
        };
        invalid.hint(hint(&error, section))
    })?;
    Ok(source)
}

struct Section<'a> {
    name: &'a str,
    keys: &'a VaultSection,
    configuration: &'a Configuration,
}

impl Section<'_> {
    fn settings(&self) -> Result<VaultSettings, Error> {
        let section = self.keys;
        let addresses = match (&section.address, &section.addresses) {
            (Some(_), Some(_)) => {
                return Err(self.invalid(
                    "addresses",
                    "it has an address and addresses",
                    "keep one of the two",
                ));
            }
            (Some(address), None) => vec![address.clone()],
            (None, Some(addresses)) => addresses.clone(),
            (None, None) => Vec::new(),
        };
        Ok(VaultSettings {
            addresses,
            namespace: section.namespace.clone(),
            engine: self.engine()?,
            login: match &section.auth {
                Some(auth) => self.login(auth)?,
                None => VaultLoginMethod::Token { token_file: None },
            },
            tls: VaultTls {
                ca_cert: self.file(section.ca_cert.as_ref(), "ca_cert"),
                client_cert: self.file(section.client_cert.as_ref(), "client_cert"),
                client_key: self.file(section.client_key.as_ref(), "client_key"),
                server_name: section.tls_server_name.clone(),
            },
            timeout: section
                .timeout
                .as_ref()
                .map(|timeout| self.timeout(timeout))
                .transpose()?,
        })
    }

    fn engine(&self) -> Result<VaultEngine, Error> {
        match self.keys.engine.as_deref() {
            None | Some("kv") => self.kv_engine(),
            Some("aws") => self.aws_engine(),
            Some(other) => Err(self.invalid(
                "engine",
                &format!("`{other}` is not an engine that keys can come from"),
                "write kv or aws",
            )),
        }
    }

    fn kv_engine(&self) -> Result<VaultEngine, Error> {
        let section = self.keys;
        self.refuse_misplaced(&[(section.role.is_some(), "role")], "key-value")?;
        let path_hint = "name the secret's path below the mount";
        let version = section.version.as_ref();
        let version = version.map(|version| self.number(version, "version"));
        Ok(VaultEngine::Kv {
            mount: self.mount("secret"),
            path: self.needed(section.path.as_ref(), "path", path_hint)?,
            kv_version: self.kv_version()?,
            version: version.transpose()?,
            fields: VaultFields {
                access_key_id: section.fields.access_key_id.clone(),
                secret_access_key: section.fields.secret_access_key.clone(),
                session_token: section.fields.session_token.clone(),
            },
        })
    }

    fn aws_engine(&self) -> Result<VaultEngine, Error> {
        let section = self.keys;
        let keys = [
            (section.path.is_some(), "path"),
            (section.kv_version.is_some(), "kv_version"),
            (section.version.is_some(), "version"),
            (section.fields.access_key_id.is_some(), "fields"),
        ];
        self.refuse_misplaced(&keys, "AWS")?;
        let role = self.needed(section.role.as_ref(), "role", "name the AWS engine's role")?;
        let (endpoint, role) = self.aws_role(&role)?;
        Ok(VaultEngine::Aws {
            mount: self.mount("aws"),
            role,
            endpoint,
        })
    }

    /// Refuses the first of the keys of another engine that is given.
    fn refuse_misplaced(&self, keys: &[(bool, &str)], engine: &str) -> Result<(), Error> {
        match keys.iter().find(|(given, _)| *given) {
            Some((_, key)) => Err(self.invalid(
                key,
                &format!("`{key}` says nothing to the {engine} engine"),
                "drop it, or correct `engine`",
            )),
            None => Ok(()),
        }
    }

    fn mount(&self, default: &str) -> String {
        self.keys.mount.clone().unwrap_or_else(|| default.to_owned())
    }

    /// The endpoint and the role, from `NAME`, `creds/NAME` or `sts/NAME`.
    fn aws_role(&self, role: &str) -> Result<(AwsEndpoint, String), Error> {
        match role.split_once('/') {
            Some(("sts", role)) => Ok((AwsEndpoint::Sts, role.to_owned())),
            Some(("creds", role)) => Ok((AwsEndpoint::Creds, role.to_owned())),
            Some(_) => Err(self.invalid(
                "role",
                &format!("`{role}` is not a role of the AWS engine"),
                "write NAME, creds/NAME or sts/NAME",
            )),
            None => Ok((AwsEndpoint::Creds, role.to_owned())),
        }
    }

    fn kv_version(&self) -> Result<KvVersion, Error> {
        let Some(version) = &self.keys.kv_version else {
            return Ok(KvVersion::V2);
        };
        match version.to_string().as_str() {
            "1" => Ok(KvVersion::V1),
            "2" => Ok(KvVersion::V2),
            other => Err(self.invalid(
                "kv_version",
                &format!("`{other}` is not a version of the key-value engine"),
                "write 1 or 2",
            )),
        }
    }

    /// A path, which starts at the file that names it where it is relative.
    fn file(&self, path: Option<&String>, key: &str) -> Option<PathBuf> {
        let directory = self
            .configuration
            .directory_of(&self.key(key))
            .unwrap_or("".as_ref());
        Some(directory.join(path?))
    }

    fn timeout(&self, timeout: &Scalar) -> Result<Duration, Error> {
        timeout
            .duration()
            .filter(|timeout| !timeout.is_zero())
            .ok_or_else(|| {
                self.invalid(
                    "timeout",
                    &format!("`{timeout}` is not a valid time"),
                    "write it like 15s",
                )
            })
    }

    fn number(&self, number: &Scalar, key: &str) -> Result<u64, Error> {
        match number.to_string().parse() {
            Ok(number) if number > 0 => Ok(number),
            _ => Err(self.invalid(
                key,
                &format!("`{number}` is not a version of a secret"),
                "write a whole number from 1 on",
            )),
        }
    }

    fn needed(&self, value: Option<&String>, key: &str, hint: &str) -> Result<String, Error> {
        value
            .cloned()
            .ok_or_else(|| self.invalid(key, &format!("it has no `{key}`"), hint))
    }

    fn invalid(&self, key: &str, reason: &str, hint: &str) -> Error {
        let origin = self
            .configuration
            .known_origin(&self.key(key))
            .unwrap_or_else(|| self.configuration.origin(&format!("sources.{}", self.name)));
        Error::new(format!("the source `{}` cannot be used", self.name))
            .cause(reason)
            .from(origin)
            .hint(hint)
    }

    fn key(&self, key: &str) -> String {
        format!("sources.{}.{key}", self.name)
    }
}
