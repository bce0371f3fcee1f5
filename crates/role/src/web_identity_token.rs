use std::fmt;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use rolewrap_core::Secret;
use serde_json::Value;

use crate::web_identity_claims::lasting_claims;
use crate::{InvalidParameter, WebIdentityClaims};

/// STS API Reference, `AssumeRoleWithWebIdentity`, `WebIdentityToken`.
const CHARACTERS: std::ops::RangeInclusive<usize> = 4..=20_000;

/// The signed statement of an identity provider about who this is: an `OpenID` Connect token. Who has it can assume
/// what it allows, so it is a secret as a whole; what it claims is not.
#[derive(Clone)]
pub struct WebIdentityToken {
    token: Secret,
    claims: WebIdentityClaims,
    lasting_claims: String,
}

impl WebIdentityToken {
    /// Reads the claims of `token`, without the white space around it. Its signature is STS's to verify.
    ///
    /// # Errors
    /// [`InvalidParameter`], without the value, where it is no such token.
    pub fn new(token: &Secret) -> Result<Self, InvalidParameter> {
        let text = token.expose().trim();
        if text.is_empty() {
            return Err(invalid("is empty"));
        }
        if !CHARACTERS.contains(&text.len()) {
            return Err(invalid(&format!(
                "has {} characters; allowed are {} to {}",
                text.len(),
                CHARACTERS.start(),
                CHARACTERS.end()
            )));
        }
        let parts: Vec<&str> = text.split('.').collect();
        let &[_, claims, _] = parts.as_slice() else {
            return Err(invalid(
                "is no JWT: it has not three parts with points between them",
            ));
        };
        let claims = URL_SAFE_NO_PAD
            .decode(claims.trim_end_matches('='))
            .map_err(|_| invalid("is no JWT: its second part is not base64url"))?;
        let Ok(Value::Object(claims)) = serde_json::from_slice(&claims) else {
            return Err(invalid("is no JWT: its second part is no JSON object"));
        };
        Ok(Self {
            token: Secret::new(text),
            claims: WebIdentityClaims::from_json(&claims).map_err(invalid)?,
            lasting_claims: lasting_claims(claims),
        })
    }

    /// What it says about itself.
    pub fn claims(&self) -> &WebIdentityClaims {
        &self.claims
    }

    /// Everything that it says, but for what changes whenever it is issued again. Two tokens with the same lasting claims are
    /// worth the same session: AWS's conditions, session tags and source identities may come from any claim.
    pub fn lasting_claims(&self) -> &str {
        &self.lasting_claims
    }

    /// The token itself, for STS and nobody else.
    pub fn secret(&self) -> &Secret {
        &self.token
    }
}

impl fmt::Debug for WebIdentityToken {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("WebIdentityToken")
            .field("claims", &self.claims)
            .finish_non_exhaustive()
    }
}

fn invalid(requirement: &str) -> InvalidParameter {
    InvalidParameter::new("web identity token", "", requirement)
}

#[cfg(test)]
mod tests {
    use std::time::{Duration, UNIX_EPOCH};

    use super::*;

    fn token(claims: &str) -> Result<WebIdentityToken, InvalidParameter> {
        let claims = URL_SAFE_NO_PAD.encode(claims);
        WebIdentityToken::new(&Secret::new(format!("canaryhead.{claims}.canarysignature")))
    }

