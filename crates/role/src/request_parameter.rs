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
    let seconds = duration.map(|duration| match duration.exactly() {
        Some(duration) => duration.seconds().to_string(),
        None => duration.to_string(),
    });
    let mut all = Vec::new();
    let mut add = |name: String, value: &dyn ToString| all.push(RequestParameter::new(name, value));
    add("RoleArn".to_owned(), role);
    add("RoleSessionName".to_owned(), session_name);
    let optional: [(&str, Option<&dyn ToString>); 5] = [
        ("DurationSeconds", seconds.as_ref().map(|value| value as _)),
        ("ExternalId", external_id.as_ref().map(|value| value as _)),
        ("SourceIdentity", source_identity.as_ref().map(|value| value as _)),
        ("Policy", policy.as_ref().map(|value| value as _)),
        ("SerialNumber", mfa.as_ref().map(|(serial, _)| serial as _)),
    ];
    for (name, value) in optional {
        if let Some(value) = value {
            add(name.to_owned(), value);
        }
    }
    for (number, arn) in (1..).zip(policy_arns) {
        add(format!("PolicyArns.member.{number}.arn"), arn);
    }
    for (number, tag) in (1..).zip(tags.tags()) {
        add(format!("Tags.member.{number}.Key"), &tag.key());
        add(format!("Tags.member.{number}.Value"), &tag.value());
    }
    for (number, key) in (1..).zip(tags.transitive_keys()) {
        add(format!("TransitiveTagKeys.member.{number}"), key);
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
