use super::super::Exported;
use crate::deliver::SessionMarks;
use crate::deliver::SessionVariables;

/// What some shell acts on, at some place of a word. `touch` leaves a file behind where it is run.
pub(super) const HOSTILE: [&str; 34] = [
    "$(touch pwned)",
    "`touch pwned`",
    "${HOME}",
    "$HOME",
    "%PATH%",
    "!!",
    "^",
    "'",
    "\"",
    "\\",
    "\n",
    "\r",
    "\t",
    " ",
    ";touch pwned;",
    "|touch pwned|",
    "&touch pwned&",
    "(touch pwned)",
    "<(touch pwned)",
    ">pwned",
    "#",
    "*",
    "?",
    "[a-z]",
    "{a,b}",
    "~",
    "=ls",
    ":",
    "-n",
    "\u{1b}[2J",
    "\u{7f}",
    "’",
    "é東",
    "a",
];

/// Each hostile piece behind each other, and longer mixtures of them that are the same in every run.
pub(super) fn hostile_values() -> Vec<String> {
    let pairs = HOSTILE
        .iter()
        .flat_map(|first| HOSTILE.iter().map(move |second| format!("{first}{second}")));
    let mut state: u32 = 1;
    let mut next = move || {
        // The multiplier and the increment are those of Numerical Recipes; the upper bits are the better ones.
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (state >> 16) as usize
    };
    let mixtures = (0..400).map(|_| {
        let length = next() % 9;
        (0..=length).map(|_| HOSTILE[next() % HOSTILE.len()]).collect()
    });
    let pairs: Vec<String> = pairs.collect();
    let mixtures: Vec<String> = mixtures.collect();
    let single = HOSTILE.iter().map(ToString::to_string).chain([String::new()]);
    single.chain(pairs).chain(mixtures).collect()
}

/// What is exported where the session has `value` for everything that is not its expiry.
pub(super) fn exported(value: &str) -> Exported<'_> {
    Exported {
        variables: SessionVariables {
            access_key_id: value,
            secret_access_key: value,
            session_token: value,
            expiration: "2030-01-31T23:59:59Z".to_owned(),
            region: Some(value),
            marks: SessionMarks::default(),
        },
        account_id: "123456789012",
        arn: "arn:aws:sts::123456789012:assumed-role/deploy/alice",
        profile: "dev",
        rivals: Vec::new(),
    }
}