    const CLAIMS: &str = r#"{"iss": "https://token.actions.githubusercontent.com", "aud": "sts.amazonaws.com",
        "sub": "repo:team/infra:ref:refs/heads/main", "exp": 1700000000}"#;

    #[test]
    fn its_claims_are_read_and_it_is_never_shown() {
        let token = token(CLAIMS).unwrap();
        assert_eq!(
            token.claims().to_string(),
            "repo:team/infra:ref:refs/heads/main of https://token.actions.githubusercontent.com for \
             sts.amazonaws.com"
        );
        assert_eq!(
            token.claims().expires_at,
            UNIX_EPOCH + Duration::from_secs(1_700_000_000)
        );
        assert!(!format!("{token:?}").contains("canary"));
    }

    #[test]
    fn several_audiences_a_fraction_of_a_second_and_padding_are_understood() {
        let token = token(r#"{"iss": "i", "aud": ["a", "b"], "sub": "s", "exp": 1.5}"#).unwrap();
        assert_eq!(token.claims().audience, ["a", "b"]);
        assert_eq!(
            token.claims().expires_at,
            UNIX_EPOCH + Duration::from_millis(1500)
        );
        let padded = base64::engine::general_purpose::URL_SAFE.encode(CLAIMS);
        let padded = Secret::new(format!(" \n a.{padded}.b\n"));
        assert!(WebIdentityToken::new(&padded).is_ok());
    }

    #[test]
    fn what_is_no_token_is_refused_without_being_shown() {
        for (text, said) in [
            ("", "is empty"),
            (" \n", "is empty"),
            ("canary", "has not three parts"),
            ("canary.canary", "has not three parts"),
            ("canary.?.canary", "is not base64url"),
            ("canary.canarycanary.canary", "is no JSON object"),
        ] {
            let error = WebIdentityToken::new(&Secret::new(text)).unwrap_err();
            assert!(error.to_string().contains(said), "{error}");
            assert!(!format!("{error} {error:?}").contains("canary"), "{error:?}");
        }
        let long = Secret::new("x".repeat(20_001));
        let error = WebIdentityToken::new(&long).unwrap_err();
        assert!(error.to_string().contains("has 20001 characters"), "{error}");
    }

    #[test]
    fn a_claim_that_sts_asks_for_and_that_is_missing_is_named() {
        for (claims, said) in [
            ("[]", "no JSON object"),
            ("{}", "has no issuer (iss)"),
            (r#"{"iss": "i"}"#, "has no subject (sub)"),
            (r#"{"iss": "i", "sub": "s", "aud": []}"#, "has no audience (aud)"),
            (r#"{"iss": "i", "sub": "s", "aud": [1]}"#, "has no audience (aud)"),
            (r#"{"iss": "i", "sub": "s", "aud": "a"}"#, "has no expiry (exp)"),
            (
                r#"{"iss": "i", "sub": "s", "aud": "a", "exp": "1"}"#,
                "has no expiry (exp)",
            ),
            (
                r#"{"iss": "i", "sub": "s", "aud": "a", "exp": 1e300}"#,
                "has no expiry (exp)",
            ),
            (
                r#"{"iss": "i", "sub": "s", "aud": "a", "exp": -1}"#,
                "has no expiry (exp)",
            ),
        ] {
            let error = token(claims).unwrap_err();
            assert!(error.to_string().ends_with(said), "{claims}: {error}");
        }
    }

    #[test]
    fn a_token_that_is_issued_again_says_the_same_and_one_that_says_more_does_not() {
        let claims = |more: &str| {
            let token = token(&format!(
                r#"{{"iss": "i", "sub": "s", "aud": "a", {more} "exp": 1}}"#
            ));
            token.unwrap().lasting_claims().to_owned()
        };
        let first = claims(r#""iat": 1, "nbf": 1, "jti": "1", "b": [{"d": 1, "c": 2}], "run": "1","#);
        let again = claims(r#""run": "1", "b": [{"c": 2, "d": 1}], "jti": "2", "nbf": 2, "iat": 2, "#);
        assert_eq!(again, first);
        let tags = |team: &str| {
            claims(&format!(
                r#""https://aws.amazon.com/tags": {{"principal_tags": {{"Team": ["{team}"]}}, "jti": "x"}},"#
            ))
        };
        let source_identity = r#""https://aws.amazon.com/source_identity": "alice","#;
        let others = [
            claims(""),
            claims(r#""aud": ["a"],"#),
            claims(r#""run": "2","#),
            claims(r#""amr": [],"#),
            claims(source_identity),
            tags("blue"),
            tags("red"),
        ];
        for (index, one) in others.iter().enumerate() {
            assert!(!others[..index].contains(one), "{one}");
        }
    }

    #[test]
    fn of_kubernetes_only_the_time_of_a_warning_changes() {
        let claims = |cluster: &str| {
            let token = token(&format!(
                r#"{{"iss": "i", "sub": "s", "aud": "a", "exp": 1, {cluster}}}"#
            ));
            token.unwrap().lasting_claims().to_owned()
        };
        let pod = |name: &str, warning: u32| {
            claims(&format!(
                r#""kubernetes.io": {{"namespace": "n", "pod": {{"name": "{name}"}}, "warnafter": {warning}}}"#
            ))
        };
        assert_eq!(pod("one", 1), pod("one", 2));
        assert_ne!(pod("one", 1), pod("other", 1));
        assert_ne!(
            claims(r#""other": {"warnafter": 1}"#),
            claims(r#""other": {"warnafter": 2}"#)
        );
    }

    #[test]
    fn control_characters_in_claims_are_made_visible() {
        let token = token(r#"{"iss": "i\u001b", "aud": "a", "sub": "s\n", "exp": 1}"#).unwrap();
        assert_eq!(token.claims().to_string(), r"s\n of i\u{1b} for a");
    }
}
