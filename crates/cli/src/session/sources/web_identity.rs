//! Web identity sources: where the token is, and what to do about their errors.

use rolewrap_core::{SourceError, WebIdentityPlace, WebIdentitySource};

use crate::configuration::{Configuration, Origin, WEB_IDENTITY_TOKENS};
use crate::error::Error;
use crate::host::system::System;
use crate::host::variable;

/// The audience that IAM's identity providers for CI systems are set up with.
const AUDIENCE: &str = "sts.amazonaws.com";
/// The variable of GitLab's and AWS's documentation for a token of `id_tokens`.
const GITLAB_VARIABLE: &str = "GITLAB_OIDC_TOKEN";

/// The variable of a pod that names the file with its token.
const KUBERNETES_VARIABLE: &str = "AWS_WEB_IDENTITY_TOKEN_FILE";
/// The variable of a job of GitHub Actions that may have a token issued.
const GITHUB_VARIABLE: &str = "ACTIONS_ID_TOKEN_REQUEST_URL";

/// The variables that have a web identity token in them, or with which one is issued, wherever that is usual. They all
/// stand for the same identity, so where a web identity is the source, the command gets none of them.
pub(super) const COMMON_VARIABLES: [&str; 4] = [
    KUBERNETES_VARIABLE,
    GITHUB_VARIABLE,
    "ACTIONS_ID_TOKEN_REQUEST_TOKEN",
    GITLAB_VARIABLE,
];

/// The keys of a section.
pub(super) struct Section<'a> {
    pub(super) provider: Option<&'a str>,
    pub(super) token_file: Option<&'a str>,
    pub(super) token_variable: Option<&'a str>,
    pub(super) audience: Option<&'a str>,
}

impl Section<'_> {
    /// The source called `name`.
    pub(super) fn build(
        &self,
        name: &str,
        configuration: &Configuration,
        system: &System,
    ) -> Result<WebIdentitySource, Error> {
        let place = self.place(name, configuration, system)?;
        let environment = system.environment.clone();
        Ok(WebIdentitySource::new(
            name,
            place,
            environment,
            system.directory.clone(),
        ))
    }

    /// Where else a token was looked for, where `error` says that there is none and nothing says where it should be.
    pub(super) fn other_places(
        &self,
        error: &SourceError,
        configuration: &Configuration,
        system: &System,
    ) -> Option<String> {
        let is_named = self
            .provider
            .or(self.token_file)
            .or(self.token_variable)
            .is_some()
            || configuration.settings.web_identity_token_file.is_some();
        let is_set = |name: &&str| !matches!(variable(&*system.environment, name), Ok(None));
        if is_named
            || !matches!(error, SourceError::NotFound { .. })
            || WEB_IDENTITY_TOKENS.iter().any(is_set)
            || variable_of_environment(system).is_some()
        {
            return None;
        }
        Some(format!(
            "{GITHUB_VARIABLE} (GitHub) and {GITLAB_VARIABLE} (GitLab) are not set"
        ))
    }

    /// What to do where there is no token, in the system that gives it or that this runs in.
    pub(super) fn hint_here(&self, error: &SourceError, system: &System) -> Option<&'static str> {
        let runs_in = |name: &str| matches!(variable(&*system.environment, name), Ok(Some(_)));
        match self.provider {
            _ if !matches!(error, SourceError::NotFound { .. }) => None,
            _ if self.token_file.or(self.token_variable).is_some() => None,
            Some("github") => Some(GITHUB_HINT),
            Some("gitlab") => Some(GITLAB_HINT),
            Some("kubernetes") => Some(KUBERNETES_HINT),
            _ if runs_in("GITHUB_ACTIONS") => Some(GITHUB_HINT),
            _ if runs_in("GITLAB_CI") => Some(GITLAB_HINT),
            _ => None,
        }
    }

    fn place(
        &self,
        name: &str,
        configuration: &Configuration,
        system: &System,
    ) -> Result<WebIdentityPlace, Error> {
        let origin = |key: &str| configuration.origin(&format!("sources.{name}.{key}"));
        let place =
            match (self.provider, self.token_file, self.token_variable) {
                (Some("github"), None, None) => WebIdentityPlace::GitHub {
                    audience: self.audience.unwrap_or(AUDIENCE).to_owned(),
                },
                (Some("gitlab"), None, None) => WebIdentityPlace::Variable(GITLAB_VARIABLE.to_owned()),
                (Some("kubernetes"), None, None) => WebIdentityPlace::Kubernetes,
                (Some(other), None, None) => {
                    return Err(Error::new(format!("there is no provider `{other}` of web identities"))
                    .cause("the providers are github, gitlab, kubernetes")
                    .from(origin("provider"))
                    .hint("name one of them, or say where the token is with token_file or token_variable"));
                }
                (None, Some(file), None) => {
                    let key = format!("sources.{name}.token_file");
                    let directory = configuration.directory_of(&key).unwrap_or("".as_ref());
                    WebIdentityPlace::File(directory.join(file))
                }
                (None, None, Some(variable)) => WebIdentityPlace::Variable(variable.to_owned()),
                (None, None, None) => self.common_place(configuration, system)?,
                _ => return Err(two_places(&origin("type"))),
            };
        match (&place, self.audience) {
            (WebIdentityPlace::GitHub { .. }, _) | (_, None) => Ok(place),
            (_, Some(_)) => Err(
                Error::new("`audience` says nothing to this source of web identities")
                    .cause("only GitHub issues a token for whom the job asks")
                    .from(origin("audience"))
                    .hint("drop it; elsewhere the audience is set where the token is issued"),
            ),
        }
    }

    /// Where a token is, if nothing says so: the first of the places that the environment knows of.
    fn common_place(
        &self,
        configuration: &Configuration,
        system: &System,
    ) -> Result<WebIdentityPlace, Error> {
        let environment = &*system.environment;
        if let Some(file) = &configuration.settings.web_identity_token_file {
            return Ok(WebIdentityPlace::File(system.directory.join(file)));
        }
        for name in WEB_IDENTITY_TOKENS {
            if variable(environment, name)?.is_some() {
                return Ok(WebIdentityPlace::VariableOrFile(name.to_owned()));
            }
        }
        if variable(environment, KUBERNETES_VARIABLE)?.is_some() {
            return Ok(WebIdentityPlace::Kubernetes);
        }
        if variable(environment, GITHUB_VARIABLE)?.is_some() {
            return Ok(WebIdentityPlace::GitHub {
                audience: self.audience.unwrap_or(AUDIENCE).to_owned(),
            });
        }
        if variable(environment, GITLAB_VARIABLE)?.is_some() {
            return Ok(WebIdentityPlace::Variable(GITLAB_VARIABLE.to_owned()));
        }
        Ok(WebIdentityPlace::Kubernetes)
    }
}

