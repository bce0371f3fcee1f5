use std::path::Path;
use std::str::FromStr;

use rolewrap_core::Environment;
use rolewrap_role::{InvalidParameter, MfaCode, SessionName, SourceIdentity};

use super::Chosen;
use super::ci_system::CiSystem;
use crate::configuration::{Layer, Origin};
use crate::error::Error;
use crate::host::system::System;
use crate::host::variable;
use crate::plan::Delivery;
use crate::ui::text::{list, nearest};

/// Text with placeholders, for one parameter.
#[derive(Clone, Copy)]
pub(super) struct Template {
    /// What messages call it.
    pub(super) what: &'static str,
    /// The most characters. What is longer is cut.
    pub(super) longest: usize,
    /// Whether a value may have this character. Another one is replaced by `-`.
    pub(super) allows: fn(char) -> bool,
}

/// STS API Reference, AssumeRole, `RoleSessionName`.
const SESSION_NAME: Template = Template {
    what: "session name",
    longest: 64,
    allows: is_name_character,
};

/// STS API Reference, AssumeRole, `SourceIdentity`. It has the same limits.
const SOURCE_IDENTITY: Template = Template {
    what: "source identity",
    ..SESSION_NAME
};

const PLACEHOLDERS: [&str; 8] = [
    "user",
    "host",
    "git_sha",
    "git_branch",
    "git_ref",
    "verb",
    "pid",
    "ci_job",
];

/// What stands for a placeholder that has no value here, such as `{git_sha}` outside of a repository.
const NO_VALUE: &str = "none";

/// What a session-name template is filled with.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Facts<'a> {
    pub(crate) system: &'a System,
    /// The directory that the command works in.
    pub(crate) directory: &'a Path,
    /// What is done: Terraform's command, or the program's name.
    pub(crate) verb: &'a str,
    /// The MFA code that was given with the command.
    pub(crate) mfa_code: Option<&'a Chosen<MfaCode>>,
    /// How the session is delivered, where that is not for the configuration to say.
    pub(crate) delivery: Option<Delivery>,
}

impl Facts<'_> {
    /// The template where nobody gave one: what a person recognises in CloudTrail.
    pub(crate) fn default_template(&self) -> &'static str {
        if is_ci(&*self.system.environment) {
            "{ci_job}"
        } else {
            "{user}@{host}"
        }
    }

    fn value(&self, placeholder: &str) -> Option<String> {
        let environment = &*self.system.environment;
        let ci = CiSystem::recognised(environment);
        match placeholder {
            "user" => first(environment, &["USER", "LOGNAME", "USERNAME"])
                .or_else(|| Some(format!("uid-{}", self.system.user_id?))),
            "host" => Some(self.system.host_name.clone()).filter(|name| !name.is_empty()),
            "git_sha" => ci
                .and_then(|ci| ci.commit(environment))
                .map(|sha| sha.chars().take(8).collect())
                .or_else(|| self.git(&["rev-parse", "--short=8", "HEAD"])),
            "git_branch" => ci
                .and_then(|ci| ci.branch(environment))
                .or_else(|| self.git(&["symbolic-ref", "--short", "HEAD"])),
            "git_ref" => match ci {
                Some(ci) => ci.built(environment),
                // What a CI system checked out may bear the name that a stranger gave it.
                None if first(environment, &["CI"]).is_some() => None,
                None => self.git(&["symbolic-ref", "HEAD"]),
            },
            "verb" => Some(self.verb.to_owned()).filter(|verb| !verb.is_empty()),
            "pid" => Some(self.system.process_id.to_string()),
            "ci_job" => ci.and_then(|ci| ci.job(environment)),
            _ => None,
        }
    }

    fn git(&self, arguments: &[&str]) -> Option<String> {
        self.system
            .git
            .ask(self.directory, &*self.system.environment, arguments)
    }
}

/// The first of these variables that has a value.
pub(super) fn first(environment: &dyn Environment, names: &[&str]) -> Option<String> {
    names
        .iter()
        .find_map(|name| variable(environment, name).ok().flatten())
}

/// Whether a CI system is recognised.
pub(crate) fn is_ci(environment: &dyn Environment) -> bool {
    CiSystem::recognised(environment).is_some()
}

/// The session name that `template` comes to.
pub(crate) fn session_name(template: &Chosen<String>, facts: &Facts<'_>) -> Result<SessionName, Error> {
    SESSION_NAME.parse(template, facts)
}

/// The source identity that `template` comes to.
pub(super) fn source_identity(template: &Chosen<String>, facts: &Facts<'_>) -> Result<SourceIdentity, Error> {
    SOURCE_IDENTITY.parse(template, facts)
}

impl Template {
    /// Fills `template` in. What a value cannot have is replaced by `-`, and the whole is cut. What the template itself
    /// says is not changed, so a mistake in it is an error.
    pub(super) fn fill(self, template: &str, origin: &Origin, facts: &Facts<'_>) -> Result<String, Error> {
        let mut name = String::new();
        let mut rest = template;
        while let Some((before, after)) = rest.split_once('{') {
            name.push_str(before);
            let Some((placeholder, after)) = after.split_once('}') else {
                return Err(self
                    .invalid(template, origin)
                    .cause("a { has no }")
                    .hint("write a placeholder like {user}"));
            };
            if !PLACEHOLDERS.contains(&placeholder) {
                return Err(self.unknown_placeholder(placeholder, template, origin));
            }
            let value = facts.value(placeholder).unwrap_or_else(|| NO_VALUE.to_owned());
            let replaced = |character| if (self.allows)(character) { character } else { '-' };
            name.extend(value.chars().map(replaced));
            rest = after;
        }
        name.push_str(rest);
        Ok(name.chars().take(self.longest).collect())
    }

