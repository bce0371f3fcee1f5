use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use super::github;
use super::place::{LONGEST_BYTES, WebIdentityPlace};
use crate::{BoxError, Environment, RegularFile, Secret, SourceError, bypasses_proxy};

/// The variable that Kubernetes' webhooks and AWS's own SDKs use.
const TOKEN_FILE_VARIABLE: &str = "AWS_WEB_IDENTITY_TOKEN_FILE";
/// Where Amazon EKS mounts the token (EKS User Guide, "Configure Pods to use a Kubernetes service account").
const EKS_TOKEN_FILE: &str = "/var/run/secrets/eks.amazonaws.com/serviceaccount/token";
/// How long a load takes at most.
const LONGEST: Duration = Duration::from_secs(30);

/// A place that a web identity token comes from. It yields no keys, so it is no
/// [`BaseCredentialSource`](crate::BaseCredentialSource): the first role is asked for with the token itself, and
/// nothing is signed.
///
/// Each load asks its place again, because such tokens live for minutes and are renewed where they are. It ends
/// within 30 seconds, prints nothing, and the token is in no error. What the token says is for others to read.
#[derive(Debug)]
pub struct WebIdentitySource {
    name: String,
    place: WebIdentityPlace,
    environment: Arc<dyn Environment>,
    directory: PathBuf,
}

impl WebIdentitySource {
    /// A source called `name` for the token at `place`. A relative path in a variable is one of `directory`.
    pub fn new(
        name: impl Into<String>,
        place: WebIdentityPlace,
        environment: Arc<dyn Environment>,
        directory: PathBuf,
    ) -> Self {
        Self {
            name: name.into(),
            place,
            environment,
            directory,
        }
    }

    /// The name that the user gave this source.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Environment variables that feed this source. The command that runs afterwards does not get them: with them
    /// it could have another session of any role that trusts the same identity.
    pub fn environment_variables(&self) -> Vec<&str> {
        match &self.place {
            WebIdentityPlace::File(_) => Vec::new(),
            WebIdentityPlace::Variable(name) | WebIdentityPlace::VariableOrFile(name) => vec![name],
            WebIdentityPlace::Kubernetes => vec![TOKEN_FILE_VARIABLE],
            WebIdentityPlace::GitHub { .. } => github::VARIABLES.to_vec(),
        }
    }

    /// Reads the token, without the white space around it.
    ///
    /// # Errors
    /// See [`SourceError`]. `NotFound` where there is neither file nor variable.
    pub async fn load(&self) -> Result<Secret, SourceError> {
        let WebIdentityPlace::GitHub { audience } = &self.place else {
            return self.read();
        };
        let asked = tokio::time::timeout(LONGEST, self.github(audience)).await;
        asked.unwrap_or_else(|_| {
            let limit = humantime::format_duration(LONGEST);
            Err(self.unavailable(format!("GitHub did not answer within {limit}"), None))
        })
    }

    /// As [`load`](Self::load), without asking anybody; `None` where somebody would have to be asked.
    pub fn read_here(&self) -> Option<Result<Secret, SourceError>> {
        let is_here = !matches!(self.place, WebIdentityPlace::GitHub { .. });
        is_here.then(|| self.read())
    }

    fn read(&self) -> Result<Secret, SourceError> {
        match &self.place {
            WebIdentityPlace::File(path) => self.file(path, &path.display().to_string()),
            WebIdentityPlace::Variable(name) => self.required(name),
            WebIdentityPlace::VariableOrFile(name) => {
                let value = self.required(name)?;
                if has_form_of_token(&value) {
                    return Ok(value);
                }
                // Not shown in any case: it may be a token of another form.
                let path = self.directory.join(value.expose());
                self.file(&path, &format!("the file that {name} names"))
            }
            WebIdentityPlace::Kubernetes => self.kubernetes(),
            WebIdentityPlace::GitHub { .. } => Err(self.not_found("GitHub was not asked".to_owned())),
        }
    }

    fn required(&self, name: &str) -> Result<Secret, SourceError> {
        self.variable(name)?
            .ok_or_else(|| self.not_found(format!("{name} is not set")))
    }

    fn kubernetes(&self) -> Result<Secret, SourceError> {
        match self.variable(TOKEN_FILE_VARIABLE)? {
            Some(path) => {
                let path = self.directory.join(path.expose());
                self.file(&path, &format!("{} ({TOKEN_FILE_VARIABLE})", path.display()))
            }
            None => self.file(
                Path::new(EKS_TOKEN_FILE),
                &format!("{TOKEN_FILE_VARIABLE} is not set, and {EKS_TOKEN_FILE}"),
            ),
        }
    }

