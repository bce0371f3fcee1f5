use rolewrap_core::Environment;
use rolewrap_role::Region;

use crate::configuration::Layer;
use crate::host::{AWS_REGIONS, MarkedRegion, SESSION_MARKER, SESSION_REGION};
use crate::plan::{Chosen, Plan};

/// What a session leaves beside itself in an environment: people know it by that, and runs of rolewrap inside. Nothing of it is
/// secret.
#[derive(Debug, Default)]
pub(crate) struct SessionMarks(Vec<(&'static str, String)>);

impl SessionMarks {
    /// Those of the session that is planned, where `environment` is ours.
    pub(crate) fn new(plan: &Plan, environment: &dyn Environment) -> Self {
        let mut marks = vec![(SESSION_MARKER, plan.target())];
        let region = plan.base.region.as_ref();
        if let Some(region) = region.filter(|region| !is_set_by_a_person(region, environment)) {
            let account = plan.target_hop().role.value.account().as_str();
            let mark = MarkedRegion::written(account, region.value.as_str());
            marks.push((SESSION_REGION, mark));
        }
        Self(marks)
    }

    /// The same with more.
    pub(crate) fn with(mut self, marks: Vec<(&'static str, String)>) -> Self {
        self.0.extend(marks);
        self
    }

    /// Each variable with its value.
    pub(crate) fn pairs(&self) -> impl Iterator<Item = (&'static str, &str)> {
        self.0.iter().map(|(name, value)| (*name, &**value))
    }
}

/// Whether the region is in the environment because a person wants it there, for every account.
fn is_set_by_a_person(region: &Chosen<Region>, environment: &dyn Environment) -> bool {
    let origin = &region.origin;
    let is_by_variable = origin.layer == Layer::Variable && AWS_REGIONS.contains(&&*origin.place);
    let is_marked = || {
        MarkedRegion::of(environment).is_some_and(|marked| marked.is_in(&origin.place, region.value.as_str()))
    };
    is_by_variable && !is_marked()
}
