//! The session cache, as the configuration says and the environment has it. What it does is in `rolewrap-role`.

mod manner;
mod os_keyring;
mod place;
mod upkeep;

use std::path::PathBuf;
use std::time::{Duration, SystemTime};

use rolewrap_core::{BaseCredentials, Environment};
use rolewrap_role::cache::{
    CacheError, CacheNotice, FailureReach, FlightError, FlightFailure, Freshness, Recipe, Sealable,
    SessionCache, Wanted,
};
use rolewrap_role::{SessionDuration, StsClient};

use crate::configuration::cache_folder;
use crate::error::Error;
use crate::plan::delivery::{Delivery, RENEWAL_WINDOW};
use crate::plan::{CacheSettings, Mfa, Plan};
use crate::session::Journey;
use crate::session::World;
use crate::session::sources::{self, Source};
use crate::ui::messages::Messages;
use manner::manner;
use place::Place;

pub(crate) use upkeep::{clear, clear_after_change, existing};

/// What everything but the source may take that is not one of STS's requests: a person who is asked, a key that IAM does
/// not know yet.
const MARGIN: Duration = Duration::from_mins(5);
/// How long the process that serves a session waits at most for another one that is asking for the next. That one may have
/// been stopped, and the command needs its session.
const RENEWAL_WAIT: Duration = Duration::from_secs(10);
/// How long an MFA session must still live to sign for a role, with all the requests of a chain.
const MFA_LEAST: Duration = Duration::from_mins(2);

/// The longest life of an MFA session (STS API Reference, `GetSessionToken`).
const LONGEST_MFA: Duration = Duration::from_hours(36);

/// The cache, with what is looked for in it.
pub(crate) struct RunCache<'a> {
    cache: SessionCache,
    plan: &'a Plan,
    recipe: Recipe,
    wanted: Wanted,
    messages: Messages,
    what: String,
    /// Whether runs that reach STS in several ways look for the same here.
    has_many_ways: bool,
}

impl<'a> RunCache<'a> {
    /// The cache for the session that is planned; `None` where there is none, because it is switched off or has no safe
    /// place.
    pub(crate) fn open(journey: Journey<'a>, source: &Source) -> Result<Option<Self>, Error> {
        Self::open_by(journey, source, |place| place.open().map(Some))
    }

    fn open_by(
        journey: Journey<'a>,
        source: &Source,
        open: impl FnOnce(&Place) -> Result<Option<SessionCache>, CacheError>,
    ) -> Result<Option<Self>, Error> {
        let (world, plan) = (journey.world, journey.plan);
        let settings = &plan.base.cache;
        let Some(cache) = opened(world, settings, open) else {
            return Ok(None);
        };
        let Some(recipe) = recipe(world, plan, source) else {
            world.messages.detail(
                "nothing tells the credentials of this source apart, so no session of the cache is used",
            );
            return Ok(None);
        };
        let requests = u32::try_from(plan.hops.len()).unwrap_or(u32::MAX);
        let longest_load = sources::longest_load(journey.configuration, &plan.base.sources.value)?;
        let longest = plan.base.sts.total_timeout.saturating_mul(requests);
        Ok(Some(Self {
            cache,
            plan,
            recipe,
            wanted: Wanted {
                freshness: settings.freshness.unwrap_or(usual_freshness(plan)),
                refresh: world.is_refreshed,
                longer_than: None,
                longest: longest_life(plan),
                label: plan.target(),
                manner: String::new(),
                wait_at_most: wait_at_most(journey, longest + longest_load + MARGIN),
                runs_on: journey.replaces.is_some(),
            },
            messages: world.messages,
            what: format!("session of {}", plan.target_hop().role.value),
            has_many_ways: false,
        }))
    }

    /// The same for a process that must not wait: where the key of the cache is in a keyring that another program has, and
    /// that may not answer, there is none, nor where the key has still to be made, for which there is a lock.
    #[cfg(unix)]
    pub(crate) fn open_at_once(journey: Journey<'a>, source: &Source) -> Result<Option<Self>, Error> {
        if journey.plan.base.cache.store.may_wait() {
            return Ok(None);
        }
        Self::open_by(journey, source, Place::existing)
    }

