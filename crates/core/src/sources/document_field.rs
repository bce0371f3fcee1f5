use std::fmt;

use serde::de::{Deserialize, Deserializer, Error, IgnoredAny, MapAccess, SeqAccess, Visitor};

use crate::Secret;

/// One value of a document. Every kind is accepted here, because the parser's own message about a wrong kind
/// repeats the value, which may be a secret.
#[derive(Debug)]
pub(crate) enum Field {
    /// Text, whatever it says.
    Text(Secret),
    /// A whole number.
    Integer(i64),
    /// Nothing: `null`.
    Null,
    /// Something else, and what it is.
    Other(&'static str),
}

impl Field {
    /// What it is, to read on after "it is".
    pub(crate) fn kind(&self) -> &'static str {
        match self {
            Self::Text(_) => "text",
            Self::Integer(_) => "a number",
            Self::Null => "null",
            Self::Other(kind) => kind,
        }
    }
}

impl<'de> Deserialize<'de> for Field {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(FieldVisitor)
    }
}

struct FieldVisitor;

impl<'de> Visitor<'de> for FieldVisitor {
    type Value = Field;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a value")
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Field, E> {
        Ok(Field::Text(Secret::new(text)))
    }

    fn visit_i64<E: Error>(self, number: i64) -> Result<Field, E> {
        Ok(Field::Integer(number))
    }

    fn visit_u64<E: Error>(self, number: u64) -> Result<Field, E> {
        Ok(i64::try_from(number).map_or(Field::Other("a number"), Field::Integer))
    }

    /// JSON has one kind of number, so `1.0` is as whole as `1`.
    fn visit_f64<E: Error>(self, number: f64) -> Result<Field, E> {
        if number.fract() != 0.0 {
            return Ok(Field::Other("a number that is not whole"));
        }
        let whole = format!("{number:.0}").parse();
        Ok(whole.map_or(Field::Other("a number"), Field::Integer))
    }

    fn visit_bool<E: Error>(self, _: bool) -> Result<Field, E> {
        Ok(Field::Other("true or false"))
    }

    fn visit_unit<E: Error>(self) -> Result<Field, E> {
        Ok(Field::Null)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Field, A::Error> {
        while items.next_element::<IgnoredAny>()?.is_some() {}
        Ok(Field::Other("a list"))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<Field, A::Error> {
        while entries.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
        Ok(Field::Other("an object"))
    }
}
