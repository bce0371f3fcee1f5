use std::ffi::OsString;

use crate::error::Error;
use crate::run::Run;
use crate::run::child;
use crate::ui::copied::to_complete;

/// Refuses `-chdir` behind Terraform's command, and `--chdir` anywhere: Terraform takes neither, and the directory may choose
/// the account.
pub(super) fn refuse(run: &Run<'_>, arguments: &[OsString]) -> Result<(), Error> {
    let end = arguments.iter().position(|argument| argument == "--");
    let (options, behind) = arguments.split_at(end.unwrap_or(arguments.len()));
    let command = child::global_options(options).count();
    let mut texts = options
        .iter()
        .enumerate()
        .filter_map(|(place, argument)| Some((place, argument.to_str()?)));
    let is_wrong = |(place, option): &(usize, &str)| {
        let name = option.split('=').next().unwrap_or_default();
        name == "--chdir" || (name == "-chdir" && *place > command)
    };
    let Some((place, option)) = texts.find(is_wrong) else {
        return Ok(());
    };
    let (before, after) = options.split_at(place);
    let (directory, after) = match (option.split_once('='), &after[1..]) {
        (Some((_, directory)), after) => (directory.to_owned(), after),
        (None, [directory, after @ ..]) => (directory.to_string_lossy().into_owned(), after),
        (None, []) => ("DIR".to_owned(), &[][..]),
    };
    let globals = before.len().min(command);
    let own: [OsString; 1] = [format!("-chdir={directory}").into()];
    let line = to_complete(
        &[&run.options.words[..], &own, &before[..globals]].concat(),
        &[&before[globals..], after, behind].concat(),
    );
    let name = option.split('=').next().unwrap_or_default();
    Err(Error::new(format!(
        "Terraform does not take {name} here, so nothing was started"
    ))
    .cause("it has one dash, and stands before Terraform's command, in one word with the directory")
    .hint(format!("write: {line}")))
}
