use rolewrap_lab::{Answer, StsStub};
use rolewrap_role::StsError;

use crate::support::{assume, everything};

/// Asks a stub that refuses with `status` and `code`, and sees that it was asked once.
async fn refused(status: u16, code: &str) -> StsError {
    let stub = StsStub::start().unwrap();
    stub.answer_by_default(Answer::error(status, code, "because <of> \u{1f980} & \u{9b}31m"));
    let error = assume(&stub).await.unwrap_err();
    assert_eq!(stub.count(), 1, "{code} is asked once");
    assert_eq!(error.code(), Some(code));
    assert_eq!(
        error.message(),
        Some("because <of> \u{1f980} & \u{9b}31m"),
        "texts stay raw in the fields"
    );
    assert_eq!(error.request_id(), Some("00000000-0000-4000-8000-000000000001"));
    assert_eq!(error.endpoint(), Some(stub.url().as_str()));
    assert!(
        !error.to_string().contains('\u{9b}'),
        "control characters are visible in the message: {error}"
    );
    assert!(error.to_string().contains("(request id 00000000-"), "{error}");
    error
}

#[tokio::test]
async fn a_denial_is_final() {
    let error = refused(403, "AccessDenied").await;
    assert!(matches!(error, StsError::AccessDenied { .. }), "{error}");
    assert!(
        error
            .to_string()
            .starts_with("assume role arn:aws:iam::123456789012:role/team/deploy: "),
        "{error}"
    );
}

#[tokio::test]
async fn expired_base_credentials_are_final() {
    for code in ["ExpiredToken", "ExpiredTokenException"] {
        let error = refused(403, code).await;
        assert!(
            matches!(error, StsError::ExpiredBaseCredentials { .. }),
            "{error}"
        );
        assert!(
            error.to_string().contains("from source test have expired; "),
            "{error}"
        );
    }
}

#[tokio::test]
async fn an_unknown_access_key_is_final() {
    let error = refused(403, "InvalidClientTokenId").await;
    assert!(matches!(error, StsError::UnknownAccessKey { .. }), "{error}");
}

#[tokio::test]
async fn a_wrong_signature_is_final() {
    let error = refused(403, "SignatureDoesNotMatch").await;
    assert!(matches!(error, StsError::SignatureMismatch { .. }), "{error}");
    assert!(
        error
            .to_string()
            .contains("does not belong to AKIAIOSFODNN7EXAMPLE"),
        "{error}"
    );
}

#[tokio::test]
async fn rejected_parameters_are_final() {
    for code in [
        "ValidationError",
        "MalformedPolicyDocument",
        "PackedPolicyTooLarge",
    ] {
        let error = refused(400, code).await;
        assert!(matches!(error, StsError::RejectedParameters { .. }), "{error}");
    }
}

#[tokio::test]
async fn a_disabled_region_is_final() {
    let error = refused(403, "RegionDisabledException").await;
    assert!(
        matches!(&error, StsError::RegionDisabled { region, .. } if region.as_str() == "eu-west-1"),
        "{error}"
    );
}

#[tokio::test]
async fn a_code_that_nobody_knows_is_final() {
    let error = refused(400, "SomethingNew").await;
    assert!(matches!(error, StsError::Service { attempts: 1, .. }), "{error}");
}

#[tokio::test]
async fn a_wrong_clock_is_named_with_its_difference_and_its_direction() {
    // The stub's clock is ahead where ours is behind. Half a minute more, so that the minutes are certain.
    for (ahead, said) in [
        (3750, "behind that of http://"),
        (-3750, "ahead of that of http://"),
    ] {
        for code in [
            "SignatureDoesNotMatch",
            "RequestExpired",
            "InvalidSignatureException",
        ] {
            let stub = StsStub::start().unwrap();
            stub.answer_by_default(
                Answer::error(403, code, "Signature expired").with_clock_ahead_seconds(ahead),
            );
            let error = assume(&stub).await.unwrap_err();
            let StsError::ClockSkew { skew, .. } = &error else {
                panic!("{code}: {error}")
            };
            assert_eq!(skew.is_ahead(), ahead < 0);
            assert!(
                error.to_string().contains("this machine's clock is 1h 2m "),
                "{error}"
            );
            assert!(error.to_string().contains(said), "{error}");
            assert_eq!(stub.count(), 1, "a wrong clock is not worked around");
        }
    }
}

#[tokio::test]
async fn a_clock_within_five_minutes_is_not_blamed() {
    for ahead in [-270, 270] {
        let stub = StsStub::start().unwrap();
        stub.answer_by_default(
            Answer::error(403, "SignatureDoesNotMatch", "no").with_clock_ahead_seconds(ahead),
        );
        let error = assume(&stub).await.unwrap_err();
        assert!(matches!(error, StsError::SignatureMismatch { .. }), "{error}");
    }
}

#[tokio::test]
async fn a_wrong_clock_is_not_blamed_for_a_denial() {
    let stub = StsStub::start().unwrap();
    stub.answer_by_default(Answer::error(403, "AccessDenied", "no").with_clock_ahead_seconds(3600));
    let error = assume(&stub).await.unwrap_err();
    assert!(matches!(error, StsError::AccessDenied { .. }), "{error}");
    assert!(!everything(&error).contains("clock"), "{error}");
    assert_eq!(stub.count(), 1);
}

#[tokio::test]
async fn a_request_that_is_too_old_does_not_accuse_the_key() {
    let error = refused(400, "RequestExpired").await;
    assert!(matches!(error, StsError::Service { .. }), "{error}");
}
