use rolewrap_role::InvalidStsSettings;

use crate::configuration::{Configuration, variables_of};
use crate::error::Error;
use crate::plan::BasePlan;

/// Why STS cannot be asked at all.
pub(crate) fn settings(error: &InvalidStsSettings, plan: &BasePlan, configuration: &Configuration) -> Error {
    let explained = Error::new(format!("failed to {error}")).causes_of(error);
    let key = match error {
        InvalidStsSettings::EndpointUrl { .. } => Some("sts.endpoint_url"),
        InvalidStsSettings::CaBundle { .. } => Some("sts.ca_bundle"),
        InvalidStsSettings::VariantOfCustomEndpoint { variant, .. } if *variant == "FIPS" => {
            Some("sts.use_fips")
        }
        InvalidStsSettings::VariantOfCustomEndpoint { .. } => Some("sts.use_dual_stack"),
        _ => None,
    };
    let explained = match key {
        Some(key) => explained.from(configuration.origin(key)),
        None => explained,
    };
    let names = |key| variables_of(key).first().copied().unwrap_or_default();
    explained.hint(match error {
        InvalidStsSettings::EndpointUrl { .. } => {
            format!(
                "write it like https://sts.example.com; {} sets it",
                names("sts.endpoint_url")
            )
        }
        InvalidStsSettings::VariantOfCustomEndpoint { .. } => "drop one of the two".to_owned(),
        InvalidStsSettings::NoEndpoint { .. } => {
            "name another region, or drop what that region does not have".to_owned()
        }
        InvalidStsSettings::OtherPartition { .. } => format!(
            "the region is from {}; correct it, or the role",
            plan.region
                .as_ref()
                .map_or_else(|| "the role".to_owned(), |region| region.origin.to_string())
        ),
        InvalidStsSettings::CaBundle { .. } => {
            "name a PEM file with the certificates to trust, or unset it".to_owned()
        }
        InvalidStsSettings::ProxyUrl { .. } => {
            "write it like http://proxy.example.com:3128, in HTTPS_PROXY or HTTP_PROXY".to_owned()
        }
        _ => "correct the setting".to_owned(),
    })
}
