#[cfg(feature = "document")]
pub(crate) mod document;
#[cfg(feature = "document")]
mod document_field;
#[cfg(feature = "env")]
pub(crate) mod env;
#[cfg(feature = "keyring")]
pub(crate) mod keyring;
#[cfg(feature = "process")]
pub(crate) mod process;
#[cfg(any(feature = "env", feature = "document", feature = "vault"))]
mod utc_time;
#[cfg(feature = "vault")]
pub(crate) mod vault;
#[cfg(feature = "web-identity")]
pub(crate) mod web_identity;
