//! What lessons say of a linear model: sums, exact in whatever order they are taken.
//!
//! Features, rewards and weights are whole numbers of units, and so are the sums. They are held as floating-point
//! numbers, which a processor multiplies several at a time, and which are exact below 2⁵³: a lesson adds 2³⁸ at most, and
//! mostly 2²⁴.

#![expect(clippy::inline_always, reason = "lanes.rs says why")]

use std::sync::Arc;

use fearless_simd::{Level, dispatch};

use super::{cholesky::triangle, lanes::Number};
use crate::{Feature, Lesson};

/// A unit of the sums: a product of two features (2⁻⁸ each) and a weight (2⁻⁸).
pub(super) const UNIT: f64 = 1.0 / 16_777_216.0;

/// The sufficient statistics of a linear regression, `Σ w x xᵀ`, `Σ w x r` and `Σ w r²`, over the coordinates that any
/// lesson touched; with lanes, of several selections of the lessons.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Evidence<T = f64> {
    /// The coordinates that were touched, in ascending order: the sums do not tell who came first.
    indices: Vec<u16>,
    /// `Σ w x xᵀ`, its lower triangle row by row.
    products: Vec<T>,
    /// `Σ w x r`.
    rewards: Vec<T>,
    /// `Σ w r²`.
    square: T,
    /// `Σ w`.
    weight: T,
    /// The places and units of a lesson's features, while it is added.
    entries: Vec<(usize, f64)>,
}

impl Evidence {
    pub(crate) fn of<'a>(lessons: impl IntoIterator<Item = &'a Arc<Lesson>>) -> Self {
        let mut evidence = Self::default();
        for lesson in lessons {
            evidence.add(lesson, 1.0);
        }
        evidence
    }

    /// Sums that were computed elsewhere, of these coordinates in ascending order: products by their lower triangle, and
    /// rewards.
    pub(super) fn stated(indices: Vec<u16>, mut products: Vec<f64>, mut rewards: Vec<f64>) -> Self {
        products.iter_mut().chain(&mut rewards).for_each(|sum| *sum /= UNIT);
        Self { indices, products, rewards, ..Self::default() }
    }

    /// Adds the products and rewards of another.
    pub(super) fn merge(&mut self, other: &Self) {
        let mut places = Vec::with_capacity(other.indices.len());
        for index in &other.indices {
            let place = self.indices.partition_point(|own| own < index);
            if self.indices.get(place) != Some(index) {
                self.insert(place, *index);
            }
            places.push(place);
        }
        for (row, &place) in places.iter().enumerate() {
            self.rewards[place] += other.rewards[row];
            for (product, &column) in other.products(row).iter().zip(&places) {
                self.products[triangle(place) + column] += product;
            }
        }
    }
}

impl<T: Number> Evidence<T> {
    /// Adds a lesson so many `times`: once, or not at all, or minus once, which takes it back to the bit. The coordinates
    /// stay.
    pub(crate) fn add(&mut self, lesson: &Lesson, times: T) {
        self.touch(&lesson.features);
        dispatch!(Level::new(), _ => self.sum(lesson, times));
    }

    #[inline(always)]
    fn sum(&mut self, lesson: &Lesson, times: T) {
        let weight = times * f64::from(lesson.weight_units());
        let reward = f64::from(lesson.reward_units());
        for (entry, &(row, units)) in self.entries.iter().enumerate() {
            let by = weight * units;
            self.rewards[row] += by * reward;
            let products = &mut self.products[triangle(row)..=triangle(row) + row];
            for &(column, units) in &self.entries[..=entry] {
                products[column] += by * units;
            }
        }
        self.square += weight * (reward * reward);
        self.weight += weight;
    }

    /// Finds the places of `features`, and makes room for those that are new.
    fn touch(&mut self, features: &[Feature]) {
        self.entries.clear();
        let mut from = 0;
        for feature in features {
            // Most often, they are the next.
            if self.indices.get(from) != Some(&feature.index) {
                from += self.indices[from..].partition_point(|index| *index < feature.index);
            }
            if self.indices.get(from) != Some(&feature.index) {
                self.insert(from, feature.index);
            }
            self.entries.push((from, f64::from(feature.units())));
            from += 1;
        }
    }

    fn insert(&mut self, at: usize, index: u16) {
        let before = self.indices.len();
        self.indices.insert(at, index);
        self.rewards.insert(at, T::default());
        self.products.resize(triangle(before + 1), T::default());
        // From the last row up, so that nothing is overwritten before it is moved.
        for row in (at..before).rev() {
            for column in (0..=row).rev() {
                let shifted = column + usize::from(column >= at);
                self.products[triangle(row + 1) + shifted] = self.products[triangle(row) + column];
            }
            self.products[triangle(row + 1) + at] = T::default();
        }
        self.products[triangle(at)..=triangle(at) + at].fill(T::default());
    }

    /// The coordinates that were touched, in ascending order.
    pub(crate) fn indices(&self) -> &[u16] {
        &self.indices
    }

    /// `Σ w x xᵀ`, in units, at a row, up to its diagonal.
    pub(super) fn products(&self, row: usize) -> &[T] {
        &self.products[triangle(row)..=triangle(row) + row]
    }

    /// `Σ w x xᵀ`, in units, at a row and a column.
    pub(super) fn product(&self, row: usize, column: usize) -> T {
        self.products[triangle(row.max(column)) + row.min(column)]
    }

    /// `Σ w x r`, in units, at a row.
    pub(super) fn reward(&self, row: usize) -> T {
        self.rewards[row]
    }

    /// `Σ w r²`, in units.
    pub(super) fn square(&self) -> T {
        self.square
    }

    /// `Σ w`: how many lessons there were.
    pub(super) fn weight(&self) -> T {
        self.weight * (UNIT * 65_536.0)
    }
}
