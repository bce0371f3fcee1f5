use rolewrap_core::BaseCredentials;
use rolewrap_role::{Session, WebIdentityToken};

use crate::error::Error;
use crate::plan::Hop;

/// Whose credentials a request to STS is signed with.
#[derive(Debug)]
pub(crate) enum Signer<'a> {
    /// The base credentials.
    Base(&'a BaseCredentials),
    /// None: a web identity token of the source with this name is sent.
    WebIdentity(&'a str, &'a WebIdentityToken),
    /// The session of the hop before, in a chain.
    Hop {
        /// That hop.
        hop: &'a Hop,
        /// What STS calls its session.
        arn: String,
        /// The session, to sign with.
        credentials: BaseCredentials,
    },
}

impl<'a> Signer<'a> {
    /// The session that STS gave for `hop`.
    pub(crate) fn after(hop: &'a Hop, session: &Session) -> Result<Self, Error> {
        let name = format!("the session of {}", hop.name());
        let credentials = session.to_base_credentials(&name).map_err(|error| {
            Error::new(format!("cannot sign with {name}")).cause(error).hint(
                "check the endpoint (AWS_ENDPOINT_URL_STS) and whether something answers in AWS's place",
            )
        })?;
        Ok(Self::Hop {
            hop,
            arn: session.assumed_role_arn().to_owned(),
            credentials,
        })
    }

    /// The id of the key that signs, if one does.
    pub(crate) fn key(&self) -> &str {
        match self {
            Self::Base(base) => base.access_key_id(),
            Self::WebIdentity(..) => "",
            Self::Hop { credentials, .. } => credentials.access_key_id(),
        }
    }

    /// How a sentence calls it.
    pub(crate) fn name(&self) -> &str {
        match self {
            Self::Base(base) => base.access_key_id(),
            Self::WebIdentity(..) => "this web identity",
            Self::Hop { arn, .. } => arn,
        }
    }
}
