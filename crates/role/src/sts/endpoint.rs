use std::pin::pin;
use std::task::{Context, Poll, Waker};

use aws_sdk_sts::config::endpoint::{DefaultResolver, Endpoint, EndpointFuture, Params, ResolveEndpoint};
use http::Uri;

use crate::{InvalidStsSettings, Region, StsSettings};

/// The one endpoint that is asked. It is worked out once, by the SDK's rules, so that what errors and
/// `endpoint()` show is what is asked.
#[derive(Debug, Clone)]
pub(super) struct StsEndpoint {
    resolved: Endpoint,
    uri: Uri,
}

impl StsEndpoint {
    /// The endpoint that `settings` describe in `region`.
    pub(super) fn new(settings: &StsSettings, region: &Region) -> Result<Self, InvalidStsSettings> {
        if let Some(url) = &settings.endpoint_url {
            check_url(url)?;
            refuse_variants(settings, url)?;
        }
        let resolved = resolve(settings, region).map_err(|reason| InvalidStsSettings::NoEndpoint {
            region: region.clone(),
            reason,
        })?;
        let uri = resolved.url().parse().map_err(|error: http::uri::InvalidUri| {
            InvalidStsSettings::EndpointUrl {
                reason: format!("is not a URL: {error}"),
            }
        })?;
        Ok(Self { resolved, uri })
    }

    pub(super) fn url(&self) -> &str {
        self.resolved.url()
    }

    pub(super) fn uri(&self) -> &Uri {
        &self.uri
    }

    pub(super) fn host(&self) -> &str {
        self.uri.host().unwrap_or_default()
    }

    /// The port, which is that of the scheme where the URL has none.
    pub(super) fn port(&self) -> u16 {
        let usual = if self.uses_tls() { 443 } else { 80 };
        self.uri.port_u16().unwrap_or(usual)
    }

    pub(super) fn uses_tls(&self) -> bool {
        self.uri.scheme_str() == Some("https")
    }
}

impl ResolveEndpoint for StsEndpoint {
    fn resolve_endpoint<'a>(&'a self, _params: &'a Params) -> EndpointFuture<'a> {
        EndpointFuture::ready(Ok(self.resolved.clone()))
    }
}

fn check_url(url: &str) -> Result<(), InvalidStsSettings> {
    let invalid = |reason: String| Err(InvalidStsSettings::EndpointUrl { reason });
    // `Uri` drops a fragment silently.
    if url.contains('#') {
        return invalid("has a fragment (#…); an endpoint is scheme, host and port".to_owned());
    }
    let uri: Uri = match url.parse() {
        Ok(uri) => uri,
        Err(error) => return invalid(format!("is not a URL: {error}")),
    };
    if !matches!(uri.scheme_str(), Some("http" | "https")) {
        return invalid("begins with neither http:// nor https://".to_owned());
    }
    if uri
        .authority()
        .is_some_and(|authority| authority.as_str().contains('@'))
    {
        return invalid("has a user name in it (…@); requests are signed, not logged in".to_owned());
    }
    if uri.host().is_none_or(str::is_empty) {
        return invalid("has no host".to_owned());
    }
    if uri.query().is_some() {
        return invalid("has a query (?…); an endpoint is scheme, host and port".to_owned());
    }
    Ok(())
}

fn refuse_variants(settings: &StsSettings, url: &str) -> Result<(), InvalidStsSettings> {
    let variant = match (settings.use_fips, settings.use_dual_stack) {
        (true, _) => "FIPS",
        (false, true) => "dual-stack",
        (false, false) => return Ok(()),
    };
    Err(InvalidStsSettings::VariantOfCustomEndpoint {
        variant,
        endpoint_url: url.to_owned(),
    })
}