/// What to do in a job of GitHub Actions without a token.
const GITHUB_HINT: &str = "give the job `permissions: id-token: write`";
/// The same in a job of GitLab.
const GITLAB_HINT: &str =
    "give the job a token: `id_tokens: { GITLAB_OIDC_TOKEN: { aud: sts.amazonaws.com } }`";
/// The same in a pod.
const KUBERNETES_HINT: &str = "let the pod's service account name a role";

/// The variable that says that the environment has a web identity, if one does.
pub(super) fn variable_of_environment(system: &System) -> Option<&'static str> {
    [KUBERNETES_VARIABLE, GITHUB_VARIABLE, GITLAB_VARIABLE]
        .into_iter()
        .find(|name| matches!(variable(&*system.environment, name), Ok(Some(_))))
}

fn two_places(origin: &Origin) -> Error {
    Error::new("the web identity token has more than one place")
        .from(origin)
        .hint("keep one of provider, token_file and token_variable")
}

/// What to do about `error`.
pub(super) fn hint(error: &SourceError) -> &'static str {
    match error {
        SourceError::NotFound { .. } => {
            "GitHub: give the job `permissions: id-token: write`. GitLab: add `id_tokens:` with GITLAB_OIDC_TOKEN to the job. Kubernetes: let the pod's service account name a role"
        }
        SourceError::Denied { .. } => {
            "GitHub: give the job `permissions: id-token: write`; a file: let this user read it"
        }
        SourceError::InvalidConfiguration { .. } => "correct the variable; GitHub's runner sets it",
        SourceError::Unavailable { .. } => "try again, or check the proxy (HTTPS_PROXY, NO_PROXY)",
        _ => "check what writes the token there",
    }
}
