use std::time::SystemTime;

use rolewrap_core::{BaseCredentialSource, SourceFingerprint, WebIdentitySource};
use rolewrap_role::WebIdentityToken;

use super::web_identity::COMMON_VARIABLES;
use crate::session::Loaded;
use crate::session::lease::release;
use crate::ui::messages::Messages;

/// Where that comes from which the first role is asked for with.
///
/// A web identity is no `BaseCredentialSource`: it yields no keys, and the first role is asked for with it unsigned. So it
/// stands beside those sources, and everything behind the first hop is the same.
#[derive(Debug)]
pub(crate) enum Source {
    /// Base credentials.
    Keys(Box<dyn BaseCredentialSource>),
    /// A web identity token.
    WebIdentity(WebIdentitySource),
}

impl Source {
    /// The name that the user gave it, or those of an order.
    pub(crate) fn name(&self) -> &str {
        match self {
            Self::Keys(source) => source.name(),
            Self::WebIdentity(source) => source.name(),
        }
    }

    /// What feeds it, and the command does not get.
    pub(crate) fn environment_variables(&self) -> Vec<&str> {
        match self {
            Self::Keys(source) => source.environment_variables(),
            Self::WebIdentity(source) => {
                let mut names = source.environment_variables();
                names.extend(COMMON_VARIABLES);
                names
            }
        }
    }

    /// What the user should know before it is asked.
    pub(crate) fn warnings(&self) -> Vec<String> {
        match self {
            Self::Keys(source) => source.warnings(),
            Self::WebIdentity(_) => Vec::new(),
        }
    }

    /// What tells apart what it would load, as far as that is known without asking anybody else. A web identity is all that
    /// its token says, but for what changes with each token, so that a renewed one is the same; nobody knows before GitHub
    /// is asked. A token that has expired is worth no session, so nothing stands for it.
    pub(crate) fn fingerprint(&self, now: SystemTime) -> Option<SourceFingerprint> {
        let source = match self {
            Self::Keys(source) => return source.fingerprint(),
            Self::WebIdentity(source) => source,
        };
        let token = WebIdentityToken::new(&source.read_here()?.ok()?).ok()?;
        let fingerprint = SourceFingerprint::of("web-identity")
            .with("claims", token.lasting_claims().as_bytes())
            .settled();
        (token.claims().expires_at > now).then_some(fingerprint)
    }

    /// Gives back what its store lent for `loaded`.
    pub(crate) async fn release(&self, loaded: &Loaded, messages: Messages) {
        if let (Self::Keys(source), Loaded::Keys(base)) = (self, loaded) {
            release(&**source, base, messages).await;
        }
    }

    /// Whether `loaded` is kept for the next session, because a person would be needed to load it again. A token is read
    /// anew each time.
    pub(crate) fn is_worth_keeping(&self, loaded: &Loaded) -> bool {
        match (self, loaded) {
            // A key that was made for this run has been revoked by now.
            (Self::Keys(source), Loaded::Keys(base)) => !base.were_made() && source.is_worth_keeping(base),
            _ => false,
        }
    }
}
