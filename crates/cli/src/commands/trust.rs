//! `rolewrap trust` and `rolewrap untrust`.

use std::path::Path;

use super::table::table;
use crate::arguments::TrustCommand;
use crate::configuration::{Configuration, Digest, PROJECT_FILE_NAME, TrustRecord, TrustedContent};
use crate::error::Error;
use crate::host::wait::wait_for;
use crate::run::Run;
use crate::ui::{output, terminal, text};

pub(super) fn run(run: &Run<'_>, command: Option<TrustCommand>, yes: bool) -> Result<String, Error> {
    match command {
        None => trust(run, yes),
        Some(TrustCommand::Show) => show(run),
        Some(TrustCommand::List { json }) => list(run, json),
    }
}

/// Trusts what the project file says, after a look at it.
fn trust(run: &Run<'_>, yes: bool) -> Result<String, Error> {
    let places = run.places()?;
    let path = project_file(places.project.as_deref(), run)?;
    let Some(content) = Configuration::content_on_trust(&places)? else {
        return Ok(needs_nothing(path));
    };
    let digest = content.digest();
    if places.trust.trusts(&digest)? {
        return Ok(format!(
            "What {} says is trusted already: {digest}\n",
            path.display()
        ));
    }
    let record = TrustRecord {
        path: path.to_owned(),
        trusted_at: run.world.system.clock.now(),
        lines: content.lines(),
    };
    output::error_text(&shown(path, &content, places.trust.last_of(path).as_ref()));
    confirm(run, yes)?;
    places.trust.add(&digest, &record)?;
    Ok(format!("Trusted {digest}\n"))
}

fn confirm(run: &Run<'_>, yes: bool) -> Result<(), Error> {
    let not_trusted = || Error::new("nothing was changed");
    if yes {
        return Ok(());
    }
    if !run.is_interactive() {
        return Err(not_trusted()
            .cause("there is no terminal to ask on")
            .hint("--yes trusts it without a question; in a CI job, give the digest with --trust"));
    }
    if wait_for(terminal::confirm(&*run.world.prompt, "Trust this?"))? {
        Ok(())
    } else {
        Err(not_trusted().cause("the answer was no"))
    }
}

fn show(run: &Run<'_>) -> Result<String, Error> {
    let places = run.places()?;
    let path = project_file(places.project.as_deref(), run)?;
    let Some(content) = Configuration::content_on_trust(&places)? else {
        return Ok(needs_nothing(path));
    };
    let digest = content.digest();
    let state = if places.trust.trusts(&digest)? {
        "trusted"
    } else {
        "not trusted"
    };
    let shown = shown(path, &content, None);
    Ok(format!("{shown}digest: {digest} ({state})\n"))
}

fn list(run: &Run<'_>, json: bool) -> Result<String, Error> {
    let records = run.places()?.trust.records();
    if json {
        let records = records.into_iter().map(|(digest, record)| {
            serde_json::json!({
                "digest": digest.to_string(),
                "path": record.path.to_string_lossy(),
                "trusted_at": text::time(record.trusted_at),
                "allows": record.lines,
            })
        });
        return Ok(text::json(
            &serde_json::json!({ "trusted": records.collect::<Vec<_>>() }),
        ));
    }
    let rows = records.into_iter().map(|(digest, record)| {
        vec![
            digest.to_string(),
            text::time(record.trusted_at),
            record.path.display().to_string(),
        ]
    });
    let rows: Vec<Vec<String>> = rows.collect();
    Ok(if rows.is_empty() {
        "Nothing is trusted.\n".to_owned()
    } else {
        table(&rows)
    })
}

/// Trusts `digest` no longer, or else all that was trusted of this directory's project file.
pub(super) fn untrust(run: &Run<'_>, digest: Option<&str>) -> Result<String, Error> {
    let places = run.places()?;
    let digests = if let Some(text) = digest {
        let digest = text.parse::<Digest>().map_err(|error| {
            Error::new(format!("`{text}` is not what can be trusted"))
                .cause(error)
                .hint("`rolewrap trust list` shows what is trusted")
        })?;
        vec![digest]
    } else {
        let path = project_file(places.project.as_deref(), run)?;
        let records = places.trust.records().into_iter();
        let of_path = records.filter(|(_, record)| record.path == path);
        let content = Configuration::content_on_trust(&places)?;
        let now = content.as_ref().map(TrustedContent::digest);
        of_path.map(|(digest, _)| digest).chain(now).collect()
    };
    let mut removed = Vec::new();
    for digest in digests {
        if places.trust.remove(&digest)? {
            removed.push(format!("No longer trusted: {digest}\n"));
        }
    }
    Ok(if removed.is_empty() {
        "It was not trusted.\n".to_owned()
    } else {
        removed.concat()
    })
}

fn project_file<'a>(path: Option<&'a Path>, run: &Run<'_>) -> Result<&'a Path, Error> {
    path.ok_or_else(|| {
        Error::new("there is no project file here")
            .cause(format!(
                "there is no {PROJECT_FILE_NAME} in {} or above it in its repository",
                run.directory.real.display()
            ))
            .hint("change to the repository that has one")
    })
}

fn needs_nothing(path: &Path) -> String {
    format!("What {} says needs no trust.\n", path.display())
}

/// What the project file may do once it is trusted, or what is new since it was trusted `last`.
fn shown(path: &Path, content: &TrustedContent, last: Option<&TrustRecord>) -> String {
    let now = content.lines();
    let (title, lines): (_, Vec<String>) = match last {
        None => (
            "would allow",
            now.iter().map(|line| format!("  {line}")).collect(),
        ),
        Some(last) => {
            let removed = last.lines.iter().filter(|line| !now.contains(line));
            let removed = removed.map(|line| format!("- {line}"));
            let kept = now.iter().map(|line| {
                let mark = if last.lines.contains(line) { ' ' } else { '+' };
                format!("{mark} {line}")
            });
            (
                "has changed since it was trusted. It would allow",
                removed.chain(kept).collect(),
            )
        }
    };
    let lines = lines
        .iter()
        .map(|line| format!("{}\n", rolewrap_core::visible(line)));
    format!("{} {title}:\n{}", path.display(), lines.collect::<String>())
}
