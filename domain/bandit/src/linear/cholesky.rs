//! Cholesky's factorisation of a positive definite matrix, `A = L Lᵀ`.
//!
//! The lower triangle is held row by row. `L` has the reciprocals of its diagonal there.

use super::dot;

/// Where a row begins.
pub(super) fn triangle(row: usize) -> usize {
    row * (row + 1) / 2
}

/// Factorises in place, two columns at a time, with `L⁻¹ x` in place on the way; returns the logarithm of the determinant.
/// The matrix has ones added to its diagonal, so that no pivot is near zero. `columns` is room to work in.
pub(super) fn factorise(a: &mut [f64], x: &mut [f64], columns: &mut Vec<f64>) -> f64 {
    let n = x.len();
    columns.clear();
    columns.resize(2 * n, 0.0);
    let (first, second) = columns.split_at_mut(n);
    let (mut product, mut determinant) = (1.0_f64, 0.0);
    for k in (0..n).step_by(2) {
        product *= column(a, x, k, first);
        if k + 1 < n {
            let by = first[k + 1];
            let mut place = triangle(k + 1) + k + 1;
            for (i, own) in first.iter().enumerate().skip(k + 1) {
                a[place] -= by * own;
                place += i + 1;
            }
            x[k + 1] -= by * x[k];
            product *= column(a, x, k + 1, second);
        }
        let mut place = triangle(k + 2) + k + 2;
        for i in k + 2..n {
            let (one, two) = (first[i], second[i]);
            let row = &mut a[place..][..i - k - 1];
            let columns = first[k + 2..=i].iter().zip(&second[k + 2..=i]);
            for (x, (a, b)) in row.iter_mut().zip(columns) {
                *x -= one * a + two * b;
            }
            x[i] -= one * x[k] + two * x[k + 1];
            place += i + 1;
        }
        // One logarithm for many.
        if !(1e-100..1e100).contains(&product) {
            determinant += product.ln();
            product = 1.0;
        }
    }
    determinant + product.ln()
}

/// Finishes one column, and copies what is below its diagonal; returns its pivot.
fn column(a: &mut [f64], x: &mut [f64], k: usize, column: &mut [f64]) -> f64 {
    let pivot = &mut a[triangle(k) + k];
    let square = pivot.max(f64::MIN_POSITIVE);
    let inverse = 1.0 / square.sqrt();
    *pivot = inverse;
    x[k] *= inverse;
    let mut place = triangle(k + 1) + k;
    for (i, own) in column.iter_mut().enumerate().skip(k + 1) {
        a[place] *= inverse;
        *own = a[place];
        place += i + 1;
    }
    square
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