fn resolve(settings: &StsSettings, region: &Region) -> Result<Endpoint, String> {
    let params = Params::builder()
        .region(region.as_str())
        .use_fips(settings.use_fips)
        .use_dual_stack(settings.use_dual_stack)
        .use_global_endpoint(settings.use_global_endpoint)
        .set_endpoint(settings.endpoint_url.clone())
        .build()
        .map_err(|error| error.to_string())?;
    let resolver = DefaultResolver::new();
    // Through the trait, which is the public way. The rules are a computation and nothing waits, so the
    // first poll has the result.
    let future = ResolveEndpoint::resolve_endpoint(&resolver, &params);
    match pin!(future).poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(endpoint) => endpoint.map_err(|error| error.to_string()),
        Poll::Pending => Err("the SDK's endpoint rules gave no immediate answer".to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    type Change = fn(&mut StsSettings);

    fn endpoint(region: &str, change: Change) -> Result<String, InvalidStsSettings> {
        let mut settings = StsSettings::default();
        change(&mut settings);
        StsEndpoint::new(&settings, &region.parse().unwrap()).map(|endpoint| endpoint.url().to_owned())
    }

    #[test]
    fn each_partition_and_variant_has_its_own_url() {
        let fips = |settings: &mut StsSettings| settings.use_fips = true;
        let dual = |settings: &mut StsSettings| settings.use_dual_stack = true;
        let global = |settings: &mut StsSettings| settings.use_global_endpoint = true;
        let plain = |_: &mut StsSettings| {};
        let cases: [(&str, Change, &str); 14] = [
            ("eu-west-1", plain, "https://sts.eu-west-1.amazonaws.com"),
            ("us-east-1", plain, "https://sts.us-east-1.amazonaws.com"),
            ("eu-west-1", fips, "https://sts-fips.eu-west-1.amazonaws.com"),
            ("eu-west-1", dual, "https://sts.eu-west-1.api.aws"),
            ("eu-west-1", global, "https://sts.amazonaws.com"),
            ("us-east-1", global, "https://sts.amazonaws.com"),
            ("eu-south-1", global, "https://sts.eu-south-1.amazonaws.com"),
            ("cn-north-1", plain, "https://sts.cn-north-1.amazonaws.com.cn"),
            (
                "cn-north-1",
                dual,
                "https://sts.cn-north-1.api.amazonwebservices.com.cn",
            ),
            ("us-gov-west-1", plain, "https://sts.us-gov-west-1.amazonaws.com"),
            ("us-gov-west-1", fips, "https://sts.us-gov-west-1.amazonaws.com"),
            ("us-iso-east-1", plain, "https://sts.us-iso-east-1.c2s.ic.gov"),
            ("eusc-de-east-1", plain, "https://sts.eusc-de-east-1.amazonaws.eu"),
            ("aws-global", plain, "https://sts.amazonaws.com"),
        ];
        for (region, change, url) in cases {
            assert_eq!(endpoint(region, change).unwrap(), url, "{region}");
        }
    }

    #[test]
    fn a_url_that_is_more_or_less_than_an_endpoint_is_refused_without_repeating_it() {
        for (url, said) in [
            ("sts.example.com", "neither http:// nor https://"),
            ("ftp://sts.example.com", "neither http:// nor https://"),
            ("https://", "is not a URL"),
            ("https:///path", "is not a URL"),
            ("https://alice:canary@sts.example.com", "user name"),
            ("https://sts.example.com/?canary=1", "query"),
            ("https://sts.example.com/#canary", "fragment"),
            ("https://sts example.com", "is not a URL"),
        ] {
            let settings = StsSettings {
                endpoint_url: Some(url.to_owned()),
                ..StsSettings::default()
            };
            let error = StsEndpoint::new(&settings, &"eu-west-1".parse().unwrap()).unwrap_err();
            let message = error.to_string();
            assert!(message.contains(said), "{url}: {message}");
            assert!(!format!("{message}{error:?}").contains("canary"), "{message}");
        }
    }

    #[test]
    fn a_custom_endpoint_has_no_fips_or_dual_stack_variant() {
        for change in [(|settings| settings.use_fips = true) as Change, |settings| {
            settings.use_dual_stack = true;
        }] {
            let mut settings = StsSettings {
                endpoint_url: Some("http://localhost:4566".to_owned()),
                ..StsSettings::default()
            };
            assert!(StsEndpoint::new(&settings, &"eu-west-1".parse().unwrap()).is_ok());
            change(&mut settings);
            let error = StsEndpoint::new(&settings, &"eu-west-1".parse().unwrap()).unwrap_err();
            assert!(
                matches!(error, InvalidStsSettings::VariantOfCustomEndpoint { .. }),
                "{error}"
            );
        }
    }
}
