use rolewrap_role::{
    AskedDuration, AssumeRoleRequest, ExternalId, PolicyArn, ProvidedContext, RoleArn, SessionName,
    SessionPolicy, SourceIdentity,
};

use super::{Chosen, HopTags};

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
    pub(crate) policy: Option<Chosen<SessionPolicy>>,
    pub(crate) policy_arns: Option<Chosen<Vec<PolicyArn>>>,
    pub(crate) tags: HopTags,
    pub(crate) provided_contexts: Option<Chosen<Vec<ProvidedContext>>>,
}

impl Hop {
    /// The request to STS.
    pub(crate) fn request(&self) -> AssumeRoleRequest {
        AssumeRoleRequest {
            duration: value(self.duration.as_ref()),
            external_id: value(self.external_id.as_ref()),
            source_identity: value(self.source_identity.as_ref()),
            policy: value(self.policy.as_ref()),
            policy_arns: value(self.policy_arns.as_ref()).unwrap_or_default(),
            tags: self.tags.together(),
            provided_contexts: value(self.provided_contexts.as_ref()).unwrap_or_default(),
            ..AssumeRoleRequest::new(self.role.value.clone(), self.session_name.value.clone())
        }
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
        parts.extend(self.policy.as_ref().map(|_| "a session policy".to_owned()));
        let arns = self.policy_arns.iter().flat_map(|arns| &arns.value);
        parts.extend(arns.map(|arn| format!("policy {arn}")));
        parts.extend(self.tags.tags.iter().map(|tag| format!("tag {}", tag.value)));
        let contexts = self.provided_contexts.iter().flat_map(|contexts| &contexts.value);
        parts.extend(contexts.map(|context| format!("a context of {}", context.provider())));
        parts.join(", ")
    }
}

fn value<T: Clone>(chosen: Option<&Chosen<T>>) -> Option<T> {
    chosen.map(|chosen| chosen.value.clone())
}
