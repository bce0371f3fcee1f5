//! Delivery through the credentials endpoint: what the command finds, who else is answered, and what is left afterwards.

mod attacks;
mod delivery;
mod ends;
mod isolation;
mod renewal;
pub(crate) mod served;
mod started_by;
