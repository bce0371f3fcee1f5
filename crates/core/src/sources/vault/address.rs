use std::fmt;

use url::Url;

use super::error::VaultError;

/// The URL of a server, checked, so that nothing that is built from it can fail.
#[derive(Clone, PartialEq, Eq)]
pub(super) struct Address(Url);

impl Address {
    /// Reads `text` as the value of `key`.
    pub(super) fn parse(text: &str, key: &str) -> Result<Self, VaultError> {
        let invalid = |reason: &str| Err(VaultError::invalid(key, format!("the address {reason}")));
        if !text.starts_with("http://") && !text.starts_with("https://") {
            return invalid("begins with neither http:// nor https://");
        }
        let url = match Url::parse(text) {
            Ok(url) => url,
            Err(error) => return invalid(&format!("is no URL: {error}")),
        };
        if !url.username().is_empty() || url.password().is_some() {
            return invalid("has a user name or a password in it");
        }
        if url.query().is_some() || url.fragment().is_some() {
            return invalid("has more than a host, a port and a path");
        }
        Ok(Self(url))
    }

    /// Whether it is a server on this machine.
    pub(super) fn is_this_machine(&self) -> bool {
        let host = self.host();
        let host = host.trim_matches(['[', ']']);
        host == "localhost"
            || host
                .parse::<std::net::IpAddr>()
                .is_ok_and(|address| address.is_loopback())
    }

    /// Whether the connection is encrypted.
    pub(super) fn is_tls(&self) -> bool {
        self.0.scheme() == "https"
    }

    /// The URL of the API at `path`, which has no slash in front. Every part of it stays one part.
    pub(super) fn api(&self, path: &str, query: Option<&str>) -> Url {
        let mut url = self.0.clone();
        if let Ok(mut segments) = url.path_segments_mut() {
            segments.pop_if_empty().push("v1").extend(path.split('/'));
        }
        url.set_query(query);
        url
    }

    /// The server that `location` redirects a request for `url` to.
    pub(super) fn redirected(url: &Url, location: &str) -> Result<Self, &'static str> {
        let target = url.join(location).map_err(|_| "it redirects to what is no URL")?;
        if url.scheme() == "https" && target.scheme() != "https" {
            return Err("it redirects away from TLS");
        }
        if !matches!(target.scheme(), "http" | "https") || target.host().is_none() {
            return Err("it redirects to something that is not a server");
        }
        if !target.username().is_empty() || target.password().is_some() {
            return Err("it redirects to a URL with a user name or a password in it");
        }
        // A standby names the same path at the active node. Anything else, such as a login page in front of
        // the server, must not get what the request carries.
        if target.path() != url.path() {
            return Err("it redirects to another path, as a login page in front of it would");
        }
        Ok(Self(target))
    }

    /// The URL as a whole, which a redirect leads to.
    pub(super) fn as_url(&self) -> &Url {
        &self.0
    }

    /// The same without a path.
    pub(super) fn server(&self) -> Self {
        let mut url = self.0.clone();
        url.set_path("");
        url.set_query(None);
        Self(url)
    }

    /// What tells one server's connections from another's.
    pub(super) fn origin(&self) -> String {
        self.0.origin().ascii_serialization()
    }

    /// The port, which is that of the scheme where the URL has none.
    pub(super) fn port(&self) -> u16 {
        self.0.port_or_known_default().unwrap_or_default()
    }

    /// The host, as a name or as an IP address without brackets.
    pub(super) fn host(&self) -> String {
        self.0
            .host_str()
            .unwrap_or_default()
            .trim_matches(['[', ']'])
            .to_owned()
    }
}

impl fmt::Display for Address {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.0.as_str().trim_end_matches('/'))
    }
}

impl fmt::Debug for Address {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, formatter)
    }
}

/// Refuses what is no path below the API. `..` would lead to another place than a policy or a person expects.
pub(super) fn checked_path(path: &str, key: &str) -> Result<(), VaultError> {
    let problem = if path.is_empty() {
        "is empty"
    } else if path.contains(char::is_control) {
        "has a line end or another control character in it"
    } else if path
        .split('/')
        .any(|part| part.is_empty() || part == "." || part == "..")
    {
        "has an empty part, or one that is . or .., between its slashes"
    } else {
        return Ok(());
    };
    Err(VaultError::invalid(key, format!("the {key} {problem}")))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(text: &str) -> String {
        Address::parse(text, "address").unwrap_err().to_string()
    }

    #[test]
    fn what_is_no_address_is_refused_in_words() {
        for (text, expected) in [
            ("vault.example.com", "begins with neither http:// nor https://"),
            ("https://", "is no URL"),
            ("https://[::1", "is no URL"),
            ("https://host:99999", "is no URL"),
            ("https://alice:pw@host", "a user name or a password"),
            ("https://host/?a=b", "more than a host, a port and a path"),
        ] {
            let message = refused(text);
            assert!(message.contains(expected), "{text}: {message}");
            assert!(!message.contains("pw"), "{message}");
        }
    }

    #[test]
    fn the_api_is_below_v1_whatever_stands_before_and_in_the_path() {
        for (address, expected) in [
            ("https://vault:8200", "https://vault:8200/v1/secret/data/a%20b%3F"),
            (
                "https://vault:8200/",
                "https://vault:8200/v1/secret/data/a%20b%3F",
            ),
            (
                "https://proxy/vault/",
                "https://proxy/vault/v1/secret/data/a%20b%3F",
            ),
        ] {
            let address = Address::parse(address, "address").unwrap();
            assert_eq!(address.api("secret/data/a b?", None).as_str(), expected);
        }
    }

    #[test]
    fn a_redirect_is_followed_to_the_same_path_of_another_server_only() {
        let url = Url::parse("https://a/v1/secret/data/x").unwrap();
        assert!(Address::redirected(&url, "https://b:1/v1/secret/data/x").is_ok());
        for location in [
            "http://b/v1/secret/data/x",
            "https://sso/login",
            "ftp://b/v1/secret/data/x",
            "https://",
            "https://alice:pw@b/v1/secret/data/x",
            "https://alice@b/v1/secret/data/x",
        ] {
            assert!(Address::redirected(&url, location).is_err(), "{location}");
        }
    }

    #[test]
    fn a_path_that_leads_elsewhere_is_refused() {
        for path in ["", "/aws", "aws/", "aws//x", "aws/../x", "aws\nx"] {
            assert!(checked_path(path, "path").is_err(), "{path:?}");
        }
        assert!(checked_path("aws/security", "path").is_ok());
    }
}
