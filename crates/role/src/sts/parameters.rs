use aws_sdk_sts::operation::assume_role::builders::AssumeRoleFluentBuilder;
use aws_sdk_sts::operation::assume_role_with_web_identity::builders::AssumeRoleWithWebIdentityFluentBuilder;
use aws_sdk_sts::operation::get_session_token::builders::GetSessionTokenFluentBuilder;
use aws_sdk_sts::types::{PolicyDescriptorType, Tag};

use crate::{
    AssumeRoleRequest, MfaSessionDuration, MfaSessionRequest, PolicyArn, SessionDuration, WebIdentityRequest,
};

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
    call.role_arn(request.role.as_str())
        .role_session_name(request.session_name.as_str())
        .set_duration_seconds(request.duration.and_then(seconds))
        .set_external_id(request.external_id.as_ref().map(ToString::to_string))
        .set_source_identity(request.source_identity.as_ref().map(ToString::to_string))
        .set_policy(request.policy.as_ref().map(ToString::to_string))
        .set_policy_arns(descriptors(&request.policy_arns))
        .set_tags((!request.tags.is_empty()).then(|| tags.collect()))
        .set_transitive_tag_keys((!transitive.is_empty()).then(|| transitive.to_vec()))
        .set_serial_number(request.mfa.as_ref().map(|(serial, _)| serial.to_string()))
        .set_token_code(request.mfa.as_ref().map(|(_, code)| code.as_str().to_owned()))
}

/// The same for a web identity.
pub(super) fn with_web_identity(
    call: AssumeRoleWithWebIdentityFluentBuilder,
    request: &WebIdentityRequest,
) -> AssumeRoleWithWebIdentityFluentBuilder {
    call.role_arn(request.role.as_str())
        .role_session_name(request.session_name.as_str())
        .web_identity_token(request.token.secret().expose())
        .set_duration_seconds(request.duration.and_then(seconds))
        .set_policy(request.policy.as_ref().map(ToString::to_string))
        .set_policy_arns(descriptors(&request.policy_arns))
}

/// The same for an MFA session.
pub(super) fn with_mfa(
    call: GetSessionTokenFluentBuilder,
    request: &MfaSessionRequest,
) -> GetSessionTokenFluentBuilder {
    let seconds = |duration: MfaSessionDuration| i32::try_from(duration.seconds()).ok();
    call.serial_number(request.serial.as_str())
        .token_code(request.code.as_str())
        .set_duration_seconds(request.duration.and_then(seconds))
}

fn seconds(duration: SessionDuration) -> Option<i32> {
    i32::try_from(duration.seconds()).ok()
}

fn descriptors(arns: &[PolicyArn]) -> Option<Vec<PolicyDescriptorType>> {
    let descriptor = |arn: &PolicyArn| PolicyDescriptorType::builder().arn(arn.as_str()).build();
    (!arns.is_empty()).then(|| arns.iter().map(descriptor).collect())
}
