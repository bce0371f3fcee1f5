/// What a project file may say with a key. It arrives with a clone of the repository, so whoever can write there wrote it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Trust {
    /// Whatever it likes: the key neither lets anybody act as somebody else nor limits what can be done.
    Anybody,
    /// It says who acts, or limits what can be done. A project file may say so for its own work, and needs trust to say
    /// something else than a file below it, at the top or of an account.
    Limit,
    /// The same at the top alone: what an account of the project's own says belongs to its role.
    LimitAtTheTop,
    /// Tags, which go from hop to hop: as for [`Limit`](Self::Limit), tag by tag.
    Tags,
    /// Whom an account is reached through.
    Way,
    /// Nothing, until its content is trusted. The text is what it could do with the key.
    Trusted(&'static str),
    /// No file may say it, only an option or a variable.
    NoFile,
    /// As the table that the key stands in.
    AsItsTable,
}
