use std::path::{Path, PathBuf};

use rolewrap_core::RegularFile;
use rolewrap_role::SessionPolicy;

use super::Chosen;
use crate::configuration::{Configuration, Layer, Origin, PolicySetting};
use crate::error::Error;

/// The most bytes of a policy file. White space is not sent, so a file may be longer than what STS takes.
const LONGEST_FILE: u64 = 64 * 1024;

/// The session policy that `setting`, the value of `key`, names or is. Relative paths start at the file that has them,
/// and those of options and variables at `directory`.
pub(super) fn policy(
    configuration: &Configuration,
    key: &str,
    setting: Chosen<PolicySetting>,
    directory: &Path,
) -> Result<Chosen<SessionPolicy>, Error> {
    let Chosen { value, origin } = setting;
    let json = match value {
        PolicySetting::Text(text) if text.trim_start().starts_with('{') => text,
        PolicySetting::Text(path) => {
            let folder = configuration
                .directory_of(key)
                .filter(|_| origin.layer < Layer::Variable);
            read(&folder.unwrap_or(directory).join(path), folder, &origin)?
        }
        // A file's table is made text when it is read.
        PolicySetting::Table(table) => serde_json::json!(table).to_string(),
    };
    let invalid = |cause: String| {
        Error::new("the session policy is not valid, so nothing was sent")
            .cause(cause)
            .from(&origin)
            .hint("a session policy is a JSON object, as IAM has them; `aws accessanalyzer validate-policy` checks one")
    };
    // Its text is not repeated: the file may be another one than was meant.
    serde_json::from_str::<serde_json::Map<String, serde_json::Value>>(&json)
        .map_err(|error| invalid(format!("it is not a JSON object: {}", without_values(&error))))?;
    let value = without_white_space(&json)
        .parse::<SessionPolicy>()
        .map_err(|error| invalid(format!("session policy: {}", error.requirement)))?;
    Ok(Chosen { value, origin })
}

/// What serde says about types quotes values; where it is, does not.
fn without_values(error: &serde_json::Error) -> String {
    format!("line {}, column {}", error.line(), error.column())
}

/// The text of the file at `path`. A project file, which arrives with a clone, may name none outside of its `folder`: it
/// would have any JSON file of the user's sent to AWS, into an account that it chooses.
fn read(path: &Path, folder: Option<&Path>, origin: &Origin) -> Result<String, Error> {
    let failed = |cause: &dyn std::fmt::Display| {
        Error::new(format!("cannot read the session policy {}", path.display()))
            .cause(cause)
            .from(origin)
            .hint("name a JSON file, or write the policy as a table")
    };
    let real = path.canonicalize().map_err(|error| failed(&error))?;
    if origin.layer == Layer::Project && !is_below(&real, folder) {
        return Err(failed(&format!(
            "it is {}, and a project file may only name files below its own folder",
            real.display()
        )));
    }
    let text = RegularFile::open(&real).and_then(|file| file.read_text(LONGEST_FILE));
    text.map(|text| text.expose().to_owned())
        .map_err(|error| failed(&error))
}

fn is_below(real: &Path, folder: Option<&Path>) -> bool {
    let folder: Option<PathBuf> = folder.and_then(|folder| folder.canonicalize().ok());
    folder.is_some_and(|folder| real.starts_with(folder))
}

/// `json` without the white space between its parts. It is not written anew, so that nothing else about it changes.
fn without_white_space(json: &str) -> String {
    let mut compact = String::with_capacity(json.len());
    let (mut in_text, mut is_escaped) = (false, false);
    for character in json.chars() {
        if !in_text && character.is_ascii_whitespace() {
            continue;
        }
        if character == '"' && !is_escaped {
            in_text = !in_text;
        }
        is_escaped = character == '\\' && !is_escaped;
        compact.push(character);
    }
    compact
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn white_space_is_left_out_between_the_parts_and_kept_within_text() {
        let json = "{\n  \"a b\" : [ 1,\t\"c \\\" d\\\\\" , \" \" ]\r\n}\n";
        assert_eq!(without_white_space(json), "{\"a b\":[1,\"c \\\" d\\\\\",\" \"]}");
        assert_eq!(
            serde_json::from_str::<serde_json::Value>(&without_white_space(json)).unwrap(),
            serde_json::from_str::<serde_json::Value>(json).unwrap()
        );
    }
}
