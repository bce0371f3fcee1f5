use aws_sdk_sts::operation::assume_role::builders::AssumeRoleFluentBuilder;
use aws_sdk_sts::operation::assume_role_with_web_identity::builders::AssumeRoleWithWebIdentityFluentBuilder;
use aws_sdk_sts::operation::get_session_token::builders::GetSessionTokenFluentBuilder;
use aws_sdk_sts::types::{self, PolicyDescriptorType, Tag};
use rolewrap_core::BaseCredentials;

use crate::{
    AssumeRoleRequest, MfaSessionDuration, MfaSessionRequest, PolicyArn, ProvidedContext, SessionDuration,
    SessionTag, WebIdentityRequest,
};

/// `call` with everything that `request` asks for, and nothing that it does not.
pub(super) fn with_parameters(
    call: AssumeRoleFluentBuilder,
    request: &AssumeRoleRequest,
    base: &BaseCredentials,
) -> AssumeRoleFluentBuilder {
    // Taken apart by name, so that a field which is added later cannot be forgotten here.
    let AssumeRoleRequest {
        role,
        session_name,
        duration: _,
        external_id,
        source_identity,
        policy,
        policy_arns,
        tags,
        provided_contexts,
        mfa,
    } = request;
    let tag = |tag: &SessionTag| {
        // Both fields are set, which is all that `build` checks.
        Tag::builder().key(tag.key()).value(tag.value()).build().ok()
    };
    let transitive = tags.transitive_keys();
    call.role_arn(role.as_str())
        .role_session_name(session_name.as_str())
        .set_duration_seconds(asked_duration(request, base).and_then(seconds))
        .set_external_id(external_id.as_ref().map(ToString::to_string))
        .set_source_identity(source_identity.as_ref().map(ToString::to_string))
        .set_policy(policy.as_ref().map(ToString::to_string))
        .set_policy_arns(descriptors(policy_arns))
        .set_tags((!tags.is_empty()).then(|| tags.tags().iter().filter_map(tag).collect()))
        .set_transitive_tag_keys((!transitive.is_empty()).then(|| transitive.to_vec()))
        .set_provided_contexts(contexts(provided_contexts))
        .set_serial_number(mfa.as_ref().map(|(serial, _)| serial.to_string()))
        .set_token_code(mfa.as_ref().map(|(_, code)| code.as_str().to_owned()))
}

/// How long a session `request` asks for with `base`. The longest session that a role allows cannot be asked for as such:
/// what is asked then is the longest that any role allows to `base`.
pub(super) fn asked_duration(request: &AssumeRoleRequest, base: &BaseCredentials) -> Option<SessionDuration> {
    request.duration.map(|duration| {
        duration.exactly().unwrap_or(if base.is_temporary() {
            SessionDuration::LONGEST_CHAINED
        } else {
            SessionDuration::LONGEST
        })
    })
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

fn contexts(contexts: &[ProvidedContext]) -> Option<Vec<types::ProvidedContext>> {
    let context = |context: &ProvidedContext| {
        types::ProvidedContext::builder()
            .provider_arn(context.provider().as_str())
            .context_assertion(context.assertion().expose())
            .build()
    };
    (!contexts.is_empty()).then(|| contexts.iter().map(context).collect())
}
