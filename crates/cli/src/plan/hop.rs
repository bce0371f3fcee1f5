use rolewrap_role::{AskedDuration, AssumeRoleRequest, ExternalId, RoleArn, SessionName, SourceIdentity};

use super::Chosen;

/// One request for a role. Each is signed by the session of the one before it, and the first by the base credentials.
#[derive(Debug, Clone)]
pub(crate) struct Hop {
    /// The account whose role it is, where one was chosen by its name.
    pub(crate) account: Option<Chosen<String>>,
    pub(crate) role: Chosen<RoleArn>,
    pub(crate) session_name: Chosen<SessionName>,
    pub(crate) duration: Option<Chosen<AskedDuration>>,
    pub(crate) external_id: Option<Chosen<ExternalId>>,
    pub(crate) source_identity: Option<Chosen<SourceIdentity>>,
}

impl Hop {
    /// The request to STS.
    pub(crate) fn request(&self) -> AssumeRoleRequest {
        let mut request = AssumeRoleRequest::new(self.role.value.clone(), self.session_name.value.clone());
        request.duration = self.duration.as_ref().map(|duration| duration.value);
        request.external_id = self.external_id.as_ref().map(|id| id.value.clone());
        request.source_identity = self
            .source_identity
            .as_ref()
            .map(|identity| identity.value.clone());
        request
    }

    /// How a person calls it: the account, or else the role.
    pub(crate) fn name(&self) -> String {
        self.account
            .as_ref()
            .map_or_else(|| self.role.value.to_string(), |account| account.value.clone())
    }

    /// What is asked besides the role, in short. What is long, or known to two parties only, is named and not shown.
    pub(crate) fn summary(&self) -> String {
        let mut parts = vec![format!("session name {}", self.session_name.value)];
        parts.extend(
            self.duration
                .as_ref()
                .map(|duration| format!("duration {}", duration.value)),
        );
        parts.extend(self.external_id.as_ref().map(|_| "an external id".to_owned()));
        let identity = self.source_identity.as_ref();
        parts.extend(identity.map(|identity| format!("source identity {}", identity.value)));
        parts.join(", ")
    }
}
