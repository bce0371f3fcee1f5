use rolewrap_core::BaseCredentials;
use rolewrap_role::StsError;

use crate::error::Error;
use crate::plan::{CodePlace, Mfa, Plan};
use crate::session::explain;
use crate::session::reach;
use crate::session::signer::Signer;

/// Why there is no MFA session.
pub(super) fn explain(error: &StsError, base: &BaseCredentials, plan: &Plan, mfa: &Mfa) -> Error {
    if !matches!(error, StsError::AccessDenied { .. }) {
        return explain::sts(error, &Signer::Base(base), &plan.base, None).with("device", device(mfa));
    }
    let what = if error.is_about_the_mfa_code() {
        "AWS does not take the MFA code".to_owned()
    } else {
        format!("AWS gives {} no MFA session", base.access_key_id())
    };
    let key = format!("{} from source {}", base.access_key_id(), base.source_name());
    let explained = explain::causes(error, Error::new(what))
        .with("device", device(mfa))
        .with("key", key);
    let explained = explain::asked_where(error, explained).reaches(reach::of(error));
    if !error.is_about_the_mfa_code() {
        return explained.hint(
            "a policy of the user or of the organisation denies sts:GetSessionToken; ask who administers it",
        );
    }
    explained.hint(hint(mfa))
}

/// The device, with where it was named.
fn device(mfa: &Mfa) -> String {
    format!("{} ({})", mfa.serial.value, mfa.serial.origin)
}

/// What may be wrong with a code from there.
fn hint(mfa: &Mfa) -> String {
    let code = match &mfa.code {
        CodePlace::Given(_) => "give the code that the device shows now",
        CodePlace::Command(_) => "check that the program shows the code of this device",
        CodePlace::Vault(_) => "check that the key in Vault is that of this device",
        CodePlace::Person => "type the code that the device shows now",
    };
    format!(
        "{code}. AWS takes each code once, so wait for the next one; the device has to be that of the key's user, and its clock right"
    )
}
