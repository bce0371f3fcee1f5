//! What stands on the command line and is meant for somebody else.

pub(crate) mod misplaced;
