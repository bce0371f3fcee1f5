use clap::CommandFactory;

use super::RunLine;
use super::first_word::{names, takes_value};

/// One of rolewrap's options, by one of its names.
#[derive(Debug)]
pub(crate) struct OwnOption {
    /// Without the two dashes.
    pub(crate) name: String,
    pub(crate) takes_value: bool,
}

impl OwnOption {
    /// All of them, by all of their names, as the command line is defined.
    pub(crate) fn all() -> Vec<Self> {
        let definition = RunLine::command();
        let options = definition.get_arguments().flat_map(|argument| {
            let takes_value = takes_value(argument);
            names(argument).map(move |name| Self {
                name: name.to_owned(),
                takes_value,
            })
        });
        options.collect()
    }

    /// Whether its value is not to be repeated: a code is good once, and a token may stand where its file is meant.
    pub(crate) fn hides_value(&self) -> bool {
        self.name.ends_with("-token")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_option_is_known_by_all_of_its_names_and_whether_a_value_follows() {
        let all = OwnOption::all();
        let takes_value = |name: &str| {
            let option = all.iter().find(|option| option.name == name);
            option.map(|option| option.takes_value)
        };
        for name in [
            "account",
            "iam-role",
            "role-arn",
            "tf-path",
            "policy-arn",
            "mfa-token",
        ] {
            assert_eq!(takes_value(name), Some(true), "{name}");
        }
        assert_eq!(takes_value("no-cache"), Some(false));
        assert_eq!(takes_value("auto-approve"), None);
        let hidden: Vec<_> = all.iter().filter(|option| option.hides_value()).collect();
        assert_eq!(hidden.len(), 4, "{hidden:?}");
    }
}
