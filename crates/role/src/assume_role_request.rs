use rolewrap_core::BaseCredentials;

use crate::{
    AskedDuration, ExternalId, InvalidRequest, MfaCode, MfaSerial, PolicyArn, ProvidedContext, Region,
    RequestParameter, RoleArn, SessionDuration, SessionName, SessionPolicy, SessionTags, SourceIdentity,
    request_checks, request_parameter,
};

/// STS API Reference, AssumeRole, `ProvidedContexts`.
const MOST_PROVIDED_CONTEXTS: usize = 5;

/// What is asked of STS. Every parameter is valid by its type; [`validate`](Self::validate) checks what they
/// must be together.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AssumeRoleRequest {
    /// The role to assume.
    pub role: RoleArn,
    /// What CloudTrail calls the session.
    pub session_name: SessionName,
    /// How long the session lives; STS grants one hour where nothing is asked.
    pub duration: Option<AskedDuration>,
    /// What the role's trust policy demands of a third party.
    pub external_id: Option<ExternalId>,
    /// Who is behind the session.
    pub source_identity: Option<SourceIdentity>,
    /// An inline policy that limits the session.
    pub policy: Option<SessionPolicy>,
    /// Managed policies that limit the session.
    pub policy_arns: Vec<PolicyArn>,
    /// The session's tags.
    pub tags: SessionTags,
    /// What others assert about the user.
    pub provided_contexts: Vec<ProvidedContext>,
    /// The MFA device of the base credentials' user, and what it shows.
    pub mfa: Option<(MfaSerial, MfaCode)>,
}

impl AssumeRoleRequest {
    /// A request for a session of `role` called `session_name`, and nothing else.
    pub fn new(role: RoleArn, session_name: SessionName) -> Self {
        Self {
            role,
            session_name,
            duration: None,
            external_id: None,
            source_identity: None,
            policy: None,
            policy_arns: Vec::new(),
            tags: SessionTags::default(),
            provided_contexts: Vec::new(),
            mfa: None,
        }
    }

    /// The same request for a session of this length.
    #[must_use]
    pub fn with_duration(mut self, duration: impl Into<AskedDuration>) -> Self {
        self.duration = Some(duration.into());
        self
    }

    /// The same request with an external id.
    #[must_use]
    pub fn with_external_id(mut self, external_id: ExternalId) -> Self {
        self.external_id = Some(external_id);
        self
    }

    /// The same request with a source identity.
    #[must_use]
    pub fn with_source_identity(mut self, source_identity: SourceIdentity) -> Self {
        self.source_identity = Some(source_identity);
        self
    }

    /// The same request with an inline policy.
    #[must_use]
    pub fn with_policy(mut self, policy: SessionPolicy) -> Self {
        self.policy = Some(policy);
        self
    }

    /// The same request with these managed policies.
    #[must_use]
    pub fn with_policy_arns(mut self, policy_arns: Vec<PolicyArn>) -> Self {
        self.policy_arns = policy_arns;
        self
    }

    /// The same request with these tags.
    #[must_use]
    pub fn with_tags(mut self, tags: SessionTags) -> Self {
        self.tags = tags;
        self
    }

    /// The same request with these contexts.
    #[must_use]
    pub fn with_provided_contexts(mut self, contexts: Vec<ProvidedContext>) -> Self {
        self.provided_contexts = contexts;
        self
    }

    /// The same request with an MFA device and the code that it shows.
    #[must_use]
    pub fn with_mfa(mut self, serial: MfaSerial, code: MfaCode) -> Self {
        self.mfa = Some((serial, code));
        self
    }

    /// Everything that shapes the session, by the names that STS has for it, in an order that depends on nothing else:
    /// two requests with the same parameters are answered alike. The MFA code is not among them.
    pub fn parameters(&self) -> Vec<RequestParameter> {
        request_parameter::parameters(self)
    }

    /// Checks, before anything is sent, what AWS would refuse about the parameters together, with the
    /// credentials that they are to be sent with and in the region of the STS endpoint.
    ///
    /// # Errors
    /// [`InvalidRequest`], for the first rule that is broken.
    pub fn validate(&self, base: &BaseCredentials, region: Option<&Region>) -> Result<(), InvalidRequest> {
        request_checks::partition(&self.role, region)?;
        if let Some(duration) = self.duration.and_then(AskedDuration::exactly)
            && duration > SessionDuration::LONGEST_CHAINED
            && base.is_temporary()
        {
            return Err(InvalidRequest::ChainedDuration { duration });
        }
        if self.mfa.is_some() && base.is_temporary() {
            return Err(InvalidRequest::MfaOfTemporary);
        }
        self.check_parameters()
    }