    /// The cache for the MFA session of the owner of `base`.
    pub(crate) fn of_mfa(
        journey: Journey<'a>,
        client: &StsClient,
        base: &BaseCredentials,
        mfa: &Mfa,
    ) -> Option<Self> {
        let (world, plan) = (journey.world, journey.plan);
        let cache = opened(world, &plan.base.cache, |place| place.open().map(Some))?;
        let mut recipe = Recipe::of_mfa_session(client);
        recipe.part("key", base.access_key_id().as_bytes());
        recipe.part("secret", base.secret_access_key().expose().as_bytes());
        of_device(&mut recipe, mfa);
        Some(Self {
            cache,
            plan,
            recipe,
            wanted: Wanted {
                // It signs requests, and what STS gives for them lives on without it.
                freshness: Freshness::AtLeast(MFA_LEAST),
                // A person has confirmed it, and is not asked again for the sake of another session.
                refresh: false,
                longer_than: None,
                longest: mfa
                    .duration
                    .as_ref()
                    .map_or(LONGEST_MFA, |duration| duration.value.into()),
                label: format!("MFA of {}", mfa.serial.value),
                manner: String::new(),
                wait_at_most: wait_at_most(journey, plan.base.sts.total_timeout + MARGIN),
                runs_on: journey.replaces.is_some(),
            },
            messages: world.messages,
            what: format!("MFA session of {}", mfa.serial.value),
            has_many_ways: true,
        })
    }

    /// What is in the cache, where it may be used and lives longer than until then.
    pub(crate) fn find<T: Sealable>(&self, world: &World<'_>, longer_than: Option<SystemTime>) -> Option<T> {
        let notice = |notice: CacheNotice<'_>| self.say(&notice);
        let (wanted, now) = (self.wanted(longer_than), world.system.clock.now());
        self.cache.find_usable(&self.recipe, &wanted, now, &notice)
    }

    fn wanted(&self, longer_than: Option<SystemTime>) -> Wanted {
        Wanted {
            longer_than,
            ..self.wanted.clone()
        }
    }

    /// What is wanted: from the cache, from another process that is asking for the same, or from `ask`. Where it is to
    /// take the place of something that expires then, it lives longer than that.
    pub(crate) async fn obtain<T: Sealable>(
        &self,
        world: &World<'_>,
        longer_than: Option<SystemTime>,
        ask: impl AsyncFnOnce() -> Result<T, Error>,
    ) -> Result<T, Error> {
        let clock = &*world.system.clock;
        let notice = |notice: CacheNotice<'_>| self.say(&notice);
        let wanted = Wanted {
            // Only now: whether there is a terminal has to be looked for.
            manner: manner(world, self.plan),
            ..self.wanted(longer_than)
        };
        // What a person made of a question is no matter of the others.
        let was_asked = || world.person.as_ref().is_some_and(|person| person.was_asked());
        let ask = async || {
            ask().await.map_err(|error| match error.reach() {
                FailureReach::Alike if was_asked() => error.reaches(FailureReach::Own),
                // Where STS is switched off in one region, it is not in another.
                FailureReach::All if self.has_many_ways => error.reaches(FailureReach::Alike),
                _ => error,
            })
        };
        let obtained = self
            .cache
            .obtain(&self.recipe, &wanted, clock, &notice, ask)
            .await;
        obtained.map_err(|error| match error {
            FlightError::Own(error) => error,
            FlightError::Elsewhere(text) => Error::of_another_process(&text),
        })
    }

    fn say(&self, notice: &CacheNotice<'_>) {
        let (what, messages) = (&self.what, self.messages);
        match notice {
            CacheNotice::Found { issued_at, .. } => messages.step(&format!(
                "the {what} is from the cache, of {}",
                humantime::format_rfc3339_seconds(*issued_at)
            )),
            CacheNotice::Waiting => messages.warning(&format!(
                "waiting for another rolewrap that is asking for the {what}"
            )),
            CacheNotice::WaitedTooLong => messages.warning(&format!(
                "another rolewrap is still asking for the {what}, so this one asks too"
            )),
            CacheNotice::NoLock(error) => messages.step(&format!(
                "no other rolewrap can be waited for here, so this one asks by itself: {error}"
            )),
            CacheNotice::NotKept(error) => {
                messages.warning(&format!("the {what} is not cached: {error}"));
            }
            _ => {}
        }
    }
}

