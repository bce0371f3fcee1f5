use std::fmt;

use http::{HeaderValue, Uri};
use hyper_util::client::proxy::matcher::Matcher;
use rolewrap_core::{BoxError, Secret, bypasses_proxy};

use super::endpoint::StsEndpoint;
use crate::{InvalidStsSettings, StsSettings};

/// The proxy that the endpoint is asked through. `Debug` shows neither user name nor password.
#[derive(Clone)]
pub(super) struct Proxy {
    url: Secret,
    shown: String,
    uses_tls: bool,
}

impl Proxy {
    /// The proxy that `settings` put before `endpoint`: the one for its scheme, unless its host is excepted.
    ///
    /// A proxy for the other scheme is checked as well, so that a mistake in it is found now.
    pub(super) fn for_endpoint(
        settings: &StsSettings,
        endpoint: &StsEndpoint,
    ) -> Result<Option<Self>, InvalidStsSettings> {
        let http = parse("http", settings.http_proxy.as_ref())?;
        let https = parse("https", settings.https_proxy.as_ref())?;
        let Some(proxy) = (if endpoint.uses_tls() { https } else { http }) else {
            return Ok(None);
        };
        let except = settings.no_proxy.as_deref().unwrap_or_default();
        let is_direct = bypasses_proxy(except, endpoint.host(), endpoint.port());
        Ok((!is_direct).then_some(proxy))
    }

    /// The URL without user name and password.
    pub(super) fn shown(&self) -> &str {
        &self.shown
    }

    /// Whether the connection to the proxy itself is TLS.
    pub(super) fn uses_tls(&self) -> bool {
        self.uses_tls
    }

    /// Where it is, and the header that has user name and password.
    pub(super) fn expose_way(&self) -> Result<(Uri, Option<HeaderValue>), BoxError> {
        // The matcher knows how both are written in a URL. It takes all hosts, so which one is asked for is no matter.
        let matcher = Matcher::builder().all(self.url.expose()).build();
        let way = matcher
            .intercept(&Uri::from_static("https://any.host"))
            .ok_or("the proxy's URL cannot be used")?;
        Ok((way.uri().clone(), way.basic_auth().cloned()))
    }
}

impl fmt::Debug for Proxy {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_tuple("Proxy").field(&self.shown).finish()
    }
}

fn parse(scheme: &'static str, url: Option<&Secret>) -> Result<Option<Proxy>, InvalidStsSettings> {
    let Some(url) = url.map(|url| url.expose().trim()).filter(|url| !url.is_empty()) else {
        return Ok(None);
    };
    let invalid = |reason: &str| InvalidStsSettings::ProxyUrl {
        scheme,
        reason: reason.to_owned(),
    };
    // Curl and everything after it takes `host:port` for `http://host:port`.
    let url = if url.contains("://") {
        url.to_owned()
    } else {
        format!("http://{url}")
    };
    let url = Secret::new(url);
    // Why it is no URL could quote a part of it.
    let uri: Uri = url
        .expose()
        .parse()
        .map_err(|_| invalid("is not a URL; signs like / # @ in a password are written %2F %23 %40"))?;
    if !matches!(uri.scheme_str(), Some("http" | "https")) {
        return Err(invalid("begins with neither http:// nor https://"));
    }
    let Some(host) = uri.host().filter(|host| !host.is_empty()) else {
        return Err(invalid("has no host"));
    };
    // A password with a slash in it would end the host's part early, and the rest of it would be taken for a path.
    if uri
        .path_and_query()
        .is_some_and(|rest| rest.as_str().contains('@'))
    {
        return Err(invalid(
            "has an @ behind its host; signs like / # @ in a password are written %2F %23 %40",
        ));
    }
    let uses_tls = uri.scheme_str() == Some("https");
    let port = uri.port_u16().map_or_else(String::new, |port| format!(":{port}"));
    let shown = format!("{}://{host}{port}", if uses_tls { "https" } else { "http" });
    let proxy = Proxy { url, shown, uses_tls };
    proxy
        .expose_way()
        .map_err(|_| invalid("is not a URL of a proxy"))?;
    Ok(Some(proxy))
}

