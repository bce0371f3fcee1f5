use async_trait::async_trait;

use crate::{BaseCredentialSource, BaseCredentials, PassedOver, SourceError, SourceFingerprint};

/// Several sources, tried in order until one has base credentials.
///
/// Only [`SourceError::NotFound`] moves on to the next. Any other failure stops, because a key that is there
/// and cannot be read must not be replaced by another one that nobody chose.
#[derive(Debug)]
pub struct FallbackOrder {
    name: String,
    sources: Vec<Box<dyn BaseCredentialSource>>,
}

impl FallbackOrder {
    /// An order over `sources`, first to last.
    pub fn new(sources: Vec<Box<dyn BaseCredentialSource>>) -> Self {
        let name = sources
            .iter()
            .map(|source| source.name())
            .collect::<Vec<_>>()
            .join(", ");
        Self { name, sources }
    }
}

#[async_trait]
impl BaseCredentialSource for FallbackOrder {
    fn name(&self) -> &str {
        &self.name
    }

    fn environment_variables(&self) -> Vec<&str> {
        self.sources
            .iter()
            .flat_map(|source| source.environment_variables())
            .collect()
    }

    fn warnings(&self) -> Vec<String> {
        self.sources.iter().flat_map(|source| source.warnings()).collect()
    }

    /// Those of all sources that may be the one that has the credentials.
    fn fingerprint(&self) -> Option<SourceFingerprint> {
        let mut whole = SourceFingerprint::of("order");
        for source in &self.sources {
            whole.append(source.fingerprint()?);
            if whole.is_settled() {
                break;
            }
        }
        Some(whole)
    }

    fn is_worth_keeping(&self, credentials: &BaseCredentials) -> bool {
        let mut sources = self.sources.iter();
        sources
            .any(|source| source.name() == credentials.source_name() && source.is_worth_keeping(credentials))
    }

    async fn load(&self) -> Result<BaseCredentials, SourceError> {
        let mut tried = Vec::new();
        for source in &self.sources {
            match source.load().await {
                Err(SourceError::NotFound { name, reason }) => tried.push(PassedOver::new(name, reason)),
                Ok(credentials) => return Ok(credentials.with_passed_over(tried)),
                Err(error) if !tried.is_empty() => return Err(after(&tried, error)),
                Err(error) => return Err(error),
            }
        }
        Err(SourceError::NotFound {
            name: self.name.clone(),
            reason: listed(&tried),
        })
    }

    async fn release(&self, credentials: &BaseCredentials) -> Result<(), SourceError> {
        for source in &self.sources {
            if source.name() == credentials.source_name() {
                return source.release(credentials).await;
            }
        }
        Ok(())
    }
}

/// The error with the sources before it, which had nothing: the user may have meant one of those to be used.
fn after(tried: &[PassedOver], mut error: SourceError) -> SourceError {
    let (SourceError::NotFound { name, reason }
    | SourceError::InvalidConfiguration { name, reason, .. }
    | SourceError::Denied { name, reason, .. }
    | SourceError::Unavailable { name, reason, .. }
    | SourceError::Malformed { name, reason, .. }
    | SourceError::NotReleased { name, reason, .. }) = &mut error;
    *reason = format!("{}; {name}: {reason}", listed(tried));
    error
}

