use std::path::Path;

use rolewrap_core::{RegularFile, Secret};

use crate::error::Error;

/// Reads the file that the AWS console lets people download when they create an access key: a line of headings,
/// and a line with the two values.
pub(super) fn read(path: &Path) -> Result<(String, Secret), Error> {
    let read = RegularFile::open(path).and_then(|file| file.read_text(LONGEST));
    let text = read.map_err(|error| {
        Error::new(format!("cannot read {}", path.display()))
            .cause(error)
            .hint("check the path")
    })?;
    parse(text.expose()).ok_or_else(|| {
        Error::new(format!("{} is not the file of an access key", path.display()))
            .cause("it has no columns `Access key ID` and `Secret access key` with one value each")
            .hint("download it again from the AWS console, or give the two values on standard input")
    })
}

/// The longest such file, in bytes: it has two lines.
const LONGEST: u64 = 64 * 1024;

fn parse(text: &str) -> Option<(String, Secret)> {
    let mut lines = text
        .trim_start_matches('\u{feff}')
        .lines()
        .filter(|line| !line.trim().is_empty());
    let headings: Vec<String> = lines
        .next()?
        .split(',')
        .map(|cell| unquoted(cell).to_lowercase())
        .collect();
    let cells: Vec<&str> = lines.next()?.split(',').map(unquoted).collect();
    if lines.next().is_some() {
        // Which of several keys is meant is not ours to choose.
        return None;
    }
    let value = |heading: &str| {
        let column = headings.iter().position(|found| found == heading)?;
        cells.get(column).copied().filter(|value| !value.is_empty())
    };
    Some((
        value("access key id")?.to_owned(),
        Secret::new(value("secret access key")?),
    ))
}

fn unquoted(cell: &str) -> &str {
    cell.trim().trim_matches('"')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_forms_of_the_consoles_file_are_read() {
        for text in [
            "Access key ID,Secret access key\nAKIAIOSFODNN7EXAMPLE,secret\n",
            "\u{feff}User name,Password,Access key ID,Secret access key,Console login link\r\nci,,AKIAIOSFODNN7EXAMPLE,secret,https://x\r\n",
            "\"Access key ID\",\"Secret access key\"\n\"AKIAIOSFODNN7EXAMPLE\",\"secret\"\n",
        ] {
            let (id, secret) = parse(text).unwrap();
            assert_eq!(
                (id.as_str(), secret.expose()),
                ("AKIAIOSFODNN7EXAMPLE", "secret"),
                "{text}"
            );
        }
    }

    #[test]
    fn anything_else_is_none() {
        for text in [
            "",
            "Access key ID,Secret access key\n",
            "a,b\nc,d\n",
            "Access key ID,Secret access key\nAKIA,\n",
            "Access key ID,Secret access key\nAKIAIOSFODNN7EXAMPLE,one\nAKIAIOSFODNN7EXAMPLF,two\n",
        ] {
            assert!(parse(text).is_none(), "{text}");
        }
    }
}
