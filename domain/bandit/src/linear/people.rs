//! What is learned of one person from others: how alike people are, and in what.

use super::{Evidence, Gaussian, Prior, evidence::UNIT, fit::LEAST};
use crate::Weight;

/// Of the variance between people, this much is believed to be their own, and not their world's.
const OWN: f64 = 0.5;

/// So many rounds are fitted, in each of which what was believed before counts for so many weights of a group.
const ROUNDS: usize = 4;
const STAY: f64 = 10.0;

/// Two levels: what people share scatters around a prior, and each person around what they share (Lindley & Smith 1972,
/// Journal of the Royal Statistical Society B 34).
struct Levels {
    shared: Prior,
    /// Around zero.
    own: Prior,
}

/// Second moments of the weights of each group: count and sum.
type Moments = Vec<(f64, f64)>;

impl Prior {
    /// What is believed of one more person, where `people` are known.
    #[must_use]
    pub(crate) fn among(&self, people: &[Evidence], noise: f64) -> Self {
        let mut levels = Levels {
            shared: self.scattered(|m, s| (m, (1.0 - OWN).sqrt() * s)),
            own: self.scattered(|_, s| (0.0, OWN.sqrt() * s)),
        };
        for _ in 0..ROUNDS {
            levels.fit(people, noise);
        }
        let (_, mut known) = levels.learned(people, noise);
        for ((_, known), (_, own)) in known.weights.iter_mut().zip(&levels.own.weights) {
            *known = own.hypot(*known);
        }
        known
    }

    /// With other means and deviations, none of them certain.
    fn scattered(&self, weight: impl Fn(f64, f64) -> (f64, f64)) -> Self {
        let weight = |(mean, deviation): &(f64, f64)| {
            let (mean, deviation) = weight(*mean, *deviation);
            (mean, deviation.max(LEAST))
        };
        Self { weights: self.weights.iter().map(weight).collect(), ..self.clone() }
    }

    /// With the deviations of `moments`.
    fn fitted(&self, moments: &Moments) -> Self {
        let mut fitted = self.clone();
        for (group, (count, sum)) in self.groups.iter().zip(moments) {
            fitted.set(group, |(mean, _)| (mean, (sum / count).sqrt()));
        }
        fitted
    }

    /// What its deviations count for, by group.
    fn moments(&self) -> Moments {
        let moment = |index| STAY * self.deviation(index).powi(2);
        self.groups.iter().map(|group| (STAY, moment(group.indices.start))).collect()
    }
}

impl Levels {
    /// What each of `people` says of what they share, and what is believed of that.
    fn learned(&self, people: &[Evidence], noise: f64) -> (Vec<Evidence>, Prior) {
        let mut gaussian = Gaussian::default();
        let mut of_one = |person| gaussian.shared(&self.own, person, noise);
        let of_each: Vec<Evidence> = people.iter().map(&mut of_one).collect();
        let mut all = Evidence::default();
        for of_one in &of_each {
            all.merge(of_one);
        }

        gaussian.solve(&self.shared, &all, 1.0);
        let mut known = self.shared.clone();
        for Weight { index, mean, deviation } in gaussian.weights(&self.shared) {
            if let Some(weight) = known.weights.get_mut(usize::from(index)) {
                *weight = (mean, deviation);
            }
        }
        (of_each, known)
    }

    /// A round of expectation and maximisation.
    fn fit(&mut self, people: &[Evidence], noise: f64) {
        let Self { shared, own } = &*self;
        let (of_each, known) = self.learned(people, noise);
        let (mut between, mut within) = (shared.moments(), own.moments());
        let add = |moments: &mut Moments, index, square| {
            if let Some((count, sum)) = shared.group(index).map(|group| &mut moments[group]) {
                *count += 1.0;
                *sum += square;
            }
        };
        let mut touched: Vec<u16> = of_each.iter().flat_map(Evidence::indices).copied().collect();
        touched.sort_unstable();
        touched.dedup();
        for index in touched {
            let (mean, deviation) = known.weight(index);
            add(&mut between, index, (mean - shared.mean(index)).powi(2) + deviation.powi(2));
        }
        for of_one in &of_each {
            for (row, &index) in of_one.indices().iter().enumerate() {
                let variance = own.deviation(index).powi(2);
                // What they say beyond what is believed, and how unsure that belief leaves it; its correlations do not count.
                let (mut pull, mut unsure) = (of_one.reward(row) * UNIT, 0.0);
                for (column, &other) in of_one.indices().iter().enumerate() {
                    let (mean, deviation) = known.weight(other);
                    let product = of_one.product(row, column) * UNIT;
                    pull -= product * mean;
                    unsure += (product * deviation).powi(2);
                }
                let left = variance * (1.0 - variance * of_one.product(row, row) * UNIT);
                add(&mut within, index, variance.powi(2) * (pull * pull + unsure) + left);
            }
        }
        *self = Self { shared: shared.fitted(&between), own: own.fitted(&within) };
    }
}
