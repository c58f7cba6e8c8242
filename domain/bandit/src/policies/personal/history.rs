//! The lessons of one person, and what they say on both sides of each moment at which the person may have changed.

use std::sync::Arc;

use crate::{
    Lesson,
    lessons::{Entered, Lessons, REMEMBERED},
    linear::{Evidence, Lanes},
};

/// A person may have changed so many lessons ago.
pub(super) const CUTS: [usize; 3] = [12, 24, 48];

/// Lessons are summed up in lanes: those after each cut, those before each, and all.
pub(super) const AFTER: usize = 0;
pub(super) const BEFORE: usize = CUTS.len();
pub(super) const ALL: usize = 2 * CUTS.len();

#[derive(Default)]
pub(super) struct History {
    pub(super) lessons: Lessons,
    pub(super) evidence: Evidence<Lanes>,
}

impl History {
    pub(super) fn learn(&mut self, lesson: &Arc<Lesson>) {
        match self.lessons.enter(Arc::clone(lesson)) {
            Entered::At(place) => self.enter(place, lesson),
            Entered::Instead(place, old) => {
                let lanes = lanes(self.lessons.len() - 1 - place);
                self.evidence.add(&old, lanes * -1.0);
                self.evidence.add(lesson, lanes);
            }
        }
        if let Some(old) = self.lessons.leave() {
            self.evidence.add(&old, lanes(REMEMBERED) * -1.0);
        }
    }

    /// A new lesson is on its side of each cut; where others age by it, one that was after the cut is before it.
    fn enter(&mut self, place: usize, lesson: &Lesson) {
        let newest = self.lessons.len() - 1;
        let age = newest - place;
        self.evidence.add(lesson, lanes(age));
        for cut in CUTS.into_iter().filter(|cut| (age + 1..=newest).contains(cut)) {
            let mut moved = lanes(cut);
            moved -= lanes(cut - 1);
            self.evidence.add(&self.lessons[newest - cut], moved);
        }
    }
}

/// How often a lesson that is followed by `age` others counts in each lane.
fn lanes(age: usize) -> Lanes {
    let mut lanes = Lanes::default();
    for (cut, last) in CUTS.into_iter().enumerate() {
        lanes.0[cut + if age < last { AFTER } else { BEFORE }] = 1.0;
    }
    lanes.0[ALL] = 1.0;
    lanes
}
