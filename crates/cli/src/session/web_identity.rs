//! The first role, asked for with a web identity.

use rolewrap_role::{
    AskedDuration, AssumeRoleRequest, Session, SessionDuration, StsClient, StsError, WebIdentityRequest,
    WebIdentityToken,
};

use crate::session::World;
use crate::session::longest;

/// Asks for what `request` says, with the token in the place of a signature. The plan has refused what has no place in
/// such a request.
pub(crate) async fn assume(
    world: &World<'_>,
    client: &StsClient,
    token: &WebIdentityToken,
    request: AssumeRoleRequest,
) -> Result<Session, StsError> {
    let duration = request.duration;
    let request = WebIdentityRequest {
        duration: duration.and_then(AskedDuration::exactly),
        policy: request.policy,
        policy_arns: request.policy_arns,
        ..WebIdentityRequest::new(request.role, request.session_name, token.clone())
    };
    if duration != Some(AskedDuration::Longest) {
        return client.assume_role_with_web_identity(&request).await;
    }
    let ask = async |duration: SessionDuration| {
        let duration = Some(duration);
        let request = WebIdentityRequest {
            duration,
            ..request.clone()
        };
        client.assume_role_with_web_identity(&request).await
    };
    longest::find(world, client, &request.role, ask).await
}