#[cfg(test)]
mod tests {
    use super::*;

    const PROXY: &str = "http://alice:canary@proxy.example:3128";

    fn settings(http: Option<&str>, https: Option<&str>, no: Option<&str>) -> StsSettings {
        StsSettings {
            http_proxy: http.map(Secret::new),
            https_proxy: https.map(Secret::new),
            no_proxy: no.map(str::to_owned),
            ..StsSettings::default()
        }
    }

    fn proxy(endpoint_url: &str, settings: StsSettings) -> Result<Option<String>, InvalidStsSettings> {
        let settings = StsSettings {
            endpoint_url: Some(endpoint_url.to_owned()),
            ..settings
        };
        let endpoint = StsEndpoint::new(&settings, &"eu-west-1".parse().unwrap()).unwrap();
        let proxy = Proxy::for_endpoint(&settings, &endpoint)?;
        assert!(!format!("{proxy:?}").contains("canary"));
        Ok(proxy.map(|proxy| proxy.shown().to_owned()))
    }

    #[test]
    fn the_scheme_of_the_endpoint_chooses_the_proxy() {
        let both = || settings(Some("http://plain.example"), Some(PROXY), None);
        assert_eq!(
            proxy("https://sts.example", both()).unwrap().unwrap(),
            "http://proxy.example:3128"
        );
        assert_eq!(
            proxy("http://sts.example", both()).unwrap().unwrap(),
            "http://plain.example"
        );
        assert_eq!(
            proxy("https://sts.example", settings(Some(PROXY), None, None)).unwrap(),
            None
        );
        assert_eq!(
            proxy("https://sts.example", settings(None, Some(" "), None)).unwrap(),
            None
        );
    }

    #[test]
    fn excepted_hosts_are_asked_directly() {
        for (url, no_proxy, expected) in [
            ("https://sts.example", "sts.example", false),
            ("https://sts.example", ".example", false),
            ("https://sts.example", "other.example, sts.example", false),
            ("https://sts.example", "sts.example:443", false),
            ("https://sts.example:8443", "sts.example:443", true),
            ("https://sts.example", "*", false),
            ("https://sts.example", "ample", true),
            ("https://sts.example", "other.example", true),
            ("https://sts.example", "", true),
            ("https://203.0.113.9:8443", "*", false),
            ("https://203.0.113.9:8443", "203.0.113.9:8443", false),
            ("https://203.0.113.9:8443", "203.0.113.0/24", false),
            ("https://[2001:db8::9]:8443", "[2001:db8::9]:8443", false),
            ("https://[2001:db8::9]:8443", "[2001:db8::9]:443", true),
            ("https://127.0.0.1:8443", "", false),
        ] {
            let used = proxy(url, settings(None, Some(PROXY), Some(no_proxy))).unwrap();
            assert_eq!(used.is_some(), expected, "{url} {no_proxy}");
        }
        let used = proxy(
            "http://203.0.113.9",
            settings(Some(PROXY), None, Some("203.0.113.9:80")),
        );
        assert_eq!(used.unwrap(), None);
    }

    #[test]
    fn a_proxy_without_a_scheme_is_an_http_proxy() {
        let used = proxy(
            "https://sts.example",
            settings(None, Some("proxy.example:3128"), None),
        )
        .unwrap();
        assert_eq!(used.unwrap(), "http://proxy.example:3128");
    }

    #[test]
    fn a_proxy_that_cannot_be_used_is_refused_without_its_password() {
        for bad in [
            "socks5://alice:canary@proxy.example",
            "http://alice:can/ary canary@proxy.example",
            "http://alice:canary@",
            "http://127.0.0.1:4242/7canary@proxy.example:3128",
            "http://",
        ] {
            // Also where the endpoint would not use it.
            for settings in [settings(None, Some(bad), None), settings(Some(bad), None, None)] {
                let error = proxy("https://sts.example", settings).unwrap_err();
                assert!(matches!(error, InvalidStsSettings::ProxyUrl { .. }), "{bad}");
                assert!(!format!("{error} {error:?}").contains("canary"), "{error:?}");
            }
        }
    }
}
