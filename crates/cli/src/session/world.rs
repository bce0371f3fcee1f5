use std::sync::Arc;

#[cfg(unix)]
use rolewrap_core::NobodyToAsk;
use rolewrap_core::Prompt;

use crate::host::system::System;
use crate::ui::messages::Messages;
use crate::ui::terminal::Person;

/// What a session is acquired in: the system, and the people who are told and asked.
#[derive(Debug)]
pub(crate) struct World<'a> {
    pub(crate) system: &'a System,
    pub(crate) messages: Messages,
    /// Who is asked what no file and no variable says.
    pub(crate) prompt: Arc<dyn Prompt>,
    /// The person behind `prompt`, if there is one.
    pub(crate) person: Option<Arc<Person>>,
    /// Whether what is remembered is passed over, and replaced.
    pub(crate) is_refreshed: bool,
}

#[cfg(unix)]
impl<'a> World<'a> {
    /// That of a process which goes on without a person: it says nothing, and asks nobody.
    pub(crate) fn without_a_person(system: &'a System) -> Self {
        Self {
            system,
            messages: Messages::Quiet,
            prompt: Arc::new(NobodyToAsk),
            person: None,
            is_refreshed: false,
        }
    }
}
