//! What the fuzzer calls: bytes from outside, and what must hold whatever they are.

use std::fmt::Display;
use std::str::FromStr;

use rolewrap_core::Secret;
use serde_json::Value;

use crate::{ContextProviderArn, InvalidParameter, MfaSerial, PolicyArn, RoleArn, WebIdentityToken};

/// Reads a web identity token, a JWT.
pub fn web_identity_token(text: &[u8]) {
    let text = Secret::new(String::from_utf8_lossy(text).into_owned());
    match WebIdentityToken::new(&text) {
        Ok(token) => {
            assert_is_one_line(token.claims());
            let lasting: Value = serde_json::from_str(token.lasting_claims()).expect("claims are JSON");
            assert!(lasting.get("exp").is_none());
            assert!(!format!("{token:?}").contains(token.secret().expose()));
        }
        Err(error) => assert_is_one_line(&error),
    }
}

/// Reads an ARN: of a role, a policy, an MFA device and a provider of contexts.
pub fn arn(text: &[u8]) {
    let text = String::from_utf8_lossy(text);
    if let Some(role) = read::<RoleArn>(&text) {
        let (_, path_and_name) = text.split_once(":role/").expect("it is a role");
        assert!(path_and_name.ends_with(role.name()) && !role.name().is_empty());
        // With the slash that a path begins with: one that stands there may be the path's own.
        let again = RoleArn::new(role.partition(), role.account(), &format!("/{path_and_name}"));
        assert_eq!(again.as_ref(), Ok(&role));
    }
    read::<PolicyArn>(&text);
    read::<MfaSerial>(&text);
    read::<ContextProviderArn>(&text);
}

/// Reads an answer of STS's: its status in a line of its own, and then the body.
pub fn sts_answer(answer: &[u8]) {
    crate::sts::fuzzing::answer(answer);
}

/// What is accepted is sent as it was written.
fn read<T: FromStr<Err = InvalidParameter> + Display>(text: &str) -> Option<T> {
    match text.parse::<T>() {
        Ok(parsed) => {
            assert_eq!(parsed.to_string(), text);
            assert_is_one_line(&parsed);
            Some(parsed)
        }
        Err(error) => {
            assert_is_one_line(&error);
            None
        }
    }
}

pub(crate) fn assert_is_one_line(message: &dyn Display) {
    let message = message.to_string();
    assert!(!message.contains(char::is_control), "{message:?}");
}

#[cfg(test)]
mod tests {
    use rolewrap_lab::each_seed;

    #[test]
    fn every_seed_of_a_token_is_read() {
        each_seed("web_identity_token", super::web_identity_token);
    }

    #[test]
    fn every_seed_of_an_arn_is_read() {
        each_seed("arn", super::arn);
    }

    #[test]
    fn every_seed_of_an_answer_of_sts_is_read() {
        each_seed("sts_answer", super::sts_answer);
    }
}
