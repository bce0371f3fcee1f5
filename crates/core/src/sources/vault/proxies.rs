use reqwest::{NoProxy, Proxy};

use super::address::Address;
use super::error::VaultError;
use super::variables::Variables;
use crate::Secret;

/// The proxies that the variables name. A proxy's URL can hold a password, so it is a secret as a whole.
pub(super) struct Proxies {
    /// The one for Vault alone, which the general ones and their exceptions do not matter beside.
    own: Option<(Secret, String)>,
    https: Option<(Secret, String)>,
    http: Option<(Secret, String)>,
    except: Option<String>,
}

impl Proxies {
    pub(super) fn read(variables: &Variables<'_>) -> Result<Self, VaultError> {
        let own = match variables.secret("PROXY_ADDR")? {
            None => variables.secret("HTTP_PROXY")?,
            own => own,
        };
        let except = variables.first(&["no_proxy", "NO_PROXY"])?;
        Ok(Self {
            own,
            https: variables.first(&["https_proxy", "HTTPS_PROXY"])?,
            http: variables.first(&["http_proxy", "HTTP_PROXY"])?,
            except: except.map(|(hosts, _)| hosts.expose().to_owned()),
        })
    }

    /// The proxy to a server, if there is one.
    pub(super) fn to(&self, address: &Address) -> Result<Option<Proxy>, VaultError> {
        let general = if address.is_tls() { &self.https } else { &self.http };
        let Some((url, variable)) = self.own.as_ref().or(general.as_ref()) else {
            return Ok(None);
        };
        let invalid = |_| {
            VaultError::invalid(
                variable,
                format!("the URL of the proxy in {variable} is not valid"),
            )
        };
        let proxy = Proxy::all(url.expose()).map_err(invalid)?;
        let except = self.except.as_deref().filter(|_| self.own.is_none());
        Ok(Some(proxy.no_proxy(except.and_then(NoProxy::from_string))))
    }
}
