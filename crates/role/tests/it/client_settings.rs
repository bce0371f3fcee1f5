use std::fs;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use rolewrap_role::{InvalidStsSettings, Partition, StsClient, StsSettings};
use tempfile::TempDir;

use crate::support::{SystemClock, everything};

fn client(settings: StsSettings, partition: Partition) -> Result<StsClient, InvalidStsSettings> {
    StsClient::new(settings, partition, Arc::new(SystemClock))
}

fn with_bundle(path: &Path) -> InvalidStsSettings {
    let settings = StsSettings {
        ca_bundle: Some(path.to_owned()),
        ..StsSettings::default()
    };
    client(settings, Partition::Aws).unwrap_err()
}

#[test]
fn without_a_region_the_roles_partition_decides_where_sts_is_asked() {
    for (partition, region, endpoint) in [
        (Partition::Aws, "us-east-1", "https://sts.us-east-1.amazonaws.com"),
        (
            Partition::AwsCn,
            "cn-north-1",
            "https://sts.cn-north-1.amazonaws.com.cn",
        ),
        (
            Partition::AwsUsGov,
            "us-gov-west-1",
            "https://sts.us-gov-west-1.amazonaws.com",
        ),
    ] {
        let client = client(StsSettings::default(), partition).unwrap();
        assert_eq!(client.region().as_str(), region);
        assert_eq!(client.endpoint(), endpoint);
    }
}

#[test]
fn region_and_role_are_in_one_partition() {
    let settings = StsSettings {
        region: Some("eu-west-1".parse().unwrap()),
        ..StsSettings::default()
    };
    let error = client(settings, Partition::AwsCn).unwrap_err();
    assert_eq!(
        error.to_string(),
        "ask STS in region eu-west-1: it is in partition aws, and the role is in partition aws-cn"
    );
}

#[test]
fn a_bundle_that_cannot_be_read_is_named() {
    let folder = TempDir::new().unwrap();
    let missing = folder.path().join("missing.pem");
    let error = with_bundle(&missing);
    assert_eq!(
        error.to_string(),
        format!("use CA bundle {}: it cannot be read", missing.display())
    );
    assert!(everything(&error).contains("No such file"), "{error:?}");
    assert!(
        with_bundle(folder.path())
            .to_string()
            .contains("it cannot be read")
    );
}

#[test]
fn a_bundle_without_certificates_is_refused() {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("ca.pem");
    for content in [
        "",
        "not a certificate",
        "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n",
    ] {
        fs::write(&path, content).unwrap();
        let error = with_bundle(&path);
        assert!(
            error.to_string().ends_with("there is no PEM certificate in it"),
            "{content}: {error}"
        );
    }
}

#[test]
fn a_bundle_with_a_broken_certificate_is_refused_before_it_could_panic() {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("ca.pem");
    for content in [
        // Base64 of something that is no certificate.
        "-----BEGIN CERTIFICATE-----\naGVsbG8gd29ybGQ=\n-----END CERTIFICATE-----\n",
        "-----BEGIN CERTIFICATE-----\n-----END CERTIFICATE-----\n",
        "-----BEGIN CERTIFICATE-----\n!!!!\n-----END CERTIFICATE-----\n",
        "-----BEGIN CERTIFICATE-----\naGVsbG8gd29ybGQ=\n",
    ] {
        fs::write(&path, content).unwrap();
        let error = with_bundle(&path);
        assert!(matches!(error, InvalidStsSettings::CaBundle { .. }), "{content}");
        assert!(
            error.to_string().ends_with("certificate 1 in it is broken"),
            "{content}: {error}"
        );
    }
}

#[test]
fn a_bundle_is_checked_also_where_no_tls_needs_it() {
    let settings = StsSettings {
        endpoint_url: Some("http://127.0.0.1:1".to_owned()),
        ca_bundle: Some("/nonexistent/ca.pem".into()),
        ..StsSettings::default()
    };
    assert!(matches!(
        client(settings, Partition::Aws),
        Err(InvalidStsSettings::CaBundle { .. })
    ));
}

#[test]
fn limits_of_zero_are_refused() {
    for (setting, change) in [
        (
            "connect_timeout",
            (|settings| settings.connect_timeout = Duration::ZERO) as fn(&mut StsSettings),
        ),
        ("attempt_timeout", |settings| {
            settings.attempt_timeout = Duration::ZERO;
        }),
        ("total_timeout", |settings| {
            settings.total_timeout = Duration::ZERO;
        }),
        ("max_attempts", |settings| settings.max_attempts = 0),
    ] {
        let mut settings = StsSettings::default();
        change(&mut settings);
        let error = client(settings, Partition::Aws).unwrap_err();
        assert!(error.to_string().contains(setting), "{error}");
    }
}
