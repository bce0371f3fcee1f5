//! Variables of Terraform's own that bring another identity along, whatever the session is.

use rolewrap_core::Environment;

use crate::run::Run;
use crate::ui::text::list;

/// The settings of the S3 backend that carry or name an identity, by how they begin.
const SETTINGS: [&str; 9] = [
    "access_key",
    "secret_key",
    "token",
    "profile",
    "role_arn",
    "assume_role",
    "shared_credentials_file",
    "shared_config_file",
    "web_identity_token",
];

/// Where the identity of providers comes from that somebody else has started.
const REATTACHED: &str = "TF_REATTACH_PROVIDERS";

/// Warns about those that are set.
pub(crate) fn warn(run: &Run<'_>) {
    for warning in warnings(&*run.world.system.environment) {
        run.world.messages.warning(&warning);
    }
}

fn warnings(environment: &dyn Environment) -> Vec<String> {
    let text = |name: &str| environment.get(name).unwrap_or_default();
    let mut names = environment.names();
    names.retain(|name| name.starts_with("TF_CLI_ARGS"));
    names.sort_unstable();
    let mut warnings = Vec::new();
    for name in names {
        let settings = settings(&text(&name).to_string_lossy());
        if !settings.is_empty() {
            warnings.push(format!(
                "{name} gives the backend its own {}, which Terraform prefers to the role",
                list(&settings)
            ));
        }
    }
    if !matches!(text(REATTACHED).to_string_lossy().trim(), "" | "{}") {
        warnings.push(format!(
            "{REATTACHED} is set: providers that run already have the identity that they were started under, and not the role"
        ));
    }
    warnings
}

/// The settings about an identity that these arguments give to a backend.
fn settings(arguments: &str) -> Vec<&'static str> {
    let plain = arguments.replace(['"', '\'', '\\'], "");
    let mut found = Vec::new();
    let mut is_next = false;
    for word in plain.split_whitespace() {
        let option = word.trim_start_matches('-').strip_prefix("backend-config");
        let setting = match option {
            Some(rest) => rest.strip_prefix('='),
            None if is_next => Some(word),
            None => None,
        };
        is_next = option == Some("");
        let Some((key, _)) = setting.and_then(|setting| setting.split_once('=')) else {
            continue;
        };
        let known = SETTINGS.into_iter().find(|known| key.starts_with(known));
        found.extend(known.filter(|known| !found.contains(known)));
    }
    found
}

#[cfg(test)]
mod tests {
    use rolewrap_core::FixedEnvironment;

    use super::*;

    fn said(variables: &[(&str, &str)]) -> String {
        let environment: FixedEnvironment = variables.iter().copied().collect();
        warnings(&environment).join("\n")
    }

    #[test]
    fn an_identity_for_the_backend_is_named_without_its_value() {
        let said = said(&[
            ("TF_CLI_ARGS", "-no-color '-backend-config=profile=canary'"),
            (
                "TF_CLI_ARGS_init",
                "-backend-config=access_key=canary -backend-config \"secret_key=canary\" -backend-config=key=state -backend-config=shared_credentials_files=[canary] -backend-config=assume_role.role_arn=canary",
            ),
        ]);
        insta::assert_snapshot!(said, @"
        TF_CLI_ARGS gives the backend its own profile, which Terraform prefers to the role
        TF_CLI_ARGS_init gives the backend its own access_key, secret_key, shared_credentials_file, assume_role, which Terraform prefers to the role
        ");
        assert!(!said.contains("canary"));
    }

    #[test]
    fn providers_that_run_already_are_named() {
        assert!(said(&[(REATTACHED, "{\"aws\": {}}")]).starts_with("TF_REATTACH_PROVIDERS is set"));
    }

    #[test]
    fn what_is_about_no_identity_is_let_be() {
        for (name, value) in [
            ("TF_CLI_ARGS_plan", "-var profile=x -parallelism=2"),
            (
                "TF_CLI_ARGS_init",
                "-backend-config=lab.tfbackend -backend-config=key=profile=x -backend-config=region=x",
            ),
            ("TF_VAR_x", "-backend-config=profile=x"),
            (REATTACHED, "{}"),
        ] {
            assert_eq!(said(&[(name, value)]), "", "{name}");
        }
    }
}
