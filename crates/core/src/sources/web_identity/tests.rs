use std::fs;
use std::path::PathBuf;
use std::sync::Arc;

use insta::assert_snapshot;
use rolewrap_lab::IssuerStub;
use tempfile::TempDir;

use super::{WebIdentityPlace, WebIdentitySource};
use crate::{FixedEnvironment, SourceError};

const BEARER: &str = "canary-of-the-job";

fn source(place: WebIdentityPlace, variables: &[(&str, &str)]) -> WebIdentitySource {
    let environment = Arc::new(variables.iter().copied().collect::<FixedEnvironment>());
    WebIdentitySource::new("ci", place, environment, PathBuf::from("/nowhere"))
}

fn github(url: &str) -> WebIdentitySource {
    let place = WebIdentityPlace::GitHub {
        audience: "sts.amazonaws.com".to_owned(),
    };
    let variables = [
        ("ACTIONS_ID_TOKEN_REQUEST_URL", url),
        ("ACTIONS_ID_TOKEN_REQUEST_TOKEN", BEARER),
    ];
    source(place, &variables)
}

/// What a load failed with, in which no canary may be.
async fn failure(source: &WebIdentitySource) -> SourceError {
    let error = source.load().await.unwrap_err();
    assert!(!format!("{error} {error:?}").contains("canary"), "{error:?}");
    error
}

#[tokio::test]
async fn a_file_is_read_anew_each_time() {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("token");
    let source = source(WebIdentityPlace::File(path.clone()), &[]);
    for token in ["first", "second"] {
        fs::write(&path, format!(" {token}\n")).unwrap();
        assert_eq!(source.load().await.unwrap().expose(), token);
    }
}

#[tokio::test]
async fn a_file_that_is_not_there_is_absent_and_any_other_trouble_is_not() {
    let folder = TempDir::new().unwrap();
    let absent = source(WebIdentityPlace::File("/nowhere/token".into()), &[]);
    let error = failure(&absent).await;
    assert!(matches!(error, SourceError::NotFound { .. }), "{error}");
    assert_snapshot!(error, @"find base credentials in source ci: /nowhere/token does not exist");
    let binary = folder.path().join("binary");
    fs::write(&binary, b"canary\xff").unwrap();
    let empty = folder.path().join("empty");
    fs::write(&empty, "\n").unwrap();
    for (path, said) in [
        (folder.path().to_owned(), "it is not a regular file"),
        (binary, "it is not UTF-8 text"),
        (empty, "is empty"),
    ] {
        let error = failure(&source(WebIdentityPlace::File(path), &[])).await;
        assert!(!matches!(error, SourceError::NotFound { .. }), "{error}");
        let cause = std::error::Error::source(&error).map_or_else(String::new, ToString::to_string);
        assert!(format!("{error}: {cause}").contains(said), "{error}: {cause}");
    }
}

#[tokio::test]
async fn a_variable_is_read_and_the_command_does_not_get_it() {
    let place = WebIdentityPlace::Variable("AWS_ID_TOKEN".to_owned());
    let given = source(place.clone(), &[("AWS_ID_TOKEN", " value\n")]);
    assert_eq!(given.load().await.unwrap().expose(), "value");
    assert_eq!(given.environment_variables(), ["AWS_ID_TOKEN"]);
    for variables in [&[][..], &[("AWS_ID_TOKEN", " ")]] {
        let error = failure(&source(place.clone(), variables)).await;
        assert!(matches!(error, SourceError::NotFound { .. }), "{error}");
        assert!(
            error.to_string().ends_with("ci: AWS_ID_TOKEN is not set"),
            "{error}"
        );
    }
}

#[tokio::test]
async fn a_variable_of_terragrunts_has_the_token_or_the_path_of_its_file() {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("token");
    fs::write(&path, "value").unwrap();
    let with = |value: &str| {
        source(
            WebIdentityPlace::VariableOrFile("TOKEN".to_owned()),
            &[("TOKEN", value)],
        )
    };
    assert_eq!(
        with("eyJh.eyJp-_.c2ln").load().await.unwrap().expose(),
        "eyJh.eyJp-_.c2ln"
    );
    assert_eq!(
        with(path.to_str().unwrap()).load().await.unwrap().expose(),
        "value"
    );
    // What is neither may be a token of another form.
    let error = failure(&with("canary")).await;
    assert_snapshot!(error, @"find base credentials in source ci: the file that TOKEN names does not exist");
}

