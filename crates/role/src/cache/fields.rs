use zeroize::Zeroizing;

/// A sequence of values, each behind its length, so that no two sequences look alike. It may hold secrets, and is
/// wiped when it is dropped.
#[derive(Default)]
pub(super) struct FieldWriter(Zeroizing<Vec<u8>>);

impl FieldWriter {
    pub(super) fn bytes(&mut self, value: &[u8]) {
        // Growing would leave a copy behind that nobody wipes.
        let needed = self.0.len() + size_of::<u64>() + value.len();
        if needed > self.0.capacity() {
            let mut larger = Zeroizing::new(Vec::with_capacity(needed.next_power_of_two().max(4096)));
            larger.extend_from_slice(&self.0);
            self.0 = larger;
        }
        self.0.extend_from_slice(&(value.len() as u64).to_be_bytes());
        self.0.extend_from_slice(value);
    }

    pub(super) fn text(&mut self, value: &str) {
        self.bytes(value.as_bytes());
    }

    pub(super) fn number(&mut self, value: u64) {
        self.bytes(&value.to_be_bytes());
    }

    /// A value that may be missing, which is not the same as an empty one.
    pub(super) fn optional(&mut self, value: Option<&str>) {
        self.number(u64::from(value.is_some()));
        self.text(value.unwrap_or_default());
    }

    pub(super) fn as_bytes(&self) -> &[u8] {
        &self.0
    }

    pub(super) fn into_bytes(self) -> Zeroizing<Vec<u8>> {
        self.0
    }
}

/// Reads what a [`FieldWriter`] wrote; `None` where it is something else.
pub(super) struct FieldReader<'a>(&'a [u8]);

impl<'a> FieldReader<'a> {
    pub(super) fn new(bytes: &'a [u8]) -> Self {
        Self(bytes)
    }

    pub(super) fn bytes(&mut self) -> Option<&'a [u8]> {
        let (length, rest) = self.0.split_first_chunk()?;
        let length = usize::try_from(u64::from_be_bytes(*length)).ok()?;
        let (value, rest) = rest.split_at_checked(length)?;
        self.0 = rest;
        Some(value)
    }

    pub(super) fn text(&mut self) -> Option<&'a str> {
        str::from_utf8(self.bytes()?).ok()
    }

    pub(super) fn number(&mut self) -> Option<u64> {
        Some(u64::from_be_bytes(self.bytes()?.try_into().ok()?))
    }

    #[expect(
        clippy::option_option,
        reason = "nothing readable, and a value that is not there"
    )]
    pub(super) fn optional(&mut self) -> Option<Option<&'a str>> {
        let is_there = self.number()? == 1;
        let value = self.text()?;
        Some(is_there.then_some(value))
    }
}
