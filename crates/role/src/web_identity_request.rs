use crate::{
    InvalidRequest, PolicyArn, Region, RoleArn, SessionDuration, SessionName, SessionPolicy,
    WebIdentityToken, request_checks,
};

/// What is asked of STS's `AssumeRoleWithWebIdentity`, which no key signs: the token is what allows it. External id,
/// MFA, tags and source identity have no place here, since the token alone says who this is.
#[derive(Debug, Clone)]
pub struct WebIdentityRequest {
    /// The role to assume.
    pub role: RoleArn,
    /// What CloudTrail calls the session.
    pub session_name: SessionName,
    /// What the identity provider said.
    pub token: WebIdentityToken,
    /// How long the session lives; STS grants one hour where nothing is asked.
    pub duration: Option<SessionDuration>,
    /// An inline policy that limits the session.
    pub policy: Option<SessionPolicy>,
    /// Managed policies that limit the session.
    pub policy_arns: Vec<PolicyArn>,
}

impl WebIdentityRequest {
    /// A request for a session of `role` called `session_name`, and nothing else.
    pub fn new(role: RoleArn, session_name: SessionName, token: WebIdentityToken) -> Self {
        Self {
            role,
            session_name,
            token,
            duration: None,
            policy: None,
            policy_arns: Vec::new(),
        }
    }

    /// Checks, before anything is sent, what AWS would refuse, in the region of the STS endpoint.
    ///
    /// # Errors
    /// [`InvalidRequest`], for the first rule that is broken.
    pub fn validate(&self, region: Option<&Region>) -> Result<(), InvalidRequest> {
        request_checks::partition(&self.role, region)?;
        request_checks::policies(self.policy.as_ref(), &self.policy_arns)
    }
}
