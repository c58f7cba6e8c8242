//! What is believed of the weights before anything was learned.

use std::sync::Arc;

use super::Group;

/// Independent normal distributions, one a coordinate.
#[derive(Clone, Debug, PartialEq)]
pub struct Prior {
    /// Mean and standard deviation, by coordinate.
    pub(super) weights: Vec<(f64, f64)>,
    /// Which of them are believed to be alike.
    pub(super) groups: Arc<[Group]>,
    /// Those of all further coordinates.
    pub(super) others: (f64, f64),
}

impl Prior {
    /// Every weight is about zero, give or take `deviation`.
    pub fn flat(deviation: f64) -> Self {
        Self { weights: Vec::new(), groups: Arc::new([]), others: (0.0, deviation) }
    }

    /// With a mean and a standard deviation for each coordinate; beyond them, weights are zero.
    pub fn new(weights: Vec<(f64, f64)>, groups: Vec<Group>) -> Self {
        Self { weights, groups: groups.into(), others: (0.0, 0.0) }
    }

    /// Mean and standard deviation of a weight.
    pub fn weight(&self, index: u16) -> (f64, f64) {
        *self.weights.get(usize::from(index)).unwrap_or(&self.others)
    }

    /// As wide, or wider, and of no opinion: what is left when the prior is wrong.
    pub(crate) fn vague(&self) -> Self {
        let wide = |deviation: f64| if deviation > 0.0 { deviation.max(0.2) } else { 0.0 };
        let weights = self.weights.iter().map(|(_, deviation)| (0.0, wide(*deviation))).collect();
        Self { weights, others: (0.0, wide(self.others.1)), ..self.clone() }
    }

    pub(crate) fn mean(&self, index: u16) -> f64 {
        self.weights.get(usize::from(index)).unwrap_or(&self.others).0
    }

    pub(crate) fn deviation(&self, index: u16) -> f64 {
        self.weights.get(usize::from(index)).unwrap_or(&self.others).1
    }
}
