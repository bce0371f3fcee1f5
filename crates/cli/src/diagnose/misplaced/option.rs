use std::ffi::OsString;

use super::terragrunt;
use crate::arguments::OwnOption;
use crate::configuration::Configuration;
use crate::error::Error;
use crate::run::Run;
use crate::run::child;
use crate::ui::copied::to_complete;

/// Refuses one of rolewrap's own options among Terraform's `arguments`. Terraform has none of that name, and without it the
/// run would have another identity than was meant.
pub(super) fn refuse(
    run: &Run<'_>,
    configuration: &Configuration,
    arguments: &[OsString],
) -> Result<(), Error> {
    let end = arguments.iter().position(|argument| argument == "--");
    let (options, behind) = arguments.split_at(end.unwrap_or(arguments.len()));
    if !options.iter().any(|argument| name(argument).is_some()) {
        return Ok(());
    }
    let is_terragrunt = terragrunt::is_the_program(configuration);
    let mut texts = options.iter().filter_map(|argument| argument.to_str());
    if let Some(option) = texts.find(|text| text.starts_with(terragrunt::PREFIX) && !is_terragrunt) {
        return Err(terragrunt::refused(option, &run.options.words, arguments));
    }
    let verb = child::terraform_command(arguments).unwrap_or_default();
    let belongs = |name: &str| is_terraforms(name, &verb) || (is_terragrunt && terragrunt::is_option(name));
    let (own, terraforms) = parted(options, belongs);
    let Some(option) = own.first().and_then(name) else {
        return Ok(());
    };
    let terraforms = [&terraforms, behind].concat();
    let globals: Vec<OsString> = child::global_options(&terraforms).cloned().collect();
    let line = to_complete(
        &[&run.options.words, &own[..], &globals].concat(),
        &terraforms[globals.len()..],
    );
    Err(Error::new(format!(
        "--{option} stands among Terraform's arguments, so nothing was started"
    ))
    .cause("the options of rolewrap come before the first word; what follows is Terraform's")
    .hint(format!("write: {line}")))
}

/// Parts `options` into those of rolewrap, with their values, and the rest.
fn parted(options: &[OsString], belongs: impl Fn(&str) -> bool) -> (Vec<OsString>, Vec<OsString>) {
    let all = OwnOption::all();
    let (mut own, mut rest) = (Vec::new(), Vec::new());
    let mut options = options.iter();
    while let Some(argument) = options.next() {
        let known = name(argument).and_then(|name| all.iter().find(|option| option.name == name));
        let Some(option) = known.filter(|option| !belongs(&option.name)) else {
            rest.push(argument.clone());
            continue;
        };
        let has_value = argument.to_string_lossy().contains('=');
        let follows = (option.takes_value && !has_value).then(|| options.next());
        if option.hides_value() {
            own.extend([format!("--{}", option.name), "…".to_owned()].map(OsString::from));
        } else {
            own.push(argument.clone());
            own.extend(follows.flatten().cloned());
        }
    }
    (own, rest)
}

/// The name of an option that is written with two dashes.
fn name(argument: &OsString) -> Option<&str> {
    let option = argument.to_str()?.strip_prefix("--")?;
    Some(option.split('=').next().unwrap_or_default())
}

/// Whether Terraform or OpenTofu has an option of this name behind its command `verb`. They take two dashes for one.
fn is_terraforms(name: &str, verb: &str) -> bool {
    match name {
        "refresh" | "quiet" | "version" | "help" => true,
        "config" => verb == "import",
        "verbose" => verb == "test",
        _ => false,
    }
}