#[tokio::test]
async fn kubernetes_names_the_file_in_a_variable() {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("token");
    fs::write(&path, "value").unwrap();
    let named = [("AWS_WEB_IDENTITY_TOKEN_FILE", path.to_str().unwrap())];
    let source_with = |variables: &[(&str, &str)]| source(WebIdentityPlace::Kubernetes, variables);
    assert_eq!(source_with(&named).load().await.unwrap().expose(), "value");
    // A relative path is one of the directory that was given.
    let relative = [("AWS_WEB_IDENTITY_TOKEN_FILE", "token")];
    assert_snapshot!(failure(&source_with(&relative)).await, @"find base credentials in source ci: /nowhere/token (AWS_WEB_IDENTITY_TOKEN_FILE) does not exist");
    assert_snapshot!(failure(&source_with(&[])).await, @"find base credentials in source ci: AWS_WEB_IDENTITY_TOKEN_FILE is not set, and /var/run/secrets/eks.amazonaws.com/serviceaccount/token does not exist");
}

#[tokio::test]
async fn github_is_asked_with_the_jobs_own_token_for_the_audience() {
    let issuer = IssuerStub::start([(200, r#"{"count": 1, "value": "issued"}"#.to_owned())]).unwrap();
    let source = github(&issuer.url());
    assert_eq!(source.load().await.unwrap().expose(), "issued");
    let request = issuer.requests().remove(0);
    assert_eq!(request.query, "api-version=2.0&audience=sts.amazonaws.com");
    assert_eq!(request.authorization.as_deref(), Some("bearer canary-of-the-job"));
    assert_eq!(
        source.environment_variables(),
        ["ACTIONS_ID_TOKEN_REQUEST_URL", "ACTIONS_ID_TOKEN_REQUEST_TOKEN"]
    );
}

#[tokio::test]
async fn github_is_asked_again_where_it_may_work_the_next_time() {
    let value = r#"{"value": "issued"}"#.to_owned();
    let issuer = IssuerStub::start([(503, String::new()), (200, value)]).unwrap();
    assert_eq!(github(&issuer.url()).load().await.unwrap().expose(), "issued");
    assert_eq!(issuer.requests().len(), 2);
}

#[tokio::test]
async fn github_is_asked_through_the_proxy_where_no_exception_is_for_it() {
    for (host, no_proxy, is_used) in [
        ("issuer.test", "", true),
        ("issuer.test", "issuer.test:1", true),
        ("issuer.test", "issuer.test:443", false),
        ("203.0.113.9", "*", false),
        ("203.0.113.9", "203.0.113.0/24", false),
    ] {
        let place = WebIdentityPlace::GitHub {
            audience: "sts.amazonaws.com".to_owned(),
        };
        let variables = [("https_proxy", "http://proxy.test"), ("NO_PROXY", no_proxy)];
        let proxy = source(place, &variables).proxy(&format!("https://{host}/token").parse().unwrap());
        assert_eq!(proxy.unwrap().is_some(), is_used, "{host} {no_proxy}");
    }
}

#[tokio::test]
async fn what_github_answers_instead_is_named() {
    for (status, body, said, asked) in [
        (401, "canary", "GitHub does not issue a token to this job", 1),
        (403, "canary", "GitHub does not issue a token to this job", 1),
        (404, "canary", "GitHub answered 404", 1),
        (302, "canary", "GitHub answered 302", 1),
        (200, "canary", "there is no token in GitHub's answer", 1),
        (200, r#"{"value": ""}"#, "there is no token in GitHub's answer", 1),
        (500, "canary", "GitHub answered 500", 3),
    ] {
        let issuer = IssuerStub::start([(status, body.to_owned())]).unwrap();
        let error = failure(&github(&issuer.url())).await;
        assert!(error.to_string().contains(said), "{status}: {error}");
        assert_eq!(issuer.requests().len(), asked, "{status}");
    }
}

#[tokio::test]
async fn a_job_that_may_have_no_token_has_none() {
    let place = WebIdentityPlace::GitHub {
        audience: "sts.amazonaws.com".to_owned(),
    };
    let error = failure(&source(place, &[("ACTIONS_ID_TOKEN_REQUEST_TOKEN", BEARER)])).await;
    assert!(matches!(error, SourceError::NotFound { .. }), "{error}");
    assert_snapshot!(error, @"find base credentials in source ci: ACTIONS_ID_TOKEN_REQUEST_URL and ACTIONS_ID_TOKEN_REQUEST_TOKEN are not both set");
}

#[tokio::test]
async fn the_jobs_own_token_goes_nowhere_without_tls() {
    for url in ["http://example.com/token", "ftp://127.0.0.1/token", "token"] {
        let error = failure(&github(url)).await;
        assert!(
            matches!(error, SourceError::InvalidConfiguration { .. }),
            "{url}: {error}"
        );
    }
    assert_snapshot!(failure(&github("http://example.com/token")).await, @"use source ci: ACTIONS_ID_TOKEN_REQUEST_URL: it does not begin with https://");
}
