use crate::configuration::{Configuration, Layer};
use crate::host::AWS_REGIONS;
use crate::plan::Plan;
use crate::ui::messages::Messages;

/// Says that a variable of AWS's own has the last word about the region although the account has one of its own. It may have
/// been set with something else in mind, by a shell's profile.
pub(crate) fn warn(messages: Messages, configuration: &Configuration, plan: &Plan) {
    let (Some(region), Some(account)) = (&plan.base.region, plan.account()) else {
        return;
    };
    let section = configuration.settings.accounts.get(&account.value);
    let Some(own) = section.and_then(|section| section.region.as_ref()) else {
        return;
    };
    let origin = &region.origin;
    let is_by_variable = origin.layer == Layer::Variable && AWS_REGIONS.contains(&&*origin.place);
    if is_by_variable && own != region.value.as_str() {
        messages.warning(&format!(
            "{}={} overrides the region {own} of the account {} ({}); unset it, or name the region with --region",
            origin.place,
            region.value,
            account.value,
            configuration.origin(&format!("accounts.{}.region", account.value)),
        ));
    }
}
