use rolewrap_core::SourceError;
use rolewrap_role::WebIdentityToken;

use crate::configuration::Configuration;
use crate::error::Error;
use crate::plan::BasePlan;
use crate::session::Loaded;
use crate::session::World;
use crate::session::explain;
use crate::session::sources::{self, Source};

/// Loads what `source` gives, and says so.
pub(crate) async fn load(
    world: &World<'_>,
    configuration: &Configuration,
    source: &Source,
    plan: &BasePlan,
) -> Result<Loaded, Error> {
    for warning in source.warnings() {
        world
            .messages
            .warning(&format!("source {}: {warning}", source.name()));
    }
    let failed = |error: SourceError| {
        let other_places = sources::other_places(configuration, &error, world.system);
        let explained = explain::source(&error, &plan.sources, configuration);
        let explained = other_places.into_iter().fold(explained, Error::cause);
        match sources::other_way(configuration, &error, &plan.sources, world.system) {
            Some(hint) => explained.hint_instead(&hint),
            None => explained,
        }
    };
    // A program that is exchanged while it runs is noticed as well.
    configuration.refuse_changed_files()?;
    let loaded = load_from(world, source, plan, failed).await?;
    if let Err(changed) = configuration.refuse_changed_files() {
        source.release(&loaded, world.messages).await;
        return Err(changed);
    }
    Ok(loaded)
}

async fn load_from(
    world: &World<'_>,
    source: &Source,
    plan: &BasePlan,
    failed: impl FnOnce(SourceError) -> Error,
) -> Result<Loaded, Error> {
    let origin = &plan.sources.origin;
    match source {
        Source::Keys(source) => {
            let base = source.load().await.map_err(failed)?;
            for passed_over in base.passed_over() {
                world.messages.step(&format!(
                    "source {} has nothing: {}",
                    passed_over.source_name(),
                    passed_over.reason()
                ));
            }
            world.messages.step(&format!(
                "base credentials {} from source {} ({origin})",
                base.access_key_id(),
                base.source_name()
            ));
            Ok(Loaded::Keys(base))
        }
        Source::WebIdentity(source) => {
            let token = source.load().await.map_err(failed)?;
            let name = source.name();
            let token = WebIdentityToken::new(&token)
                .map_err(|error| explain::no_web_identity(&error, name, &plan.sources))?;
            world.messages.step(&format!(
                "web identity {} from source {name} ({origin})",
                token.claims()
            ));
            Ok(Loaded::WebIdentity(name.to_owned(), token))
        }
    }
}
