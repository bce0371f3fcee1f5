#[cfg(feature = "env")]
pub(crate) mod env;
