//! What a session never holds, in every format: real shells run the lines, and nothing but text comes of them.

mod given;
mod shells;
mod texts;
