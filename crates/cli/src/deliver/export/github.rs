//! For the next steps of a job of GitHub Actions: the file that `GITHUB_ENV` names, and the commands that keep the
//! secrets out of the log.

use std::fs::OpenOptions;
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

use rolewrap_core::{Environment, Secret};
use zeroize::Zeroizing;

use super::{Exported, Format, Unwritable};
use crate::error::Error;
use crate::host::variable;

const VARIABLE: &str = "GITHUB_ENV";

/// The file that the job's next steps have their environment from.
pub(crate) fn environment_file(environment: &dyn Environment, directory: &Path) -> Result<PathBuf, Error> {
    match variable(environment, VARIABLE)? {
        Some(path) => {
            let file = directory.join(path);
            match file.metadata() {
                Ok(metadata) if metadata.is_file() => Ok(file),
                _ => Err(no_file(format!(
                    "the variable {VARIABLE} names {}, which is not a file; the runner makes it for each step, and nobody else does",
                    file.display()
                ))),
            }
        }
        None => Err(no_file(format!(
            "the variable {VARIABLE} is not set, so this is not a step of a GitHub Actions job"
        ))),
    }
}

fn no_file(cause: String) -> Error {
    Error::new("cannot export the session in the format github")
        .cause(cause)
        .hint("run it in a step of a job, or choose another --format")
}

/// The commands after which the runner shows three asterisks in place of the session's values. They are printed
/// before anything else is done with them.
pub(super) fn mask_commands(exported: &Exported<'_>) -> Zeroizing<String> {
    let variables = &exported.variables;
    let mut text = Zeroizing::new(String::with_capacity(exported.room()));
    for value in [
        variables.access_key_id,
        variables.secret_access_key,
        variables.session_token,
    ] {
        text.push_str("::add-mask::");
        // What the runner takes back; a value with a line end would otherwise end the command, and begin another.
        for character in value.chars() {
            match character {
                '%' => text.push_str("%25"),
                '\r' => text.push_str("%0D"),
                '\n' => text.push_str("%0A"),
                other => text.push(other),
            }
        }
        text.push('\n');
    }
    text
}

/// What is added to the file: each value between two lines that occur in no value, so that none can set a variable
/// of its own.
pub(super) fn assignments(exported: &Exported<'_>) -> Result<Zeroizing<String>, Unwritable> {
    let mut delimiter = "rolewrap".to_owned();
    while exported
        .variables
        .pairs()
        .any(|(_, value)| value.contains(&delimiter))
    {
        delimiter.push('_');
    }
    let mut text = Zeroizing::new(String::with_capacity(exported.room()));
    for (name, value) in exported.variables.pairs() {
        // A line end of Windows would come back as another one.
        if value.contains(['\0', '\r']) {
            let format = Format::Github;
            return Err(Unwritable { name, format });
        }
        text.extend([name, "<<", &delimiter, "\n", value, "\n", &delimiter, "\n"]);
    }
    Ok(text)
}

/// Adds `text` to the file, on a line of its own.
pub(crate) fn add(text: &Secret, file: &Path) -> Result<(), Error> {
    append(text.expose(), file).map_err(|error| {
        Error::new(format!("cannot write to {}", file.display()))
            .cause(error)
            .from(format!("variable {VARIABLE}"))
            .hint("the next steps have no session: let this step's user write to the file, and see that the disk has room")
    })
}

fn append(text: &str, file: &Path) -> io::Result<()> {
    // It is not created: others could read it then, and nobody would the variables.
    let mut file = OpenOptions::new().read(true).append(true).open(file)?;
    let mut last = [0];
    // What an earlier command left without a line end would swallow the first name.
    if file.seek(SeekFrom::End(0))? > 0 {
        file.seek(SeekFrom::End(-1))?;
        file.read_exact(&mut last)?;
        if last != *b"\n" {
            file.write_all(b"\n")?;
        }
    }
    file.write_all(text.as_bytes())
}
