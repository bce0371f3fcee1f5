//! Delivery through a credentials endpoint: a second process of this program serves the session to the command, renews it
//! before it expires, and ends with the command.
//!
//! The process that was started becomes the command, so nothing is between the command and its terminal. The endpoint is
//! started before the session is asked for and waits, with nothing secret in it, for the [`Handover`](handover::Handover).
//! It is of Unix: descriptors are handed on, and a process can replace its image.

mod access_token;
mod command_end;
mod connections;
mod gate;
mod handover;
mod isolation;
mod port;
mod process;
mod program_code;
mod renewal;
mod served_session;
mod server;
mod serving;
mod start;

use access_token::AccessToken;
pub(crate) use port::PortGuard;
pub(crate) use process::{NAME, run};
pub(crate) use start::StartingEndpoint;
