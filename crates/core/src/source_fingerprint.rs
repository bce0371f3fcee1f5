use std::fmt;

use zeroize::Zeroizing;

/// What the base credentials that a source would load are told apart by, as far as that is known without asking its
/// store: all that says which store is asked, for what, and as whom.
///
/// Two sources with equal fingerprints would load the same base credentials, unless their store was changed in between.
/// It holds secrets where these choose the credentials. They are wiped when it is dropped, and `Debug` shows none.
#[derive(Default)]
pub struct SourceFingerprint {
    parts: Vec<(String, Zeroizing<Vec<u8>>)>,
    variables: Vec<&'static str>,
    depends_on_directory: bool,
    is_settled: bool,
}

impl SourceFingerprint {
    /// One of a source of this kind, such as `env`.
    pub fn of(kind: &str) -> Self {
        Self::default().with("kind", kind.as_bytes())
    }

    /// The same with something more that chooses the credentials. The order counts.
    #[must_use]
    pub fn with(mut self, name: impl Into<String>, value: &[u8]) -> Self {
        self.parts.push((name.into(), Zeroizing::new(value.to_vec())));
        self
    }

    /// The same, where a library reads `variables` from the process itself. Whoever uses the fingerprint adds their
    /// values.
    #[must_use]
    pub fn with_variables_of_the_process(mut self, variables: &[&'static str]) -> Self {
        self.variables.extend(variables);
        self
    }

    /// The same, where the working directory may matter. Whoever uses the fingerprint adds it.
    #[must_use]
    pub fn depending_on_directory(mut self) -> Self {
        self.depends_on_directory = true;
        self
    }

    /// The same, of a source that is known to have credentials: no source after it in a fallback order is asked.
    #[must_use]
    pub fn settled(mut self) -> Self {
        self.is_settled = true;
        self
    }

    /// Takes the parts of the next source of a fallback order in.
    pub(crate) fn append(&mut self, next: Self) {
        self.parts.extend(next.parts);
        self.variables.extend(next.variables);
        self.depends_on_directory |= next.depends_on_directory;
        self.is_settled = next.is_settled;
    }

    /// What chooses the credentials: names and values.
    pub fn parts(&self) -> impl Iterator<Item = (&str, &[u8])> {
        self.parts
            .iter()
            .map(|(name, value)| (name.as_str(), value.as_slice()))
    }

    /// The variables whose values belong to it.
    pub fn variables(&self) -> &[&'static str] {
        &self.variables
    }

    /// Whether the working directory belongs to it.
    pub fn depends_on_directory(&self) -> bool {
        self.depends_on_directory
    }

    /// Whether the source is known to have credentials.
    pub fn is_settled(&self) -> bool {
        self.is_settled
    }
}

impl fmt::Debug for SourceFingerprint {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names = self.parts.iter().map(|(name, _)| name);
        formatter.debug_set().entries(names).finish()
    }
}
