/// Whom a failure concerns, of those that want the same at the same time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FailureReach {
    /// All of them: whoever asks is answered the same.
    All,
    /// Those that would ask in the same [manner](super::Wanted::manner).
    Alike,
    /// Only the one that asked. The others ask for themselves, one after the other.
    Own,
}
