use rolewrap_core::Environment;

use crate::configuration::Configuration;
use crate::error::Error;
use crate::host::SESSION_MARKER;
use crate::ui::text::list;

/// As many accounts are named.
const NAMED: usize = 8;
/// What other programs choose an identity by, and what is meant for rolewrap.
const OF_OTHERS: [(&str, &str); 3] = [
    ("AWS_PROFILE", "--account, or ROLEWRAP_ACCOUNT"),
    ("AWS_DEFAULT_PROFILE", "--account, or ROLEWRAP_ACCOUNT"),
    ("AWS_ROLE_ARN", "--iam-role, or ROLEWRAP_IAM_ROLE"),
];

/// Neither a role nor an account was chosen. Says what there is to choose from, and what looks like a choice and is none.
pub(super) fn nothing_chosen(configuration: &Configuration, environment: &dyn Environment) -> Error {
    let error = Error::new("no role is chosen, so nothing was started").cause(
        "there is no --iam-role and no --account, no variable ROLEWRAP_IAM_ROLE or ROLEWRAP_ACCOUNT, and no configuration file selects an account for this directory",
    );
    let is_set = |name: &str| environment.get(name).is_some_and(|value| !value.is_empty());
    let error = OF_OTHERS
        .iter()
        .filter(|(name, _)| is_set(name))
        .fold(error, |error, (name, ours)| {
            error.cause(format!("{name} is set, and is not read; what is read is {ours}"))
        });
    let error = match environment.get(SESSION_MARKER) {
        Some(target) if !target.is_empty() => error.cause(format!(
            "you are inside a session of rolewrap for {}, which does not hand on what chose it",
            target.to_string_lossy()
        )),
        _ => error,
    };
    let accounts = &configuration.settings.accounts;
    if accounts.is_empty() {
        return error.hint("name the role: rolewrap --iam-role arn:aws:iam::123456789012:role/NAME …");
    }
    let names = list(accounts.keys().take(NAMED));
    let more = match accounts.len().saturating_sub(NAMED) {
        0 => String::new(),
        more => format!(" and {more} more (rolewrap account list)"),
    };
    error.hint(format!(
        "choose an account with --account: {names}{more}; or let [[paths]] in a configuration file choose one for this directory; or name a role with --iam-role"
    ))
}
