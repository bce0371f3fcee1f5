use std::time::SystemTime;

use crate::configuration::Configuration;
use crate::plan::Plan;
use crate::session::World;

/// One run with what was decided for it: what each step from the source to the session needs.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Journey<'a> {
    pub(crate) world: &'a World<'a>,
    pub(crate) configuration: &'a Configuration,
    pub(crate) plan: &'a Plan,
    /// When the session expires that the new one replaces, in a process that runs on and serves it meanwhile.
    pub(crate) replaces: Option<SystemTime>,
}

impl<'a> Journey<'a> {
    /// One that replaces no session.
    pub(crate) fn new(world: &'a World<'a>, configuration: &'a Configuration, plan: &'a Plan) -> Self {
        Self {
            world,
            configuration,
            plan,
            replaces: None,
        }
    }
}
