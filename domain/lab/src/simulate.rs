//! Policies and simulated persons, side by side.
//!
//! A world is one family, policy and seed: its persons share an engine. Worlds are independent of each other, so that as
//! many threads as there are cores play them, and the outcome does not depend on how many those are.

mod report;
mod table;
mod world;

use std::{
    num::NonZero,
    sync::{
        Mutex, PoisonError,
        atomic::{AtomicUsize, Ordering},
    },
    thread,
};

use indicatif::{ProgressBar, ProgressStyle};

use crate::{
    LabError, policy, unknown,
    world::{Family, TEST, TRAINING},
};
pub use report::report;
pub use table::table;
pub(crate) use world::Decision;
use world::play;

/// What is simulated.
#[derive(Clone, Debug)]
pub struct Plan {
    /// The families by name; `test` and `training` are sets of them.
    pub families: Vec<String>,
    /// The policies by name.
    pub policies: Vec<String>,
    /// How many worlds of each.
    pub seeds: u64,
    /// How many persons in each.
    pub persons: usize,
    /// How many reactions of each person.
    pub reactions: usize,
}

/// What became of a family under a policy.
#[derive(Clone, Debug)]
pub struct Outcome {
    /// The family.
    pub family: &'static Family,
    /// The policy.
    pub policy: String,
    /// One a seed and person, with its decisions in order.
    pub(crate) lives: Vec<Vec<Decision>>,
    /// The same people, had every answer come at once: for a family whose answers are late.
    pub(crate) at_once: Option<Vec<Vec<Decision>>>,
}

/// One world to play.
struct Task {
    outcome: usize,
    is_at_once: bool,
    seed: u64,
}

/// Plays all worlds of `plan`, with a bar on the standard error.
///
/// # Errors
/// When a family or a policy does not exist, or there is nothing to play.
pub fn simulate(plan: &Plan) -> Result<Vec<Outcome>, LabError> {
    if plan.seeds == 0 || plan.persons == 0 || plan.reactions == 0 {
        return Err(LabError::Invalid("there is nothing to simulate".to_owned()));
    }
    let families = families(&plan.families)?;
    for name in &plan.policies {
        policy(name)?;
    }
    let mut outcomes = Vec::new();
    let mut tasks = Vec::new();
    for family in families {
        for policy in &plan.policies {
            let outcome = outcomes.len();
            let is_late = family.answers.delay_hours > 0.0;
            for seed in 0..plan.seeds {
                tasks.push(Task { outcome, is_at_once: false, seed });
                if is_late {
                    tasks.push(Task { outcome, is_at_once: true, seed });
                }
            }
            let at_once = is_late.then(Vec::new);
            outcomes.push(Outcome { family, policy: policy.clone(), lives: Vec::new(), at_once });
        }
    }

    let mut lives = play_all(plan, &outcomes, &tasks)?;
    for (task, lives) in tasks.iter().zip(&mut lives) {
        let outcome = &mut outcomes[task.outcome];
        let into =
            if task.is_at_once { outcome.at_once.as_mut() } else { Some(&mut outcome.lives) };
        if let Some(into) = into {
            into.append(lives);
        }
    }
    Ok(outcomes)
}

type Lives = Vec<Vec<Decision>>;

/// The lives of each task, in the order of the tasks.
fn play_all(plan: &Plan, outcomes: &[Outcome], tasks: &[Task]) -> Result<Vec<Lives>, LabError> {
    let bar = ProgressBar::new(tasks.len() as u64);
    if let Ok(style) = ProgressStyle::with_template("{bar:40} {pos}/{len} worlds, {eta} left") {
        bar.set_style(style);
    }
    let next = AtomicUsize::new(0);
    let done = Mutex::new(Vec::new());
    let work = || {
        while let Some((place, task)) = {
            let place = next.fetch_add(1, Ordering::Relaxed);
            tasks.get(place).map(|task| (place, task))
        } {
            let Outcome { family, policy: name, .. } = &outcomes[task.outcome];
            let lives = play(plan, family, name, task);
            done.lock().unwrap_or_else(PoisonError::into_inner).push((place, lives));
            bar.inc(1);
        }
    };
    thread::scope(|scope| {
        for _ in 0..thread::available_parallelism().map_or(1, NonZero::get) {
            scope.spawn(work);
        }
    });
    bar.finish_and_clear();
    let mut done = done.into_inner().unwrap_or_else(PoisonError::into_inner);
    done.sort_by_key(|(place, _)| *place);
    done.into_iter().map(|(_, lives)| lives).collect()
}

fn families(names: &[String]) -> Result<Vec<&'static Family>, LabError> {
    let mut families = Vec::new();
    for name in names {
        let all = TEST.iter().chain(TRAINING);
        match name.as_str() {
            "test" => families.extend(TEST),
            "training" => families.extend(TRAINING),
            name => {
                let Some(family) = all.clone().find(|family| family.name == name) else {
                    let sets = ["test", "training"].into_iter();
                    let known: Vec<&str> = sets.chain(all.map(|family| family.name)).collect();
                    return Err(unknown("family", name, &known));
                };
                families.push(family);
            }
        }
    }
    Ok(families)
}
