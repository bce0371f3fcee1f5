#[cfg(feature = "env")]
pub(crate) mod env;
#[cfg(feature = "vault")]
pub(crate) mod vault;
