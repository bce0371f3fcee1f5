use rolewrap_role::{SessionTag, SessionTags};

use super::Chosen;
use super::choices::invalid;
use crate::error::Error;

/// The tags that a hop sends, and which of them the hops after it inherit.
#[derive(Debug, Clone, Default)]
pub(crate) struct HopTags {
    pub(crate) tags: Vec<Chosen<SessionTag>>,
    pub(crate) transitive: Option<Chosen<Vec<String>>>,
    together: SessionTags,
}

impl HopTags {
    /// Checks what AWS demands of them together.
    pub(super) fn new(
        tags: Vec<Chosen<SessionTag>>,
        transitive: Option<Chosen<Vec<String>>>,
    ) -> Result<Self, Error> {
        let keys = transitive.as_ref().map(|keys| keys.value.clone());
        let values = tags.iter().map(|tag| tag.value.clone()).collect();
        let together = SessionTags::new(values, keys.unwrap_or_default()).map_err(|error| {
            let of_keys = transitive.as_ref().map(|keys| &keys.origin);
            let of_tags = tags.last().map(|tag| &tag.origin);
            let origin = if error.parameter == "transitive tag key" {
                of_keys.or(of_tags)
            } else {
                of_tags.or(of_keys)
            };
            invalid(
                &error,
                origin.expect("without tags and keys nothing can be wrong"),
            )
        })?;
        Ok(Self {
            tags,
            transitive,
            together,
        })
    }

    /// The keys of the transitive ones that are also among `tags`.
    pub(super) fn transitive_among(&self, tags: &[Chosen<SessionTag>]) -> Option<Chosen<Vec<String>>> {
        let is_there = |key: &str| tags.iter().any(|tag| SessionTag::same_key(tag.value.key(), key));
        self.transitive_if(is_there)
    }

    fn transitive_if(&self, counts: impl Fn(&str) -> bool) -> Option<Chosen<Vec<String>>> {
        let keys = self.transitive.as_ref()?;
        let value: Vec<String> = keys.value.iter().filter(|key| counts(key)).cloned().collect();
        let origin = keys.origin.clone();
        (!value.is_empty()).then_some(Chosen { value, origin })
    }

    /// As STS gets them.
    pub(super) fn together(&self) -> SessionTags {
        self.together.clone()
    }

    /// The tags without those that the session has `inherited`, which AWS does not take again.
    pub(super) fn without(&self, inherited: &[Chosen<SessionTag>]) -> Result<Self, Error> {
        let is_inherited = |key: &str| {
            inherited
                .iter()
                .any(|tag| SessionTag::same_key(tag.value.key(), key))
        };
        let tags = self.tags.iter().filter(|tag| !is_inherited(tag.value.key()));
        let transitive = self.transitive_if(|key| !is_inherited(key));
        Self::new(tags.cloned().collect(), transitive)
    }

    /// The tags that the sessions after this one have as well.
    pub(super) fn handed_on(&self) -> impl Iterator<Item = &Chosen<SessionTag>> {
        self.tags.iter().filter(|tag| {
            let keys = self.transitive.as_ref();
            keys.is_some_and(|keys| {
                keys.value
                    .iter()
                    .any(|key| SessionTag::same_key(key, tag.value.key()))
            })
        })
    }
}
