//! AWS roles: `AssumeRole` with validated parameters, and the sessions that it yields.
//!
//! Everything that AWS would refuse is refused here before anything is sent: each parameter is a type of its
//! own with AWS's limits, [`AssumeRoleRequest::validate`] checks them together, and [`StsClient::new`] checks
//! how STS is to be reached. [`StsClient::assume_role`] then yields a [`Session`] or a [`StsError`] that says
//! what AWS said.
//!
//! The crate reads no environment, has no chain of default credentials, prints nothing, and takes the clock from
//! outside. No type of the AWS SDK is in a public signature.
//!
//! One library below it reads the environment of the process: the one for TLS finds the system's certificates by
//! `SSL_CERT_FILE` and `SSL_CERT_DIR`, where [`StsSettings::ca_bundle`] names none.

#![warn(missing_docs)]

mod account_id;
mod asked_duration;
mod assume_role_request;
pub mod cache;
mod caller_identity;
mod clock_skew;
mod connect_step;
mod context_provider_arn;
mod duration_limits;
mod duration_parameter;
mod external_id;
#[cfg(any(test, fuzzing))]
#[doc(hidden)]
pub mod fuzzing;
mod invalid_parameter;
mod invalid_request;
mod invalid_sts_settings;
mod longest;
mod mfa_code;
mod mfa_serial;
mod mfa_session_duration;
mod mfa_session_request;
mod partition;
mod policy_arn;
mod provided_context;
mod region;
mod request_checks;
mod request_parameter;
mod role_arn;
mod session;
mod session_duration;
mod session_name;
mod session_parts;
mod session_policy;
mod session_tag;
mod session_tags;
mod source_identity;
mod sts;
mod sts_answer;
mod sts_error;
mod sts_settings;
mod text_limits;
mod text_parameter;
mod visible;
mod web_identity_claims;
mod web_identity_request;
mod web_identity_token;

pub use account_id::AccountId;
pub use asked_duration::AskedDuration;
pub use assume_role_request::AssumeRoleRequest;
pub use caller_identity::CallerIdentity;
pub use clock_skew::ClockSkew;
pub use connect_step::ConnectStep;
pub use context_provider_arn::ContextProviderArn;
pub use external_id::ExternalId;
pub use invalid_parameter::InvalidParameter;
pub use invalid_request::InvalidRequest;
pub use invalid_sts_settings::InvalidStsSettings;
pub use longest::longest;
pub use mfa_code::MfaCode;
pub use mfa_serial::MfaSerial;
pub use mfa_session_duration::MfaSessionDuration;
pub use mfa_session_request::MfaSessionRequest;
pub use partition::Partition;
pub use policy_arn::PolicyArn;
pub use provided_context::ProvidedContext;
pub use region::Region;
pub use request_parameter::RequestParameter;
pub use role_arn::RoleArn;
pub use session::Session;
pub use session_duration::SessionDuration;
pub use session_name::SessionName;
pub use session_parts::SessionParts;
pub use session_policy::SessionPolicy;
pub use session_tag::SessionTag;
pub use session_tags::SessionTags;
pub use source_identity::SourceIdentity;
pub use sts::StsClient;
pub use sts_answer::StsAnswer;
pub use sts_error::StsError;
pub use sts_settings::StsSettings;
pub use web_identity_claims::WebIdentityClaims;
pub use web_identity_request::WebIdentityRequest;
pub use web_identity_token::WebIdentityToken;
