//! The libraries' errors, as people read them: what failed, what the other side said, where the values came
//! from, and what to do next.

mod causes;
mod invalid_settings;
mod next_step;
mod no_base_credentials;
mod source_error;
mod sts_error;
mod what_failed;

pub(crate) use causes::causes;
pub(crate) use invalid_settings::settings;
pub(crate) use source_error::{no_web_identity, source};
pub(crate) use sts_error::{asked_where, sts};
