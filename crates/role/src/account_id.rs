use crate::InvalidParameter;
use crate::text_parameter::text_parameter;

/// The digits of an account id (IAM User Guide, "Your AWS account ID").
const DIGITS: usize = 12;

text_parameter! {
    /// The twelve digits of an AWS account. It is text: leading zeros count.
    AccountId, check
}

fn check(value: &str) -> Result<(), InvalidParameter> {
    if value.len() == DIGITS && value.bytes().all(|byte| byte.is_ascii_digit()) {
        return Ok(());
    }
    let problem = if value.bytes().filter(u8::is_ascii_digit).count() == DIGITS {
        "has other characters than its twelve digits; write the digits alone".to_owned()
    } else if value.len() < DIGITS && !value.is_empty() && value.bytes().all(|byte| byte.is_ascii_digit()) {
        format!(
            "has {} digits, an account id has twelve; zeros at its beginning belong to it",
            value.len()
        )
    } else {
        "is not an account id, which is twelve digits".to_owned()
    };
    Err(InvalidParameter::new("account id", value, problem))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_account_id_is_twelve_digits_and_keeps_its_zeros() {
        assert_eq!(
            "000000000012".parse::<AccountId>().unwrap().as_str(),
            "000000000012"
        );
        for bad in [
            "",
            "12345678901",
            "1234567890123",
            "12345678901a",
            "1234-5678-9012",
            "١٢٣٤٥٦",
        ] {
            assert!(bad.parse::<AccountId>().is_err(), "{bad}");
        }
    }

    #[test]
    fn lost_zeros_and_dashes_are_named() {
        let error = "12345".parse::<AccountId>().unwrap_err();
        assert!(error.to_string().contains("has 5 digits"), "{error}");
        let error = "1234-5678-9012".parse::<AccountId>().unwrap_err();
        assert!(error.to_string().contains("digits alone"), "{error}");
    }
}
