/// The commands of Terraform and OpenTofu, those that their help does not list among them. A word that is missing here is
/// Terraform's all the same, unless it looks like one of ours.
const TERRAFORMS: [&str; 32] = [
    "apply",
    "cloud",
    "console",
    "destroy",
    "env",
    "fmt",
    "force-unlock",
    "get",
    "graph",
    "import",
    "init",
    "internal-plugin",
    "login",
    "logout",
    "metadata",
    "modules",
    "output",
    "plan",
    "providers",
    "push",
    "query",
    "refresh",
    "rpcapi",
    "show",
    "stacks",
    "state",
    "taint",
    "test",
    "untaint",
    "validate",
    "version",
    "workspace",
];

/// What other tools call a shell under a role, and rolewrap `exec`.
pub(crate) const SHELL: &str = "shell";

/// The fewest letters with which the beginning of a command is taken for that command.
const SHORTEST_BEGINNING: usize = 3;

/// Whether Terraform or OpenTofu is known to have the command.
pub(crate) fn is_terraforms(word: &str) -> bool {
    TERRAFORMS.contains(&word)
}

/// The one of `ours` that `word` is most likely meant to be. Nothing where it is as near to a command of Terraform's.
pub(super) fn meant<'a>(word: &str, ours: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    if word.len() < SHORTEST_BEGINNING || word == SHELL {
        return None;
    }
    // Nearer than a suggestion has to be elsewhere: a wrong guess stands in the way of Terraform.
    let furthest = if word.len() > 4 { 2 } else { 1 };
    let distance = |known: &str| match known.strip_prefix(word) {
        Some("") => 0,
        Some(_) => 1,
        None => strsim::osa_distance(word, known),
    };
    let terraforms = TERRAFORMS.into_iter().map(distance).min()?;
    let (nearest, meant) = ours.into_iter().map(|known| (distance(known), known)).min()?;
    (nearest <= furthest && nearest < terraforms).then_some(meant)
}

#[cfg(test)]
mod tests {
    use super::*;

    const OURS: [&str; 10] = [
        "exec",
        "whoami",
        "export",
        "credential-process",
        "config",
        "account",
        "source",
        "cache",
        "completions",
        "help",
    ];

    #[test]
    fn a_misspelt_command_of_ours_is_recognised() {
        for (word, meant_word) in [
            ("whoam", "whoami"),
            ("who", "whoami"),
            ("exe", "exec"),
            ("exce", "exec"),
            ("exprot", "export"),
            ("completoin", "completions"),
            ("credentials-process", "credential-process"),
            ("accounts", "account"),
            ("conf", "config"),
            ("soruce", "source"),
            ("hlep", "help"),
        ] {
            assert_eq!(meant(word, OURS), Some(meant_word), "{word}");
        }
    }

    #[test]
    fn what_is_terraforms_or_could_be_is_left_to_it() {
        for word in TERRAFORMS.into_iter().chain([
            "imprt", "consol", "con", "x", "ex", "run-all", "aply", "versions", "", "hidden", "shell",
        ]) {
            assert_eq!(meant(word, OURS), None, "{word}");
        }
    }
}
