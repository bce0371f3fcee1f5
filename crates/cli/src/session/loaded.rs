use rolewrap_core::BaseCredentials;
use rolewrap_role::WebIdentityToken;

use crate::session::signer::Signer;

/// What a source gave to ask for the first role with.
#[derive(Debug)]
pub(crate) enum Loaded {
    /// Base credentials, which sign.
    Keys(BaseCredentials),
    /// A web identity token of the source with this name, which is sent.
    WebIdentity(String, WebIdentityToken),
}

impl Loaded {
    /// As whom the first role is asked for.
    pub(crate) fn signer(&self) -> Signer<'_> {
        match self {
            Self::Keys(base) => Signer::Base(base),
            Self::WebIdentity(source, token) => Signer::WebIdentity(source, token),
        }
    }

    /// The name of the source.
    pub(crate) fn source_name(&self) -> &str {
        match self {
            Self::Keys(base) => base.source_name(),
            Self::WebIdentity(source, _) => source,
        }
    }
}
