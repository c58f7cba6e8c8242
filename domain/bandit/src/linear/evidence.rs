//! What lessons say of a linear model: sums, exact in whatever order they are taken.
//!
//! Features, rewards and weights are whole numbers of units, and so are the sums. They are held as floating-point
//! numbers, which a processor multiplies several at a time, and which are exact below 2⁵³: a lesson adds 2³⁸ at most, and
//! mostly 2²⁴.

use std::sync::Arc;

use super::cholesky::triangle;
use crate::{Feature, Lesson};

/// A unit of the sums: a product of two features (2⁻⁸ each) and a weight (2⁻⁸).
pub(super) const UNIT: f64 = 1.0 / 16_777_216.0;

/// The sufficient statistics of a linear regression, `Σ w x xᵀ`, `Σ w x r` and `Σ w r²`, over the coordinates that any
/// lesson touched.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Evidence {
    /// The coordinates that were touched, in ascending order: the sums do not tell who came first.
    indices: Vec<u16>,
    /// `Σ w x xᵀ`, its lower triangle row by row.
    products: Vec<f64>,
    /// `Σ w x r`.
    rewards: Vec<f64>,
    /// `Σ w r²`.
    square: f64,
    /// `Σ w`.
    weight: f64,
    /// The places of a lesson's features, while it is added.
    places: Vec<usize>,
}

impl Evidence {
    pub(crate) fn of<'a>(lessons: impl IntoIterator<Item = &'a Arc<Lesson>>) -> Self {
        let mut evidence = Self::default();
        for lesson in lessons {
            evidence.add(lesson);
        }
        evidence
    }

    pub(crate) fn add(&mut self, lesson: &Lesson) {
        self.change(lesson, 1.0);
    }

    /// The inverse of [`Self::add`], to the bit. The coordinates stay.
    pub(crate) fn remove(&mut self, lesson: &Lesson) {
        self.change(lesson, -1.0);
    }

    fn change(&mut self, lesson: &Lesson, sign: f64) {
        self.touch(&lesson.features);
        let weight = sign * f64::from(lesson.weight_units());
        let reward = f64::from(lesson.reward_units());
        let places = &self.places[..lesson.features.len()];
        for (place, (feature, &row)) in lesson.features.iter().zip(places).enumerate() {
            let by = weight * f64::from(feature.units());
            self.rewards[row] += by * reward;
            let products = &mut self.products[triangle(row)..=triangle(row) + row];
            for (other, &column) in lesson.features[..=place].iter().zip(&places[..=place]) {
                products[column] += by * f64::from(other.units());
            }
        }
        self.square += weight * reward * reward;
        self.weight += weight;
    }

    /// Finds the places of `features`, and makes room for those that are new.
    fn touch(&mut self, features: &[Feature]) {
        self.places.clear();
        let mut from = 0;
        for feature in features {
            // Most often, they are the next.
            if self.indices.get(from) != Some(&feature.index) {
                from += self.indices[from..].partition_point(|index| *index < feature.index);
            }
            if self.indices.get(from) != Some(&feature.index) {
                self.insert(from, feature.index);
            }
            self.places.push(from);
            from += 1;
        }
    }

    fn insert(&mut self, at: usize, index: u16) {
        let before = self.indices.len();
        self.indices.insert(at, index);
        self.rewards.insert(at, 0.0);
        self.products.resize(triangle(before + 1), 0.0);
        // From the last row up, so that nothing is overwritten before it is moved.
        for row in (at..before).rev() {
            for column in (0..=row).rev() {
                let shifted = column + usize::from(column >= at);
                self.products[triangle(row + 1) + shifted] = self.products[triangle(row) + column];
            }
            self.products[triangle(row + 1) + at] = 0.0;
        }
        self.products[triangle(at)..=triangle(at) + at].fill(0.0);
    }

    /// The coordinates that were touched, in ascending order.
    pub(crate) fn indices(&self) -> &[u16] {
        &self.indices
    }

    /// `Σ w x xᵀ` at a row and a column that is not right of it.
    pub(crate) fn product(&self, row: usize, column: usize) -> f64 {
        UNIT * self.products[triangle(row) + column]
    }

    /// `Σ w x xᵀ`, in units, at a row, up to its diagonal.
    pub(super) fn products(&self, row: usize) -> &[f64] {
        &self.products[triangle(row)..=triangle(row) + row]
    }

    /// `Σ w x r` at a row.
    pub(crate) fn reward(&self, row: usize) -> f64 {
        UNIT * self.rewards[row]
    }

    /// `Σ w r²`.
    pub(crate) fn square(&self) -> f64 {
        UNIT * self.square
    }

    /// `Σ w`: how many lessons there were.
    pub(crate) fn weight(&self) -> f64 {
        UNIT * 65_536.0 * self.weight
    }
}
