use std::fmt::{self, Write};
use std::str::FromStr;

use aws_lc_rs::digest::{SHA256, digest};

const PREFIX: &str = "sha256:";
/// The length of a SHA-256 digest in hexadecimal digits (FIPS 180-4).
const HEX_DIGITS: usize = 64;

/// A SHA-256 digest, written as `sha256:` and 64 hexadecimal digits.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Digest(String);

impl Digest {
    pub(crate) fn of(bytes: &[u8]) -> Self {
        let mut hex = String::with_capacity(HEX_DIGITS);
        for byte in digest(&SHA256, bytes).as_ref() {
            // Writing to a string cannot fail.
            let _ = write!(hex, "{byte:02x}");
        }
        Self(hex)
    }

    /// The hexadecimal digits alone.
    pub(crate) fn hex(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Digest {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{PREFIX}{}", self.0)
    }
}

/// The text is not a digest.
#[derive(Debug)]
pub(crate) struct InvalidDigest;

impl fmt::Display for InvalidDigest {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            formatter,
            "a digest is `{PREFIX}` and {HEX_DIGITS} hexadecimal digits"
        )
    }
}

impl FromStr for Digest {
    type Err = InvalidDigest;

    fn from_str(text: &str) -> Result<Self, InvalidDigest> {
        let hex = text.strip_prefix(PREFIX).ok_or(InvalidDigest)?;
        let is_hex = hex.len() == HEX_DIGITS && hex.bytes().all(|byte| byte.is_ascii_hexdigit());
        is_hex
            .then(|| Self(hex.to_ascii_lowercase()))
            .ok_or(InvalidDigest)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_digest_is_that_of_the_standard_and_is_read_back_as_it_is_written() {
        // FIPS 180-4, the example of one block.
        let text = "sha256:ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
        let digest = Digest::of(b"abc");
        assert_eq!(digest.to_string(), text);
        assert_eq!(text.parse::<Digest>().unwrap(), digest);
        assert_eq!(text.replace('f', "F").parse::<Digest>().unwrap(), digest);
        for wrong in ["", "sha256:", &text[7..], &text[..70], &text.replace('5', "x")] {
            assert!(wrong.parse::<Digest>().is_err(), "{wrong}");
        }
    }
}
