use rolewrap_core::Secret;

use crate::AssumeRoleRequest;

/// One parameter of a request, with the name and the value that STS gets. The value may be a credential, so it is a
/// secret as a whole.
#[derive(Debug, Clone)]
pub struct RequestParameter {
    /// The name, as the STS API Reference spells it: `Tags.member.1.Key`.
    pub name: String,
    /// The value.
    pub value: Secret,
}

impl RequestParameter {
    fn new(name: impl Into<String>, value: &dyn ToString) -> Self {
        Self {
            name: name.into(),
            value: Secret::new(value.to_string()),
        }
    }
}

/// Everything that `request` asks for, except the MFA code: that is gone after one use, and says nothing about the
/// session.
pub(crate) fn parameters(request: &AssumeRoleRequest) -> Vec<RequestParameter> {
    // Taken apart by name, so that a field which is added later cannot be forgotten here.
    let AssumeRoleRequest {
        role,
        session_name,
        duration,
        external_id,
        source_identity,
        policy,
        policy_arns,
        tags,
        provided_contexts,
        mfa,
    } = request;
    let mut all = vec![
        RequestParameter::new("RoleArn", role),
        RequestParameter::new("RoleSessionName", session_name),
    ];
    let seconds = duration.map(|duration| match duration.exactly() {
        Some(duration) => duration.seconds().to_string(),
        None => duration.to_string(),
    });
    let optional: [(&str, Option<&dyn ToString>); 5] = [
        ("DurationSeconds", seconds.as_ref().map(|value| value as _)),
        ("ExternalId", external_id.as_ref().map(|value| value as _)),
        ("SourceIdentity", source_identity.as_ref().map(|value| value as _)),
        ("Policy", policy.as_ref().map(|value| value as _)),
        ("SerialNumber", mfa.as_ref().map(|(serial, _)| serial as _)),
    ];
    for (name, value) in optional {
        all.extend(value.map(|value| RequestParameter::new(name, value)));
    }
    for (number, arn) in (1..).zip(policy_arns) {
        all.push(RequestParameter::new(
            format!("PolicyArns.member.{number}.arn"),
            arn,
        ));
    }
    for (number, tag) in (1..).zip(tags.tags()) {
        all.push(RequestParameter::new(
            format!("Tags.member.{number}.Key"),
            &tag.key(),
        ));
        all.push(RequestParameter::new(
            format!("Tags.member.{number}.Value"),
            &tag.value(),
        ));
    }
    for (number, key) in (1..).zip(tags.transitive_keys()) {
        all.push(RequestParameter::new(
            format!("TransitiveTagKeys.member.{number}"),
            key,
        ));
    }
    for (number, context) in (1..).zip(provided_contexts) {
        let name = format!("ProvidedContexts.member.{number}");
        all.push(RequestParameter::new(
            format!("{name}.ProviderArn"),
            context.provider(),
        ));
        all.push(RequestParameter {
            name: format!("{name}.ContextAssertion"),
            value: context.assertion().clone(),
        });
    }
    all
}
