//! How a session reaches what uses it: the command's environment, an endpoint, or text that is exported.

#[cfg(unix)]
pub(crate) mod endpoint;
#[cfg(not(unix))]
#[path = "no_endpoint.rs"]
pub(crate) mod endpoint;
mod environment;
pub(crate) mod export;
mod identity_variables;
pub(crate) mod java_properties;
mod session_marks;
mod session_variables;

pub(crate) use environment::{ChildEnvironment, is_always_set};
pub(crate) use identity_variables::{is_about_identity, is_delivered, rivals_the_session};
pub(crate) use session_marks::SessionMarks;
pub(crate) use session_variables::SessionVariables;
