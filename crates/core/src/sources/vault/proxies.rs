use reqwest::Proxy;

use super::address::Address;
use super::error::VaultError;
use super::variables::Variables;
use crate::{Secret, bypasses_proxy};

/// The proxies that the variables name. A proxy's URL can hold a password, so it is a secret as a whole.
pub(super) struct Proxies {
    /// The one for Vault alone. Beside it, the general ones and their exceptions do not matter.
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
        let except = self.except.as_deref().unwrap_or_default();
        let is_direct = self.own.is_none() && bypasses_proxy(except, &address.host(), address.port());
        Ok((!is_direct).then_some(proxy))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::FixedEnvironment;

    fn is_used(address: &str, variables: &[(&str, &str)]) -> bool {
        let environment: FixedEnvironment = variables.iter().copied().collect();
        let proxies = Proxies::read(&Variables(&environment)).unwrap();
        let address = Address::parse(address, "address").unwrap();
        proxies.to(&address).unwrap().is_some()
    }

    #[test]
    fn excepted_servers_are_asked_directly_by_name_and_by_number() {
        for (address, no_proxy, expected) in [
            ("https://vault.example", "", true),
            ("https://vault.example", ".example", false),
            ("https://vault.example:8200", "vault.example:8200", false),
            ("https://vault.example:8200", "vault.example:443", true),
            ("https://vault.example", "vault.example:443", false),
            ("http://203.0.113.9:8200", "*", false),
            ("http://203.0.113.9:8200", "203.0.113.9:8200", false),
            ("http://203.0.113.9:8200", "203.0.113.9:8201", true),
            ("http://203.0.113.9:8200", "203.0.113.0/24", false),
            ("https://[2001:db8::9]:8200", "[2001:db8::9]:8200", false),
            ("https://[2001:db8::9]:8200", "2001:db8::/32", false),
            ("https://tresor.bücher.example", "bücher.example", false),
            ("http://127.0.0.1:8200", "", false),
            ("http://localhost:8200", "", false),
        ] {
            let general = [
                ("HTTP_PROXY", "http://proxy.example"),
                ("https_proxy", "http://proxy.example"),
                ("no_proxy", no_proxy),
            ];
            assert_eq!(is_used(address, &general), expected, "{address} {no_proxy}");
            let own = [
                ("VAULT_PROXY_ADDR", "http://proxy.example"),
                ("NO_PROXY", no_proxy),
            ];
            assert!(is_used(address, &own), "{address} {no_proxy}");
        }
    }
}
