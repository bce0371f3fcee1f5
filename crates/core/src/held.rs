/// What a store holds, before it is changed.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Held {
    /// Nothing.
    Nothing,
    /// The key with this access key id.
    Key(String),
    /// Something that is no usable key.
    Unreadable,
    /// Nobody knows: the store lets itself be changed, and not read.
    Unknown {
        /// What the store said, to read on after a colon.
        reason: String,
    },
}
