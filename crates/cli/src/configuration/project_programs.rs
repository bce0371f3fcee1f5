//! The programs that a trusted project file names by a relative path.

use std::path::{Path, PathBuf};

use figment::value::{Dict, Value};

use super::file::File;

/// The keys whose first word is a program.
const KEYS: [&str; 2] = ["command", "mfa_command"];

/// Makes relative paths of programs begin at the folder of the project file. Elsewhere they are refused: they would be another
/// program in each working directory.
pub(super) fn resolve(project: &mut File) {
    let folder = project.path.parent().unwrap_or(&project.path).to_owned();
    resolve_in(&mut project.values, &folder);
    if let Some(Value::Dict(_, sources)) = project.values.get_mut("sources") {
        for source in sources.values_mut() {
            if let Value::Dict(_, source) = source {
                resolve_in(source, &folder);
            }
        }
    }
}

fn resolve_in(table: &mut Dict, folder: &Path) {
    for key in KEYS {
        if let Some(Value::Array(_, words)) = table.get_mut(key)
            && let Some(Value::String(_, program)) = words.first_mut()
            && (program.starts_with("./") || program.starts_with("../"))
        {
            // Without the dot of `./key.sh`.
            let path: PathBuf = folder.join(&*program).components().collect();
            *program = path.to_string_lossy().into_owned();
        }
    }
}
