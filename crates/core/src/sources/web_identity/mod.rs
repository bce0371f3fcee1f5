//! Web identity tokens: what an identity provider says about whom this is.

mod github;
mod place;
mod source;
#[cfg(test)]
mod tests;

pub use place::WebIdentityPlace;
pub use source::WebIdentitySource;
