use std::path::Path;

use rolewrap_core::RegularFile;
use rolewrap_role::{InvalidParameter, ProvidedContext};

use super::Chosen;
use crate::configuration::{Configuration, ContextSection, Origin};
use crate::error::Error;

/// The most bytes of a file with an assertion. STS takes 2,048 characters, and the white space around them is not sent.
const LONGEST_FILE: u64 = 64 * 1024;

/// The contexts that `sections`, the value of `key`, name. Their assertions are read anew for each plan, because they are
/// good for minutes.
pub(super) fn contexts(
    configuration: &Configuration,
    key: &str,
    sections: Chosen<Vec<ContextSection>>,
) -> Result<Chosen<Vec<ProvidedContext>>, Error> {
    let Chosen { value, origin } = sections;
    let folder = configuration.directory_of(key).unwrap_or("".as_ref());
    let contexts = value.iter().map(|section| context(section, folder, &origin));
    Ok(Chosen {
        value: contexts.collect::<Result<_, _>>()?,
        origin,
    })
}

fn context(section: &ContextSection, folder: &Path, origin: &Origin) -> Result<ProvidedContext, Error> {
    let path = folder.join(&section.assertion_file);
    let failed = |error: &dyn std::error::Error| {
        Error::new(format!("the context of {} cannot be provided", section.provider))
            .causes(error)
            .with("file", path.display())
            .from(origin)
            .hint("have the assertion issued again, or correct what names it")
    };
    let provider = section
        .provider
        .parse()
        .map_err(|error: InvalidParameter| failed(&error))?;
    let assertion = RegularFile::open(&path)
        .and_then(|file| file.read_text(LONGEST_FILE))
        .map_err(|error| failed(&error))?;
    ProvidedContext::new(provider, &assertion).map_err(|error| failed(&error))
}
