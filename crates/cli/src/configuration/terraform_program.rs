use std::path::Path;

use toml::de::DeTable;

use super::snippet::Snippet;
use crate::error::Error;

/// Refuses a file that names the program for Terraform by a relative path. It would be another program in each working
/// directory, which may be somebody else's checkout.
pub(super) fn refuse_relative(document: &DeTable<'_>, snippet: Snippet<'_>) -> Result<(), Error> {
    let Some((key, value)) = document.get_key_value("terraform") else {
        return Ok(());
    };
    let program = value.get_ref().as_str().unwrap_or_default();
    if !is_relative_path(program) {
        return Ok(());
    }
    Err(Error::new(format!(
        "`terraform` in {} is neither a name to look up on PATH nor a full path",
        snippet.path.display()
    ))
    .snippet(snippet.show(Some(key.span())))
    .cause(format!(
        "`{program}` would be another program in each directory, and one of the repository that you stand in; no shell expands ~ or variables"
    ))
    .hint("write the full path; --terraform and ROLEWRAP_TERRAFORM may be relative to the working directory"))
}

/// Whether `program` is a path, and one that begins at the working directory.
fn is_relative_path(program: &str) -> bool {
    let path = Path::new(program);
    // On Windows also `C:tofu`, which has no separator.
    let is_path = program.contains(std::path::is_separator) || path.components().count() > 1;
    is_path && !path.is_absolute()
}
