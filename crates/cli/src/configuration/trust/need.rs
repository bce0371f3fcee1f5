use crate::error::Error;

/// A part of a project file that counts only where its content is trusted.
#[derive(Debug)]
pub(crate) struct TrustNeed {
    /// Where it stands in the file: the names of the tables and the key, outermost first.
    pub(in crate::configuration) path: Vec<String>,
    /// What to say where nobody trusts it.
    pub(in crate::configuration) refusal: Error,
}

impl TrustNeed {
    pub(in crate::configuration) fn new(path: &[&str], refusal: Error) -> Self {
        Self {
            path: path.iter().map(|&name| name.to_owned()).collect(),
            refusal,
        }
    }
}
