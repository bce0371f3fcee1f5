//! What can be done with all that is cached.

use rolewrap_role::cache::{CacheError, LongestDurations, SessionCache};

use super::durations_folder;
use super::place::Place;
use crate::configuration::Configuration;
use crate::error::Error;
use crate::plan::CacheSettings;
use crate::session::World;

/// The cache, to see what is in it; `None` where there is none yet.
pub(crate) fn existing(
    world: &World<'_>,
    configuration: &Configuration,
) -> Result<Option<SessionCache>, Error> {
    let settings = CacheSettings::new(configuration, &*world.system.environment)?;
    Place::new(world, settings.store)
        .and_then(|place| place.existing())
        .map_err(|error| unusable(&error))
}

/// Forgets all sessions, and how long those of roles can be. Says how many sessions there were, and how many roles.
pub(crate) fn clear(world: &World<'_>, configuration: &Configuration) -> Result<(usize, usize), Error> {
    let settings = CacheSettings::new(configuration, &*world.system.environment)?;
    let folder = durations_folder(&*world.system.environment);
    let roles = folder.map_or(Ok(0), |folder| LongestDurations::clear(&folder));
    let sessions = Place::new(world, settings.store).and_then(|place| place.clear());
    sessions
        .and_then(|sessions| Ok((sessions, roles?)))
        .map_err(|error| unusable(&error))
}

/// Forgets all sessions, since a key was changed that some of them may have come from.
pub(crate) fn clear_after_change(world: &World<'_>, configuration: &Configuration) -> Result<(), Error> {
    let settings = CacheSettings::new(configuration, &*world.system.environment)?;
    match Place::new(world, settings.store).and_then(|place| place.clear()) {
        Ok(0) => Ok(()),
        Ok(_) => {
            world.messages.step("all cached sessions are forgotten");
            Ok(())
        }
        Err(error @ CacheError::Locked { .. }) => {
            world.messages.warning(&format!(
                "sessions of the old key may still be cached: {error}. End it, and run `rolewrap cache clear`"
            ));
            Ok(())
        }
        // Where no cache can be used, none is used.
        Err(error) => {
            world
                .messages
                .step(&format!("the cache was not cleared: {error}"));
            Ok(())
        }
    }
}

fn unusable(error: &CacheError) -> Error {
    let explained = Error::new("the session cache cannot be used").cause(error);
    match error {
        CacheError::Unsafe { .. } => {
            explained.hint("remove it, or make it a folder of yours alone (chmod 700)")
        }
        CacheError::Locked { .. } => {
            explained.hint("look what that process waits for, end it, and try again")
        }
        _ => explained,
    }
}
