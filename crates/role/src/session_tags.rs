use crate::{InvalidParameter, SessionTag};

/// STS API Reference, AssumeRole, `Tags` and `TransitiveTagKeys`.
const MOST: usize = 50;

/// The tags of one session, and which of them the sessions of a chain inherit.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub struct SessionTags {
    tags: Vec<SessionTag>,
    transitive_keys: Vec<String>,
}

impl SessionTags {
    /// At most 50 `tags` with keys that differ in more than case, and the `transitive_keys` among them.
    ///
    /// # Errors
    /// [`InvalidParameter`] for too many tags, a key that occurs twice, or a transitive key without a tag.
    pub fn new(tags: Vec<SessionTag>, transitive_keys: Vec<String>) -> Result<Self, InvalidParameter> {
        if tags.len() > MOST {
            return Err(InvalidParameter::new(
                "session tags",
                "",
                format!("are {}; allowed are at most {MOST}", tags.len()),
            ));
        }
        for (index, tag) in tags.iter().enumerate() {
            if tags[..index]
                .iter()
                .any(|earlier| SessionTag::same_key(earlier.key(), tag.key()))
            {
                return Err(InvalidParameter::new(
                    "session tag key",
                    tag.key(),
                    "occurs twice; AWS compares keys without regard to case",
                ));
            }
        }
        for (index, key) in transitive_keys.iter().enumerate() {
            if !tags.iter().any(|tag| SessionTag::same_key(tag.key(), key)) {
                return Err(InvalidParameter::new(
                    "transitive tag key",
                    key,
                    "is not the key of any session tag that is set",
                ));
            }
            if transitive_keys[..index]
                .iter()
                .any(|earlier| SessionTag::same_key(earlier, key))
            {
                return Err(InvalidParameter::new(
                    "transitive tag key",
                    key,
                    "occurs twice; AWS compares keys without regard to case",
                ));
            }
        }
        Ok(Self {
            tags,
            transitive_keys,
        })
    }

    /// The tags, in the order given.
    pub fn tags(&self) -> &[SessionTag] {
        &self.tags
    }

    /// The keys of the tags that a chain hands on.
    pub fn transitive_keys(&self) -> &[String] {
        &self.transitive_keys
    }

    /// Whether there is no tag.
    pub fn is_empty(&self) -> bool {
        self.tags.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tags(count: usize) -> Vec<SessionTag> {
        (0..count)
            .map(|index| SessionTag::new(&format!("key{index}"), "value").unwrap())
            .collect()
    }

    #[test]
    fn at_most_fifty_tags_are_allowed() {
        assert!(SessionTags::new(tags(50), vec![]).is_ok());
        let error = SessionTags::new(tags(51), vec![]).unwrap_err();
        assert_eq!(error.to_string(), "session tags are 51; allowed are at most 50");
    }

    #[test]
    fn keys_that_differ_only_in_case_are_one_key() {
        let twice = ["Team=a", "team=b"].map(|tag| tag.parse().unwrap());
        let error = SessionTags::new(twice.into(), vec![]).unwrap_err();
        assert!(error.to_string().contains("occurs twice"), "{error}");
    }

    #[test]
    fn a_transitive_key_needs_its_tag_and_occurs_once() {
        assert!(SessionTags::new(tags(2), vec!["KEY1".to_owned()]).is_ok());
        assert!(SessionTags::new(tags(2), vec!["key2".to_owned()]).is_err());
        assert!(SessionTags::new(tags(2), vec!["key1".to_owned(), "Key1".to_owned()]).is_err());
    }
}
