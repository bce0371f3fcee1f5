//! What everybody who takes part is given, and asked to do.

use crate::bench::StsEndpoint;

pub(crate) const ROLE: &str = "arn:aws:iam::123456789012:role/deploy";
pub(crate) const ACCESS_KEY_ID: &str = "AKIAIOSFODNN7EXAMPLE";
pub(crate) const SECRET_ACCESS_KEY: &str = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY";
pub(crate) const TRUE: &str = "/bin/true";
pub(crate) const CALL: &str = "Action=AssumeRole&Version=2011-06-15&RoleSessionName=bench\
                    &RoleArn=arn%3Aaws%3Aiam%3A%3A123456789012%3Arole%2Fdeploy";

/// The variables with the key, the region, and where STS is.
pub(crate) fn variables(sts: &StsEndpoint) -> Vec<(&'static str, String)> {
    let mut variables = vec![
        ("AWS_ACCESS_KEY_ID", ACCESS_KEY_ID.to_owned()),
        ("AWS_SECRET_ACCESS_KEY", SECRET_ACCESS_KEY.to_owned()),
        ("AWS_REGION", "us-east-1".to_owned()),
        ("AWS_DEFAULT_REGION", "us-east-1".to_owned()),
        ("AWS_ENDPOINT_URL_STS", sts.url.clone()),
        ("ROLE", ROLE.to_owned()),
    ];
    variables.extend(sts.bundle.iter().map(|bundle| ("AWS_CA_BUNDLE", bundle.clone())));
    variables
}
