//! How far apart groups are.

use std::collections::BTreeMap;

use super::{Decision, float};

/// How differently groups are treated: the total variation distance between how often each action is chosen
/// in a group and overall, averaged over the decisions. Zero of nothing.
pub fn treatment_gap(decisions: &[Decision]) -> f64 {
    let (mut cells, mut actions, mut groups) =
        (BTreeMap::<_, f64>::new(), BTreeMap::<_, f64>::new(), BTreeMap::<_, f64>::new());
    for Decision { group, action, .. } in decisions {
        *cells.entry((group, action)).or_default() += 1.0;
        *actions.entry(action).or_default() += 1.0;
        *groups.entry(group).or_default() += 1.0;
    }

    let all = float(decisions.len().max(1));
    let mut distance = 0.0;
    for (group, of_group) in &groups {
        for (action, of_action) in &actions {
            let both = cells.get(&(*group, *action)).copied().unwrap_or(0.0);
            distance += 0.5 * (both - of_group * of_action / all).abs();
        }
    }
    distance / all
}

/// How differently groups respond: how much of the rewards' variance within actions the groups explain.
/// Means are weighted by one over the propensities, so that what a learner prefers does not colour them.
/// Zero if there is no variance.
pub fn effect_gap(decisions: &[Decision]) -> f64 {
    let (mut cells, mut actions) = (BTreeMap::<_, Mean>::new(), BTreeMap::<_, Mean>::new());
    for decision in decisions {
        cells.entry((decision.action, decision.group)).or_default().add(decision);
        actions.entry(decision.action).or_default().add(decision);
    }

    let (mut explained, mut total) = (0.0, 0.0);
    for Decision { group, action, reward, .. } in decisions {
        let (Some(cell), Some(mean)) = (cells.get(&(*action, *group)), actions.get(action)) else {
            continue;
        };
        explained += (cell.value() - mean.value()).powi(2);
        total += (reward - mean.value()).powi(2);
    }
    if total == 0.0 { 0.0 } else { explained / total }
}

#[derive(Default)]
struct Mean {
    sum: f64,
    weight: f64,
}

impl Mean {
    fn add(&mut self, decision: &Decision) {
        self.sum += decision.reward / decision.pscore;
        self.weight += decision.pscore.recip();
    }

    fn value(&self) -> f64 {
        self.sum / self.weight
    }
}
