//! AWS roles: AssumeRole with parameters that were validated before any network call, and the session that
//! it yields.
#![warn(missing_docs)]