    fn parse<T: FromStr<Err = InvalidParameter>>(
        self,
        template: &Chosen<String>,
        facts: &Facts<'_>,
    ) -> Result<T, Error> {
        let filled = self.fill(&template.value, &template.origin, facts)?;
        filled.parse().map_err(|error| {
            self.invalid(&template.value, &template.origin)
                .causes(&error)
                .hint("the rules are AWS's: 2 to 64 of letters, digits and _+=,.@-")
        })
    }

    fn invalid(self, template: &str, origin: &Origin) -> Error {
        let error = Error::new(format!("`{template}` is not a valid {}", self.what));
        if origin.layer == Layer::BuiltIn {
            error
        } else {
            error.from(origin)
        }
    }

    fn unknown_placeholder(self, placeholder: &str, template: &str, origin: &Origin) -> Error {
        let error = self
            .invalid(template, origin)
            .cause(format!("unknown placeholder {{{placeholder}}}"));
        match nearest(placeholder, PLACEHOLDERS) {
            Some(nearest) => error.hint(format!("did you mean {{{nearest}}}?")),
            None => error.hint(format!(
                "the placeholders are {}",
                list(PLACEHOLDERS.map(|name| format!("{{{name}}}")))
            )),
        }
    }
}

fn is_name_character(character: char) -> bool {
    character.is_ascii_alphanumeric() || "_+=,.@-".contains(character)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tests::system;

    fn filled(template: &str, variables: &[(&str, &str)]) -> Result<String, String> {
        let system = system(variables);
        let facts = Facts {
            system: &system,
            directory: Path::new("/"),
            verb: "apply",
            mfa_code: None,
            delivery: None,
        };
        let template = Chosen {
            value: template.to_owned(),
            origin: Origin::built_in(),
        };
        session_name(&template, &facts)
            .map(|name| name.to_string())
            .map_err(|error| error.to_string())
    }

    #[test]
    fn placeholders_are_filled_and_the_text_between_them_stays() {
        assert_eq!(
            filled("{user}@{host}-{verb}.{pid}", &[("USER", "alice")]).unwrap(),
            "alice@laptop-apply.4711"
        );
    }

    #[test]
    fn a_user_without_a_name_is_known_by_number() {
        assert_eq!(filled("{user}", &[]).unwrap(), "uid-1000");
    }

    #[test]
    fn what_a_session_name_cannot_hold_is_replaced_in_values_only() {
        assert_eq!(
            filled("{user}", &[("USER", "dömäin\\al ice")]).unwrap(),
            "d-m-in-al-ice"
        );
        assert!(
            filled("a b {user}", &[("USER", "alice")])
                .unwrap_err()
                .contains("is not a valid session name")
        );
    }

    #[test]
    fn the_whole_is_cut_to_64_characters() {
        let name = filled("{user}-{verb}", &[("USER", &"a".repeat(80))]).unwrap();
        assert_eq!(name, "a".repeat(64));
    }

    #[test]
    fn a_placeholder_without_a_value_says_none() {
        assert_eq!(
            filled("{git_sha}.{git_branch}.{git_ref}.{ci_job}", &[]).unwrap(),
            "none.none.none.none"
        );
    }

    #[test]
    fn a_ci_system_is_recognised_by_its_variables() {
        let github = [
            ("GITHUB_REPOSITORY", "acme/infra"),
            ("GITHUB_RUN_ID", "17"),
            ("GITHUB_SHA", "0123456789ab"),
            ("GITHUB_HEAD_REF", "main"),
            ("GITHUB_REF", "refs/pull/5/merge"),
        ];
        assert_eq!(
            filled("{ci_job}.{git_sha}.{git_branch}.{git_ref}", &github).unwrap(),
            "acme-infra-17.01234567.main.refs-pull-5"
        );
        let system = system(&github);
        let facts = Facts {
            system: &system,
            directory: Path::new("/"),
            verb: "",
            mfa_code: None,
            delivery: None,
        };
        assert_eq!(facts.default_template(), "{ci_job}");
    }

    #[test]
    fn what_an_unknown_ci_system_checked_out_is_not_taken_for_what_it_builds() {
        let facts = |variables| {
            let mut system = system(variables);
            system.git = crate::host::git::Git::new(|_, _, _| Some("refs/heads/main".to_owned()));
            let facts = Facts {
                system: &system,
                directory: Path::new("/"),
                verb: "",
                mfa_code: None,
                delivery: None,
            };
            facts.value("git_ref")
        };
        assert_eq!(facts(&[]).as_deref(), Some("refs/heads/main"));
        assert_eq!(facts(&[("CI", "true")]), None);
    }

    #[test]
    fn an_unknown_placeholder_suggests_the_nearest() {
        let error = filled("{usr}", &[]).unwrap_err();
        assert!(
            error.contains("unknown placeholder {usr}") && error.contains("did you mean {user}?"),
            "{error}"
        );
    }

    #[test]
    fn a_name_that_is_too_short_is_an_error_that_says_so() {
        assert!(filled("x", &[]).unwrap_err().contains("2 to 64"));
    }
}
