use std::ops::RangeInclusive;

use crate::InvalidParameter;

/// The length and the characters that AWS allows for one parameter.
pub(crate) struct TextLimits {
    /// What the value is for, as messages call it.
    pub(crate) parameter: &'static str,
    /// How many characters there may be.
    pub(crate) characters: RangeInclusive<usize>,
    /// Whether a character is allowed.
    pub(crate) allows: fn(char) -> bool,
    /// The allowed characters, in words.
    pub(crate) allowed: &'static str,
}

impl TextLimits {
    /// Checks `value` against length and characters.
    pub(crate) fn check(&self, value: &str) -> Result<(), InvalidParameter> {
        let refused = value
            .chars()
            .enumerate()
            .find(|&(_, character)| !(self.allows)(character));
        if let Some((index, character)) = refused {
            let problem = format!("has {character:?} at position {}", index + 1);
            return Err(self.violation(value, &problem));
        }
        let length = value.chars().count();
        if !self.characters.contains(&length) {
            let problem = match length {
                0 => "is empty".to_owned(),
                1 => "has 1 character".to_owned(),
                _ => format!("has {length} characters"),
            };
            return Err(self.violation(value, &problem));
        }
        Ok(())
    }

    /// An error about `value` that says what is wrong with it, then the limits.
    pub(crate) fn violation(&self, value: &str, problem: &str) -> InvalidParameter {
        let (shortest, longest) = (self.characters.start(), self.characters.end());
        let limits = format!(
            "{problem}; allowed are {} ({shortest} to {longest} characters)",
            self.allowed
        );
        InvalidParameter::new(self.parameter, value, limits)
    }
}

/// `[\w+=,.@-]`, the characters of session names, source identities and role names. AWS's `\w` is ASCII.
pub(crate) fn is_name_character(character: char) -> bool {
    character.is_ascii_alphanumeric() || "_+=,.@-".contains(character)
}

/// [`is_name_character`] in words.
pub(crate) const NAME_CHARACTERS: &str = "letters, digits and _+=,.@-";
