//! Sessions that last as long as the role allows.

use rolewrap_core::BaseCredentials;
use rolewrap_role::cache::LongestDurations;
use rolewrap_role::{
    AskedDuration, AssumeRoleRequest, RoleArn, Session, SessionDuration, StsClient, StsError,
};

use crate::session::World;
use crate::session::cache;
use crate::session::lease::while_new;

/// Asks for `request` with the `base` credentials: once, or as often as it takes to find the longest session.
pub(crate) async fn assume(
    world: &World<'_>,
    client: &StsClient,
    base: &BaseCredentials,
    request: AssumeRoleRequest,
) -> Result<Session, StsError> {
    let ask = async |request: &AssumeRoleRequest| {
        while_new(base, async || client.assume_role(base, request).await).await
    };
    if request.duration != Some(AskedDuration::Longest) {
        return ask(&request).await;
    }
    let lasting = |duration: SessionDuration| request.clone().with_duration(duration);
    if base.is_temporary() {
        return ask(&lasting(SessionDuration::LONGEST_CHAINED)).await;
    }
    let memory = Memory::new(world, client, &request.role);
    // STS takes an MFA code once, so there is one attempt, and it has to succeed.
    if request.mfa.is_some() {
        let duration = memory.find().unwrap_or_else(|| {
            world.messages.warning(&format!(
                "what {} allows at most is not known, and an MFA code can be used once: asking for {}",
                request.role,
                SessionDuration::DEFAULT
            ));
            SessionDuration::DEFAULT
        });
        let answer = ask(&lasting(duration)).await;
        if matches!(answer, Err(StsError::DurationAboveMaximum { .. })) {
            memory.forget();
        }
        return answer;
    }
    search(world, &memory, async |duration| ask(&lasting(duration)).await).await
}

/// Finds the longest session of `role`, as [`assume`] does, for whoever asks otherwise than with keys.
pub(crate) async fn find(
    world: &World<'_>,
    client: &StsClient,
    role: &RoleArn,
    ask: impl AsyncFn(SessionDuration) -> Result<Session, StsError>,
) -> Result<Session, StsError> {
    search(world, &Memory::new(world, client, role), ask).await
}

async fn search(
    world: &World<'_>,
    memory: &Memory<'_>,
    ask: impl AsyncFn(SessionDuration) -> Result<Session, StsError>,
) -> Result<Session, StsError> {
    let known = memory.find().filter(|_| !world.is_refreshed);
    let (session, found) = rolewrap_role::longest(known, ask).await?;
    world
        .messages
        .detail(&format!("{} allows a session of {found}", memory.role));
    if known != Some(found) {
        memory.keep(found);
    }
    Ok(session)
}

/// What is remembered about one role. Without a folder for it, nothing is.
struct Memory<'a> {
    world: &'a World<'a>,
    durations: Option<LongestDurations>,
    endpoint: &'a str,
    role: &'a RoleArn,
}

impl<'a> Memory<'a> {
    fn new(world: &'a World<'a>, client: &'a StsClient, role: &'a RoleArn) -> Self {
        let folder = cache::durations_folder(&*world.system.environment);
        let durations = folder.and_then(|folder| {
            let opened = LongestDurations::open(&folder);
            opened
                .map_err(|error| world.messages.detail(&format!("failed to {error}")))
                .ok()
        });
        Self {
            world,
            durations,
            endpoint: client.endpoint(),
            role,
        }
    }

    fn find(&self) -> Option<SessionDuration> {
        let now = self.world.system.clock.now();
        self.durations.as_ref()?.find(self.endpoint, self.role, now)
    }

    fn keep(&self, duration: SessionDuration) {
        let now = self.world.system.clock.now();
        if let Some(durations) = &self.durations
            && let Err(error) = durations.keep(self.endpoint, self.role, duration, now)
        {
            self.world.messages.detail(&format!("failed to {error}"));
        }
    }

    fn forget(&self) {
        if let Some(durations) = &self.durations {
            durations.forget(self.endpoint, self.role);
        }
    }
}
