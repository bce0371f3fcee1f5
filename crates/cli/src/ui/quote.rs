//! A value as a word of some shell. Whatever it holds, the shell takes it as text and runs nothing.

/// A value that the format cannot hold.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct CannotHold;

/// Writes a value to the end of a text as one word. Nothing is written where it fails.
pub(crate) type Quote = fn(&str, &mut String) -> Result<(), CannotHold>;

/// Whether the value means itself to every shell, every reader of env files and every reader of ini files. AWS's own
/// values are all of this kind.
pub(crate) fn is_plain(value: &str) -> bool {
    let plain = |character: char| character.is_ascii_alphanumeric() || "_-./+:@,=".contains(character);
    // zsh replaces a word behind an equals sign by the path of the program of that name, at the beginning of a value
    // and behind its colons.
    !value.is_empty() && value.chars().all(plain) && !value.starts_with('=') && !value.contains(":=")
}

/// For formats that have no quotes, or whose readers do not agree on them: cmd.exe, env files, ini files.
pub(crate) fn plain(value: &str, text: &mut String) -> Result<(), CannotHold> {
    if !is_plain(value) {
        return Err(CannotHold);
    }
    text.push_str(value);
    Ok(())
}

/// For sh, bash, dash, ksh and zsh. A plain value stays as it is, as AWS's own command line writes it: env files without
/// quotes can be made so. Between single quotes nothing has a meaning but the single quote itself.
pub(crate) fn posix(value: &str, text: &mut String) -> Result<(), CannotHold> {
    if is_plain(value) {
        text.push_str(value);
        return Ok(());
    }
    quoted(value, text, |character, text| match character {
        '\'' => text.push_str(r"'\''"),
        other => text.push(other),
    })
}

/// `value` as a word that a person can paste into a POSIX shell.
pub(crate) fn posix_word(value: &str) -> String {
    let mut word = String::new();
    // A command line has no NUL.
    let _ = posix(value, &mut word);
    word
}

/// `value` as a word that a person can paste into fish.
pub(crate) fn fish_word(value: &str) -> String {
    let mut word = String::new();
    // As above.
    let _ = if is_plain(value) {
        plain(value, &mut word)
    } else {
        fish(value, &mut word)
    };
    word
}

/// `value` as a word that a person can paste into PowerShell, which takes four typographic characters as single quotes too.
/// Unlike what [`powershell`] writes, it goes through no code page.
pub(crate) fn powershell_word(value: &str) -> String {
    let mut word = String::new();
    let is_simple = |character: char| character.is_ascii_alphanumeric() || character == '-';
    if !value.is_empty() && value.chars().all(is_simple) {
        return value.to_owned();
    }
    let _ = quoted(value, &mut word, |character, text| {
        if matches!(character, '\'' | '\u{2018}'..='\u{201b}') {
            text.push(character);
        }
        text.push(character);
    });
    word
}

/// For fish, where a backslash has a meaning between single quotes: before one of them, and before another backslash.
pub(crate) fn fish(value: &str, text: &mut String) -> Result<(), CannotHold> {
    quoted(value, text, |character, text| {
        if matches!(character, '\'' | '\\') {
            text.push('\\');
        }
        text.push(character);
    })
}

/// For PowerShell, printable ASCII only. It runs what a program prints line by line where it is piped to
/// `Invoke-Expression`, decodes it by a code page that is seldom UTF-8, and takes four typographic characters as single
/// quotes too.
pub(crate) fn powershell(value: &str, text: &mut String) -> Result<(), CannotHold> {
    if !value.chars().all(|character| matches!(character, ' '..='~')) {
        return Err(CannotHold);
    }
    quoted(value, text, |character, text| match character {
        '\'' => text.push_str("''"),
        other => text.push(other),
    })
}

/// The value between single quotes, each of its characters as `write` has it.
fn quoted(value: &str, text: &mut String, write: impl Fn(char, &mut String)) -> Result<(), CannotHold> {
    // No variable can hold a NUL, and no shell reads one.
    if value.contains('\0') {
        return Err(CannotHold);
    }
    text.push('\'');
    value.chars().for_each(|character| write(character, text));
    text.push('\'');
    Ok(())
}
