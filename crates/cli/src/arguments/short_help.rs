use clap::{Arg, Command};

/// The options that the short help of rolewrap shows: what most people need.
const SHOWN: [&str; 9] = [
    "iam_role", "account", "source", "duration", "region", "delivery", "verbose", "quiet", "version",
];

/// `command` with a short help that fits one screen, and with commands whose short help is about them. The long help
/// of all stays complete.
pub(super) fn shorten(command: Command) -> Command {
    let hidden: Vec<Arg> = command
        .get_arguments()
        .filter(|option| option.is_global_set())
        .map(|option| option.clone().hide_short_help(true))
        .collect();
    let command = command.mut_args(|option| {
        let is_shown = SHOWN.contains(&option.get_id().as_str());
        option.hide_short_help(!is_shown)
    });
    command.mut_subcommands(|command| about_itself(command, &hidden))
}

/// clap gives `command` the options that are everybody's, unless it has some of that name: these, which hide.
fn about_itself(command: Command, hidden: &[Arg]) -> Command {
    let examples = command.get_after_help().map(ToString::to_string);
    let pointer = "The options that choose and shape the session are taken here too: see --help.";
    let short = match &examples {
        Some(examples) => format!("{examples}\n\n{pointer}"),
        None => pointer.to_owned(),
    };
    let command = match examples {
        Some(examples) => command.after_long_help(examples),
        None => command.after_long_help(""),
    };
    command
        .after_help(short)
        .args(hidden.iter().cloned())
        .mut_subcommands(|command| about_itself(command, hidden))
}
