use aws_sdk_sts::operation::assume_role::builders::AssumeRoleFluentBuilder;
use aws_sdk_sts::types::{PolicyDescriptorType, Tag};

use crate::AssumeRoleRequest;

/// `call` with everything that `request` asks for, and nothing that it does not.
pub(super) fn with_parameters(
    call: AssumeRoleFluentBuilder,
    request: &AssumeRoleRequest,
) -> AssumeRoleFluentBuilder {
    let tags = request.tags.tags().iter().filter_map(|tag| {
        // Both fields are set, which is all that `build` checks.
        Tag::builder().key(tag.key()).value(tag.value()).build().ok()
    });
    let transitive = request.tags.transitive_keys();
    let arns = request
        .policy_arns
        .iter()
        .map(|arn| PolicyDescriptorType::builder().arn(arn.as_str()).build());
    call.role_arn(request.role.as_str())
        .role_session_name(request.session_name.as_str())
        .set_duration_seconds(
            request
                .duration
                .and_then(|duration| i32::try_from(duration.seconds()).ok()),
        )
        .set_external_id(request.external_id.as_ref().map(ToString::to_string))
        .set_source_identity(request.source_identity.as_ref().map(ToString::to_string))
        .set_policy(request.policy.as_ref().map(ToString::to_string))
        .set_policy_arns((!request.policy_arns.is_empty()).then(|| arns.collect()))
        .set_tags((!request.tags.is_empty()).then(|| tags.collect()))
        .set_transitive_tag_keys((!transitive.is_empty()).then(|| transitive.to_vec()))
        .set_serial_number(request.mfa.as_ref().map(|(serial, _)| serial.to_string()))
        .set_token_code(request.mfa.as_ref().map(|(_, code)| code.as_str().to_owned()))
}