fn listed(tried: &[PassedOver]) -> String {
    let tried = tried
        .iter()
        .map(|source| format!("{}: {}", source.source_name(), source.reason()));
    tried.collect::<Vec<_>>().join("; ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Secret;

    #[derive(Debug)]
    struct Scripted {
        name: &'static str,
        answer: fn(&str) -> Result<BaseCredentials, SourceError>,
    }

    #[async_trait]
    impl BaseCredentialSource for Scripted {
        fn name(&self) -> &str {
            self.name
        }

        fn environment_variables(&self) -> Vec<&str> {
            vec![self.name]
        }

        async fn load(&self) -> Result<BaseCredentials, SourceError> {
            (self.answer)(self.name)
        }
    }

    #[allow(clippy::unnecessary_wraps, reason = "an answer among others")]
    fn present(name: &str) -> Result<BaseCredentials, SourceError> {
        Ok(BaseCredentials::new(name, "AKIAIOSFODNN7EXAMPLE", &Secret::new("secret")).unwrap())
    }

    fn absent(name: &str) -> Result<BaseCredentials, SourceError> {
        Err(SourceError::NotFound {
            name: name.to_owned(),
            reason: "nothing here".to_owned(),
        })
    }

    fn locked(name: &str) -> Result<BaseCredentials, SourceError> {
        Err(SourceError::Denied {
            name: name.to_owned(),
            reason: "locked".to_owned(),
            cause: None,
        })
    }

    type Answer = fn(&str) -> Result<BaseCredentials, SourceError>;

    fn order(sources: &[(&'static str, Answer)]) -> FallbackOrder {
        FallbackOrder::new(
            sources
                .iter()
                .map(|&(name, answer)| Box::new(Scripted { name, answer }) as Box<_>)
                .collect(),
        )
    }

    #[tokio::test]
    async fn the_first_source_that_has_credentials_is_used() {
        let order = order(&[("one", absent), ("two", present), ("three", present)]);
        let loaded = order.load().await.unwrap();
        assert_eq!(loaded.source_name(), "two");
        let passed_over: Vec<_> = loaded.passed_over().iter().map(PassedOver::source_name).collect();
        assert_eq!(passed_over, ["one"]);
        assert_eq!(order.name(), "one, two, three");
        assert_eq!(order.environment_variables(), ["one", "two", "three"]);
    }

    #[tokio::test]
    async fn a_source_that_is_broken_is_not_passed_over() {
        let error = order(&[("one", locked), ("two", present)])
            .load()
            .await
            .unwrap_err();
        assert!(matches!(error, SourceError::Denied { .. }), "{error}");
    }

    #[tokio::test]
    async fn a_failure_tells_which_sources_before_it_had_nothing() {
        let error = order(&[("one", absent), ("two", locked)])
            .load()
            .await
            .unwrap_err();
        assert_eq!(
            error.to_string(),
            "read base credentials from source two: one: nothing here; two: locked"
        );
    }

    #[tokio::test]
    async fn when_all_are_absent_the_error_says_where_each_looked() {
        let error = order(&[("one", absent), ("two", absent)])
            .load()
            .await
            .unwrap_err();
        assert_eq!(
            error.to_string(),
            "find base credentials in source one, two: one: nothing here; two: nothing here"
        );
    }

    #[test]
    fn the_fingerprint_ends_with_the_first_source_that_is_known_to_have_credentials() {
        #[derive(Debug)]
        struct Marked(&'static str, bool);
        #[async_trait]
        impl BaseCredentialSource for Marked {
            fn name(&self) -> &str {
                self.0
            }

            fn fingerprint(&self) -> Option<SourceFingerprint> {
                let fingerprint = SourceFingerprint::of(self.0);
                match self.0 {
                    "unknown" => None,
                    _ if self.1 => Some(fingerprint.settled()),
                    _ => Some(fingerprint),
                }
            }

            async fn load(&self) -> Result<BaseCredentials, SourceError> {
                unreachable!("nobody is asked")
            }
        }
        let kinds = |sources: Vec<Marked>| {
            let sources = sources.into_iter().map(|source| Box::new(source) as Box<_>);
            let fingerprint = FallbackOrder::new(sources.collect()).fingerprint()?;
            let kinds = fingerprint
                .parts()
                .map(|(_, kind)| String::from_utf8(kind.to_vec()).unwrap());
            Some(kinds.collect::<Vec<_>>().join(" "))
        };
        let both = |settled| vec![Marked("one", settled), Marked("two", false)];
        assert_eq!(kinds(both(false)).unwrap(), "order one two");
        assert_eq!(kinds(both(true)).unwrap(), "order one");
        assert_eq!(kinds(vec![Marked("one", false), Marked("unknown", false)]), None);
        assert_eq!(
            kinds(vec![Marked("one", true), Marked("unknown", false)]).unwrap(),
            "order one"
        );
    }
}
