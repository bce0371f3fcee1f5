use std::path::Path;

use rolewrap_core::Environment;

use crate::error::Error;

/// Where Terragrunt is told which program gives it credentials, by its name of today and its former one.
const VARIABLES: [&str; 2] = ["TG_AUTH_PROVIDER_CMD", "TERRAGRUNT_AUTH_PROVIDER_CMD"];

/// Refuses a line of rolewrap's own in Terragrunt's variable that prints what Terragrunt does not read: it passes over such an
/// answer without a word, and goes on under whatever identity it finds.
pub(crate) fn refuse(environment: &dyn Environment) -> Result<(), Error> {
    for name in VARIABLES {
        let line = environment.get(name).unwrap_or_default();
        if !is_for_somebody_else(&line.to_string_lossy()) {
            continue;
        }
        return Err(Error::new(format!(
            "the line of rolewrap in {name} prints what Terragrunt does not read, so nothing was started"
        ))
        .cause(
            "Terragrunt passes over such an answer, and goes on under the identity that it finds elsewhere",
        )
        .from(format!("variable {name}"))
        .hint("end that line in: export --format terragrunt"));
    }
    Ok(())
}

/// Whether `line` starts rolewrap and asks for something else than Terragrunt's document. Terragrunt runs it without a shell.
fn is_for_somebody_else(line: &str) -> bool {
    let mut words = line
        .split_whitespace()
        .map(|word| word.trim_matches(['"', '\'']))
        .skip_while(|word| *word == "env" || word.ends_with("/env") || word.contains('='));
    let program = words.next().and_then(|word| Path::new(word).file_stem());
    if program.is_none_or(|program| program != "rolewrap") {
        return false;
    }
    let words: Vec<&str> = words.collect();
    let is_format = |pair: &[&str]| pair == ["--format", "terragrunt"];
    let is_named = words.contains(&"--format=terragrunt") || words.windows(2).any(is_format);
    !(words.contains(&"export") && is_named)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_of_ours_that_terragrunt_does_not_read_is_known() {
        for line in [
            "rolewrap --account prod credential-process",
            "rolewrap export",
            "/usr/local/bin/rolewrap export --format json",
            "'rolewrap' export '--format' 'process'",
            "env ROLEWRAP_ACCOUNT=prod rolewrap export --format=env",
            "rolewrap whoami --json",
            "rolewrap",
        ] {
            assert!(is_for_somebody_else(line), "{line}");
        }
        for line in [
            "",
            "rolewrap --account prod export --format terragrunt",
            "rolewrap export --format=terragrunt",
            "env ROLEWRAP_ACCOUNT=prod /bin/rolewrap export --format \"terragrunt\" --source keyring",
            "./auth.sh rolewrap export",
            "aws-vault exec prod",
        ] {
            assert!(!is_for_somebody_else(line), "{line}");
        }
    }
}
