use rustify::endpoint::Endpoint;
use zeroize::Zeroizing;

use super::error::VaultError;
use crate::Secret;

/// A request, ready to be sent to any of the servers, more than once.
///
/// The endpoints are vaultrs's where it has them. Its client is not used: it has no limit on an answer's length,
/// panics at a header that cannot be sent, and logs what it does.
pub(super) struct Request {
    pub(super) method: reqwest::Method,
    /// The path below `v1/`, as policies name it.
    pub(super) path: String,
    pub(super) query: Option<String>,
    pub(super) body: Zeroizing<Vec<u8>>,
    /// The client token.
    pub(super) client_token: Option<Secret>,
}

impl Request {
    /// A request that needs no login.
    pub(super) fn anonymous(endpoint: &impl Endpoint) -> Result<Self, VaultError> {
        let unbuilt = |_| VaultError::invalid("path", "the request cannot be written");
        Ok(Self {
            method: endpoint.method().into(),
            path: endpoint.path().trim_start_matches('/').to_owned(),
            query: endpoint
                .query()
                .map_err(unbuilt)?
                .filter(|query| !query.is_empty()),
            body: Zeroizing::new(endpoint.body().map_err(unbuilt)?.unwrap_or_default()),
            client_token: None,
        })
    }

    /// A request with the token of a login.
    pub(super) fn new(endpoint: &impl Endpoint, client_token: &Secret) -> Result<Self, VaultError> {
        let mut request = Self::anonymous(endpoint)?;
        request.client_token = Some(client_token.clone());
        Ok(request)
    }
}
