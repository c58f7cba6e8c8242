//! The world in which groups do not differ.

use std::collections::BTreeMap;

use rand::{Rng, RngExt};

use super::{Decision, float};

/// A world in which an action earns the same in every group: what it earned in any, each reward as likely as
/// it would be had all actions been equally so (weighted by one over its propensity).
///
/// Chance has it that equal actions earn differently in a log. A world that took this for their nature would
/// lead all groups to the same action, so that logs look personalised that are not. Hence the actions' means
/// are moved towards each other by about one standard error: of the worlds that the log does not contradict,
/// this is one with much room for chance (in the spirit of Berger & Boos 1994). To this end, a share of the
/// rewards is drawn from those of all actions.
#[derive(Clone, Debug)]
pub struct NullWorld {
    actions: BTreeMap<usize, Rewards>,
    all: Rewards,
    /// The share of rewards that is drawn from those of all actions.
    shared: f64,
}

impl NullWorld {
    /// The null world of a log. Decisions without a positive propensity are left out.
    pub fn of(decisions: &[Decision]) -> Self {
        let (mut actions, mut all) = (BTreeMap::<_, Rewards>::new(), Rewards::default());
        for decision in decisions.iter().filter(|decision| decision.pscore > 0.0) {
            actions.entry(decision.action).or_default().add(decision);
            all.add(decision);
        }

        // The differences between actions in squared standard errors: Cochran's Q.
        let free = float(all.drawn.len().saturating_sub(actions.len()).max(1));
        let variance = actions.values().map(Rewards::squares).sum::<f64>() / free;
        let difference =
            |rewards: &Rewards| (rewards.mean() - all.mean()).powi(2) * rewards.effective();
        let q = actions.values().map(difference).sum::<f64>() / variance;
        let by_chance = float(actions.len().saturating_sub(1));
        let shared = (by_chance / q).sqrt().min(1.0);
        Self { actions, all, shared }
    }

    /// Draws a reward of `action`; `None` if it was never chosen.
    pub fn reward(&self, action: usize, rng: &mut dyn Rng) -> Option<f64> {
        let of_action = self.actions.get(&action)?;
        let shared = rng.random::<f64>() < self.shared;
        if shared { self.all.draw(rng) } else { of_action.draw(rng) }
    }
}

/// Rewards with their weights.
#[derive(Clone, Debug, Default)]
struct Rewards {
    /// Each with the sum of the weights up to it.
    drawn: Vec<(f64, f64)>,
    weight: f64,
    squared_weight: f64,
    weighted: f64,
}

impl Rewards {
    fn add(&mut self, &Decision { reward, pscore, .. }: &Decision) {
        self.weight += pscore.recip();
        self.squared_weight += pscore.recip().powi(2);
        self.weighted += reward / pscore;
        self.drawn.push((reward, self.weight));
    }

    fn draw(&self, rng: &mut dyn Rng) -> Option<f64> {
        let drawn = rng.random::<f64>() * self.weight;
        let at = self.drawn.partition_point(|(_, up_to)| *up_to <= drawn);
        // Rounding may lead past the last.
        self.drawn.get(at).or(self.drawn.last()).map(|(reward, _)| *reward)
    }

    fn mean(&self) -> f64 {
        self.weighted / self.weight
    }

    fn squares(&self) -> f64 {
        self.drawn.iter().map(|(reward, _)| (reward - self.mean()).powi(2)).sum()
    }

    /// How many equally weighted rewards have a mean as certain (Kish 1965).
    fn effective(&self) -> f64 {
        self.weight * self.weight / self.squared_weight
    }
}