    /// The same of the parameters alone, whoever sends them and wherever to.
    ///
    /// # Errors
    /// [`InvalidRequest`], for the first rule that is broken.
    pub fn check_parameters(&self) -> Result<(), InvalidRequest> {
        if self.provided_contexts.len() > MOST_PROVIDED_CONTEXTS {
            return Err(InvalidRequest::TooManyProvidedContexts {
                count: self.provided_contexts.len(),
                allowed: MOST_PROVIDED_CONTEXTS,
            });
        }
        request_checks::policies(self.policy.as_ref(), &self.policy_arns)
    }
}

#[cfg(test)]
mod tests {
    use rolewrap_core::Secret;

    use super::*;
    use crate::Partition;

    fn request() -> AssumeRoleRequest {
        AssumeRoleRequest::new(
            "arn:aws:iam::123456789012:role/deploy".parse().unwrap(),
            "test".parse().unwrap(),
        )
    }

    fn long_lived() -> BaseCredentials {
        BaseCredentials::new("test", "AKIAIOSFODNN7EXAMPLE", &Secret::new("secret")).unwrap()
    }

    fn policy(characters: usize) -> SessionPolicy {
        format!("{{{}}}", " ".repeat(characters - 2)).parse().unwrap()
    }

    #[test]
    fn a_region_of_another_partition_is_refused() {
        let china = "cn-north-1".parse().unwrap();
        assert_eq!(
            request()
                .validate(&long_lived(), Some(&china))
                .unwrap_err()
                .to_string(),
            "the role is in partition aws and region cn-north-1 is in partition aws-cn"
        );
        assert_eq!(
            request().validate(&long_lived(), Some(&Partition::Aws.default_region())),
            Ok(())
        );
        assert_eq!(request().validate(&long_lived(), None), Ok(()));
    }

    #[test]
    fn temporary_base_credentials_are_allowed_one_hour_and_long_lived_ones_twelve() {
        let temporary = long_lived().with_session_token(&Secret::new("session")).unwrap();
        let lasting = |seconds| request().with_duration(SessionDuration::from_seconds(seconds).unwrap());
        assert_eq!(lasting(3600).validate(&temporary, None), Ok(()));
        assert_eq!(
            lasting(3601).validate(&temporary, None),
            Err(InvalidRequest::ChainedDuration {
                duration: SessionDuration::from_seconds(3601).unwrap()
            })
        );
        assert_eq!(lasting(43_200).validate(&long_lived(), None), Ok(()));
    }

    #[test]
    fn at_most_ten_policy_arns_are_allowed() {
        let arns = |count| vec!["arn:aws:iam::aws:policy/ReadOnlyAccess".parse().unwrap(); count];
        assert_eq!(
            request().with_policy_arns(arns(10)).validate(&long_lived(), None),
            Ok(())
        );
        assert_eq!(
            request().with_policy_arns(arns(11)).validate(&long_lived(), None),
            Err(InvalidRequest::TooManyPolicyArns {
                count: 11,
                allowed: 10
            })
        );
    }

    #[test]
    fn at_most_five_provided_contexts_are_allowed() {
        let provider: crate::ContextProviderArn =
            "arn:aws:iam::aws:contextProvider/IdentityCenter".parse().unwrap();
        let context = ProvidedContext::new(provider, &Secret::new("assertion")).unwrap();
        let with = |count| request().with_provided_contexts(vec![context.clone(); count]);
        assert_eq!(with(5).validate(&long_lived(), None), Ok(()));
        assert_eq!(
            with(6).validate(&long_lived(), None),
            Err(InvalidRequest::TooManyProvidedContexts { count: 6, allowed: 5 })
        );
    }

    #[test]
    fn policy_and_arns_are_allowed_2048_characters_together() {
        let arn: PolicyArn = "arn:aws:iam::aws:policy/ReadOnlyAccess".parse().unwrap();
        let with = |inline| {
            request()
                .with_policy(policy(inline))
                .with_policy_arns(vec![arn.clone()])
        };
        let room = 2048 - arn.as_str().len();
        assert_eq!(with(room).validate(&long_lived(), None), Ok(()));
        assert_eq!(
            with(room + 1).validate(&long_lived(), None),
            Err(InvalidRequest::PoliciesTooLong {
                characters: 2049,
                allowed: 2048
            })
        );
    }

    #[test]
    fn a_code_belongs_to_long_lived_keys() {
        let request = request().with_mfa("GAHT12345678".parse().unwrap(), "987654".parse().unwrap());
        let temporary = long_lived().with_session_token(&Secret::new("session")).unwrap();
        assert_eq!(request.validate(&long_lived(), None), Ok(()));
        assert_eq!(
            request.validate(&temporary, None).unwrap_err().to_string(),
            "the base credentials are temporary, and an MFA code is accepted with a user's own keys only"
        );
    }

    #[test]
    fn debug_does_not_show_the_mfa_code() {
        let request = request().with_mfa("GAHT12345678".parse().unwrap(), "987654".parse().unwrap());
        assert!(!format!("{request:?}").contains("987654"));
    }
}
