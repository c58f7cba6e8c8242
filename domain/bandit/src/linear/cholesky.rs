//! Cholesky's factorisation of a positive definite matrix, `A = L Lᵀ`, or of several at once.
//!
//! The lower triangle is held row by row. `L` has the reciprocals of its diagonal there.

#![expect(clippy::inline_always, reason = "lanes.rs says why")]

use fearless_simd::Simd;

use super::{dot, lanes::Number};

/// Where a row begins.
pub(super) fn triangle(row: usize) -> usize {
    row * (row + 1) / 2
}

/// Factorises in place `A` and what stands below it as its last row, `xᵀ` and a number `c`: these become `(L⁻¹ x)ᵀ` and
/// `c − xᵀ A⁻¹ x`. Returns the logarithm of the determinant of `A`, which is the identity and more.
#[inline(always)]
pub(super) fn factorise<S: Simd, T: Number>(simd: S, a: &mut [T], n: usize) -> T {
    let mut determinant = Determinant::default();
    // Rows and columns are taken in pairs. Where one is left over, it is the first.
    let from = (n + 1) % 2;
    if from == 1 && n > 0 {
        a[0] = determinant.take(a[0]);
    }
    for i in (from..n).step_by(2) {
        let (done, rest) = a.split_at_mut(triangle(i));
        let (upper, rest) = rest.split_at_mut(i + 1);
        let lower = &mut rest[..i + 2];
        if from == 1 {
            upper[0] *= done[0];
            lower[0] *= done[0];
        }
        for j in (from..i).step_by(2) {
            square(simd, [&mut *upper, &mut *lower], &done[triangle(j)..triangle(j + 2)], j);
        }

        let load = |x: &T| x.load(simd);
        let (mut first, mut beside) = (load(&upper[i]), load(&lower[i]));
        let mut second = load(&lower[i + 1]);
        for (upper, lower) in upper[..i].iter().zip(&lower[..i]) {
            let (upper, lower) = (load(upper), load(lower));
            first -= upper * upper;
            beside -= upper * lower;
            second -= lower * lower;
        }
        upper[i] = determinant.take(T::store(first));
        beside *= load(&upper[i]);
        second -= beside * beside;
        (lower[i], lower[i + 1]) = (T::store(beside), T::store(second));
        if i + 1 < n {
            lower[i + 1] = determinant.take(lower[i + 1]);
        }
    }
    determinant.logarithm()
}

/// Finishes the columns `j` and `j + 1` of two rows, where the rows `j` and `j + 1` of `L` are `done`.
#[inline(always)]
fn square<S: Simd, T: Number>(simd: S, rows: [&mut [T]; 2], done: &[T], j: usize) {
    let load = |x: &T| x.load(simd);
    let (left, right) = done.split_at(j + 1);
    let [upper, lower] = rows;
    let mut sums =
        [[&upper[j], &upper[j + 1]], [&lower[j], &lower[j + 1]]].map(|row| row.map(load));
    let done = left[..j].iter().zip(&right[..j]);
    for ((upper, lower), (left, right)) in upper[..j].iter().zip(&lower[..j]).zip(done) {
        let (left, right) = (load(left), load(right));
        for (sums, own) in sums.iter_mut().zip([load(upper), load(lower)]) {
            sums[0] -= own * left;
            sums[1] -= own * right;
        }
    }
    for (row, [mut first, mut second]) in [upper, lower].into_iter().zip(sums) {
        first *= load(&left[j]);
        second -= first * load(&right[j]);
        second *= load(&right[j + 1]);
        (row[j], row[j + 1]) = (T::store(first), T::store(second));
    }
}

/// A product of pivots: one logarithm for many.
struct Determinant<T> {
    product: T,
    logarithm: T,
}

impl<T: Number> Default for Determinant<T> {
    fn default() -> Self {
        Self { product: T::default() + 1.0, logarithm: T::default() }
    }
}

impl<T: Number> Determinant<T> {
    /// Takes in a pivot; returns the reciprocal of its root.
    #[inline(always)]
    fn take(&mut self, pivot: T) -> T {
        // It is at least one but for rounding.
        let pivot = pivot.map(|pivot| pivot.max(1.0));
        self.product *= pivot;
        if self.product.any(|product| product > 1e100) {
            *self = Self { logarithm: self.logarithm(), ..Self::default() };
        }
        pivot.map(|pivot| 1.0 / pivot.sqrt())
    }

    fn logarithm(&self) -> T {
        let mut logarithm = self.logarithm;
        logarithm += self.product.map(f64::ln);
        logarithm
    }
}

/// `L⁻¹ x`, in place.
pub(super) fn forward(factor: &[f64], x: &mut [f64]) {
    // A sparse vector begins with zeros, and stays zero there.
    let from = x.iter().position(|x| *x != 0.0).unwrap_or(x.len());
    for i in from..x.len() {
        let row = &factor[triangle(i)..=triangle(i) + i];
        x[i] = (x[i] - dot(&row[from..i], &x[from..i])) * row[i];
    }
}

/// `L⁻ᵀ x`, in place.
pub(super) fn backward(factor: &[f64], x: &mut [f64]) {
    for i in (0..x.len()).rev() {
        let row = &factor[triangle(i)..=triangle(i) + i];
        x[i] *= row[i];
        let by = x[i];
        for (x, l) in x[..i].iter_mut().zip(row) {
            *x -= by * l;
        }
    }
}

/// `Lᵀ x`.
pub(super) fn times(factor: &[f64], x: &[f64]) -> Vec<f64> {
    let mut product = vec![0.0; x.len()];
    for (i, by) in x.iter().enumerate() {
        let row = &factor[triangle(i)..=triangle(i) + i];
        for (product, l) in product[..i].iter_mut().zip(row) {
            *product += by * l;
        }
        product[i] += by / row[i];
    }
    product
}