/// The cache itself, where it is switched on and has a safe place.
fn opened(
    world: &World<'_>,
    settings: &CacheSettings,
    open: impl FnOnce(&Place) -> Result<Option<SessionCache>, CacheError>,
) -> Option<SessionCache> {
    if !settings.enabled {
        return None;
    }
    Place::new(world, settings.store)
        .and_then(|place| open(&place))
        .inspect_err(|error| without_cache(world.messages, error))
        .ok()?
}

/// A command that gets a session once needs more of its life than an endpoint, which renews it.
fn usual_freshness(plan: &Plan) -> Freshness {
    match plan.delivery.value {
        Delivery::Env => Freshness::HalfOfLife,
        Delivery::Endpoint => Freshness::Window(RENEWAL_WINDOW),
    }
}

/// Where it is remembered how long sessions can be.
pub(crate) fn durations_folder(environment: &dyn Environment) -> Option<PathBuf> {
    cache_folder(environment).map(|folder| folder.join("durations"))
}

/// How long another process is waited for: as long as it may take, or for a renewal some seconds, and never up to the end
/// of what is served meanwhile.
fn wait_at_most(journey: Journey<'_>, usual: Duration) -> Duration {
    let Some(expires_at) = journey.replaces else {
        return usual;
    };
    let left = expires_at.duration_since(journey.world.system.clock.now());
    usual.min(RENEWAL_WAIT).min(left.unwrap_or_default() / 2)
}

/// How long the session may live at most: as long as it is asked for, or else as long as AWS allows.
fn longest_life(plan: &Plan) -> Duration {
    let asked = plan.target_hop().duration.as_ref();
    let asked = asked.and_then(|duration| duration.value.exactly());
    asked.unwrap_or(SessionDuration::LONGEST).into()
}

/// Says why there is no cache. Somebody may be up to something where a folder is not as it should be.
fn without_cache(messages: Messages, error: &CacheError) {
    let text = format!("no session is cached: {error}");
    match error {
        CacheError::Unsafe { .. } => messages.warning(&format!(
            "{text}. Remove it, or make it a folder of yours alone (chmod 700)"
        )),
        _ => messages.step(&text),
    }
}

/// Everything that shapes the session, as far as it is known without asking anybody.
fn recipe(world: &World<'_>, plan: &Plan, source: &Source) -> Option<Recipe> {
    let fingerprint = source.fingerprint(world.system.clock.now())?;
    let mut recipe = Recipe::new(&plan.base.sts, plan.target_hop().role.value.partition());
    for (name, value) in fingerprint.parts() {
        recipe.part(name, value);
    }
    for name in fingerprint.variables() {
        let value = world.system.environment.get(name);
        recipe.part(name, value.unwrap_or_default().as_encoded_bytes());
    }
    if fingerprint.depends_on_directory() {
        recipe.part("directory", world.system.directory.as_os_str().as_encoded_bytes());
    }
    of_plan(&mut recipe, plan);
    Some(recipe)
}

/// Everything that shapes the session that is planned, where the base credentials are told apart by `of_source`.
pub(crate) fn shape(plan: &Plan, of_source: &[(String, Vec<u8>)]) -> Recipe {
    let mut recipe = Recipe::new(&plan.base.sts, plan.target_hop().role.value.partition());
    for (name, value) in of_source {
        recipe.part(name, value);
    }
    of_plan(&mut recipe, plan);
    recipe
}

/// What is asked for, by whose device.
fn of_plan(recipe: &mut Recipe, plan: &Plan) {
    for mfa in plan.mfa_of_sources() {
        recipe.part("mfa of source", mfa.source.as_bytes());
        of_device(recipe, mfa);
    }
    for hop in &plan.hops {
        recipe.request(&hop.request());
    }
}

/// Whose device shows that a person is there, and for how long that is good.
fn of_device(recipe: &mut Recipe, mfa: &Mfa) {
    recipe.part("serial", mfa.serial.value.as_str().as_bytes());
    let duration = mfa.duration.as_ref().map(|duration| duration.value.to_string());
    recipe.part("duration", duration.unwrap_or_default().as_bytes());
}
