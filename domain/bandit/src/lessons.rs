//! The lessons of one person, in the order of their decisions.

use std::sync::Arc;

use crate::Lesson;

/// So many lessons of a person are remembered, the newest: what a policy believes follows from them alone.
pub const REMEMBERED: usize = 256;

/// The newest lessons, each time once.
#[derive(Clone, Debug, Default)]
pub(crate) struct Lessons(Vec<Arc<Lesson>>);

/// What a lesson did to the others.
pub(crate) enum Entered {
    /// It took a place of its own.
    At(usize),
    /// It replaced another one at this place.
    Instead(usize, Arc<Lesson>),
}

impl Lessons {
    pub(crate) fn enter(&mut self, lesson: Arc<Lesson>) -> Entered {
        match self.0.binary_search_by_key(&lesson.at, |other| other.at) {
            Ok(place) => Entered::Instead(place, std::mem::replace(&mut self.0[place], lesson)),
            Err(place) => {
                self.0.insert(place, lesson);
                Entered::At(place)
            }
        }
    }

    /// Takes the oldest away where there are more than are remembered.
    pub(crate) fn leave(&mut self) -> Option<Arc<Lesson>> {
        (self.0.len() > REMEMBERED).then(|| self.0.remove(0))
    }
}

impl std::ops::Deref for Lessons {
    type Target = [Arc<Lesson>];

    fn deref(&self) -> &Self::Target {
        &self.0
    }
}