    async fn github(&self, audience: &str) -> Result<Secret, SourceError> {
        let [url_variable, bearer_variable] = github::VARIABLES;
        let (Some(url), Some(bearer)) = (self.variable(url_variable)?, self.variable(bearer_variable)?)
        else {
            return Err(self.not_found(format!("{url_variable} and {bearer_variable} are not both set")));
        };
        let url = github::request_url(url.expose(), audience).map_err(|reason| {
            SourceError::InvalidConfiguration {
                name: self.name.clone(),
                key: url_variable.to_owned(),
                reason: reason.to_owned(),
            }
        })?;
        let proxy = self.proxy(&url)?;
        github::ask(url, &bearer, proxy).await.map_err(|refused| {
            let name = self.name.clone();
            match refused {
                github::Refused::Denied(reason) => SourceError::Denied {
                    name,
                    reason,
                    cause: None,
                },
                github::Refused::Unavailable(reason, cause) => self.unavailable(reason, cause),
                github::Refused::Malformed(reason) => self.malformed(reason),
            }
        })
    }

    /// The URL of the proxy on the way to `url`.
    pub(super) fn proxy(&self, url: &url::Url) -> Result<Option<Secret>, SourceError> {
        if url.scheme() == "http" {
            // Only this machine is asked so.
            return Ok(None);
        }
        let first = |names: [&str; 2]| -> Result<Option<Secret>, SourceError> {
            Ok(match self.variable(names[0])? {
                None => self.variable(names[1])?,
                found => found,
            })
        };
        let except = first(["no_proxy", "NO_PROXY"])?;
        let except = except.as_ref().map_or("", Secret::expose);
        let (host, port) = (url.host_str().unwrap_or_default(), url.port_or_known_default());
        let is_direct = bypasses_proxy(except, host, port.unwrap_or_default());
        Ok(first(["https_proxy", "HTTPS_PROXY"])?.filter(|_| !is_direct))
    }

    /// The text of the file at `path`, which `place` says for people.
    fn file(&self, path: &Path, place: &str) -> Result<Secret, SourceError> {
        let text = match RegularFile::open(path).and_then(|file| file.read_text(LONGEST_BYTES)) {
            Ok(text) => text,
            Err(error) => {
                return Err(match error.kind() {
                    ErrorKind::NotFound => self.not_found(format!("{place} does not exist")),
                    ErrorKind::PermissionDenied => SourceError::Denied {
                        name: self.name.clone(),
                        reason: format!("{place} may not be read"),
                        cause: Some(error.into()),
                    },
                    _ => self.unavailable(format!("{place} cannot be read"), Some(error.into())),
                });
            }
        };
        // Whoever renews it may just have emptied it.
        filled(&text).ok_or_else(|| self.malformed(format!("{place} is empty")))
    }

    fn variable(&self, name: &str) -> Result<Option<Secret>, SourceError> {
        let Some(value) = self.environment.get(name) else {
            return Ok(None);
        };
        let text = value
            .into_string()
            .map(Secret::new)
            .map_err(|_| self.malformed(format!("{name} is not UTF-8 text")))?;
        Ok(filled(&text))
    }

    fn not_found(&self, reason: String) -> SourceError {
        SourceError::NotFound {
            name: self.name.clone(),
            reason,
        }
    }

    fn malformed(&self, reason: String) -> SourceError {
        SourceError::Malformed {
            name: self.name.clone(),
            reason,
            cause: None,
        }
    }

    fn unavailable(&self, reason: String, cause: Option<BoxError>) -> SourceError {
        SourceError::Unavailable {
            name: self.name.clone(),
            reason,
            cause,
        }
    }
}

/// Whether the text is three parts of base64url with points between them, as every JWT is, and no path looks like.
fn has_form_of_token(text: &Secret) -> bool {
    let is_part = |part: &str| {
        let of_base64url = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'=');
        !part.is_empty() && part.bytes().all(of_base64url)
    };
    let parts: Vec<&str> = text.expose().split('.').collect();
    parts.len() == 3 && parts.into_iter().all(is_part)
}

/// The text without the white space around it, if there is any other.
fn filled(text: &Secret) -> Option<Secret> {
    let text = text.expose().trim();
    (!text.is_empty()).then(|| Secret::new(text))
}
