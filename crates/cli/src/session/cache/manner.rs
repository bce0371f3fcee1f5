use crate::plan::{CodePlace, Plan};
use crate::session::World;

/// How a run asks for a session, as far as that decides only whether it fails: two runs of the same manner fail alike.
pub(super) fn manner(world: &World<'_>, plan: &Plan) -> String {
    let terminal = world.person.as_ref().and_then(|person| person.terminal());
    let codes = plan.mfa_of_sources().iter().map(|mfa| match &mfa.code {
        // It is never shown, and AWS takes it once: no other run has the same.
        CodePlace::Given(_) => format!("given to {}", world.system.process_id),
        place => format!("{place:?}"),
    });
    // How STS is reached: what is secret of it does not show.
    format!(
        "{:?}, {terminal:?}, {:?}",
        plan.base.sts,
        codes.collect::<Vec<_>>()
    )
}
