use std::time::Duration;

/// How long a test waits for something that comes at once on a machine with nothing else to do. Who waits for so long has
/// failed, and nobody waits for longer than it takes.
pub const PATIENCE: Duration = Duration::from_mins(2);
