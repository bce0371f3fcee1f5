//! Variables that a run leaves for the runs inside it. None of them is for a person to set.

/// The marker that a command finds in its environment when it runs under rolewrap.
pub(crate) const SESSION_MARKER: &str = "ROLEWRAP_SESSION";

/// What CI jobs call the version that they install. Nothing reads it.
pub(crate) const INSTALLED_VERSION: &str = "ROLEWRAP_VERSION";

/// The programs that runs around this one started, as a list of paths: a wrapper that calls rolewrap is not Terraform.
pub(crate) const STARTED: &str = "ROLEWRAP_STARTED";

/// The programs of sources and of MFA devices that this run is inside of.
pub(crate) const ASKING: &str = "ROLEWRAP_ASKING";

/// The region that a session of another run came with, and whose account's it is. Without it nobody could tell the region that
/// rolewrap set from one that a person set, and it would count for every account from then on.
pub(crate) const SESSION_REGION: &str = "ROLEWRAP_SESSION_REGION";

/// The access key id of the session that a run put into the environment. A key with another id is a person's.
pub(crate) const SESSION_KEY: &str = "ROLEWRAP_SESSION_KEY";

/// A keyed digest of everything that shapes that session.
pub(crate) const SESSION_SHAPE: &str = "ROLEWRAP_SESSION_SHAPE";

/// The names of variables that the run had and did not hand on.
pub(crate) const SESSION_LACKS: &str = "ROLEWRAP_SESSION_LACKS";

/// What the run hid of the user's profiles, as a JSON document: sources of runs inside read them.
pub(crate) const SESSION_HIDES: &str = "ROLEWRAP_SESSION_HIDES";

/// Those that belong to a session.
pub(crate) const OF_A_SESSION: [&str; 5] = [
    SESSION_HIDES,
    SESSION_KEY,
    SESSION_LACKS,
    SESSION_REGION,
    SESSION_SHAPE,
];

/// All of them that say how a run was started, and nothing about a session. The command gets them, so that a run further
/// inside knows as well.
pub(crate) const CARRIED: [&str; 2] = [STARTED, ASKING];
